import FoundationEssentials
import Glibc
import LarderClient
import LarderFederation
import LarderPlatform
import SystemPackage

/// The output folder of a build: every file in it, and the containers that its `stats.json` tells
/// of, or else the code of their entry.
struct BuildFolder {
  struct File: Hashable {
    /// Below the folder, with `/`.
    let path: String
    /// Where its bytes are: behind a link, not the link.
    let location: String
    let sizeBytes: Int64
  }

  /// What webpack's `--json=stats.json` calls the description of a build.
  static let statsName = "stats.json"
  /// Where bundlers put the entry of a container, unless told otherwise: webpack and Vite.
  static let entryNames = ["remoteEntry.js", "assets/remoteEntry.js"]
  /// A PUBLISH names every file in one frame of 4 MiB, at most 200 bytes each.
  static let filesMax = 20_000
  /// Folders within folders: webpack's names make three or four; a loop of mounts would make any.
  static let depthMax = 64

  /// The longest code of an entry that is read: hundred times what a large runtime with eager
  /// packages has.
  static let entryBytesMax = 64 << 20

  /// As it was named, for errors.
  let path: FilePath
  /// Without links.
  let root: FilePath

  /// Looks for the folder; reads nothing.
  init(path: FilePath) throws(ClientError) {
    guard let real = realpath(path.string, nil) else {
      throw .file("read folder", .last("realpath", on: path.string))
    }
    defer { free(real) }
    self.path = path
    root = FilePath(String(cString: real))
  }

  /// Every file in the folder, sorted by path, `stats.json` among them; opens none.
  ///
  /// Links are followed to files within the folder and to nothing else: a build's files are all
  /// that is to be published.
  func files() throws(ClientError) -> [File] {
    var walk = FolderWalk(root: root.string, name: path.string)
    try walk.enter("", depth: 0)
    return walk.files.sorted { $0.path < $1.path }
  }

  /// The containers of the build: as its statistics and the code of its entries tell, or the code
  /// alone where there are no statistics.
  func containers() throws(ClientError) -> [ContainerFacts] {
    if access(root.appending(BuildFolder.statsName).string, F_OK) == 0 {
      return try containersOfStatistics()
    }
    guard let entry = BuildFolder.entryNames.first(where: { location(of: $0) != nil }) else {
      throw ClientError(
        code: .invalidBuild,
        message: "no \(BuildFolder.statsName) and no remoteEntry.js in '\(path)'",
        remedy: "name the file of the entry, or build with 'webpack --json="
          + "\(path.appending(BuildFolder.statsName))'", subject: path.string)
    }
    return [try container(at: entry)]
  }

  /// The container whose entry is at `entry` below the folder, by its code alone.
  func container(at entry: String) throws(ClientError) -> ContainerFacts {
    let importer = EntryImporter(
      // A folder that cannot be listed is one in which no other file is known.
      paths: { (try? files().map(\.path)) ?? [] },
      // A file that cannot be read says as little as one that is not there.
      text: { name in try? text(of: name) })
    do {
      return try importer.wholeContainer(at: entry)
    } catch {
      throw .entry(error, in: path)
    }
  }

  private func containersOfStatistics() throws(ClientError) -> [ContainerFacts] {
    guard let stats = location(of: BuildFolder.statsName) else {
      throw ClientError(
        code: .invalidBuild,
        message:
          "'\(path.appending(BuildFolder.statsName))' is a link that leads out of the folder",
        remedy: "put a copy in its place", subject: path.string)
    }
    let json = try InputFile(regularFileAt: stats).readAll(sizeMax: StatsImporter.bytesMax)
    // Without the entry's code the statistics alone tell; publishing names the file that is
    // missing.
    let importer = StatsImporter { name in try? text(of: name) }
    do {
      return try importer.containers(in: Data(json))
    } catch {
      throw .statistics(error, in: path)
    }
  }

  /// Holds the files to what the statistics say: no code missing, none of another size; and all
  /// are readable. Without statistics, what the exposes load must be there: other names in the code
  /// may be of files that nobody has loaded for years.
  func check(_ files: [File], against containers: [ContainerFacts]) throws(ClientError) {
    for file in files where access(file.location, R_OK) != 0 {
      throw .file("read", .last("access", on: path.appending(file.path).string))
    }
    let sizes = Dictionary(files.map { ($0.path, $0.sizeBytes) }) { first, _ in first }
    for container in containers {
      let exposed = Set(container.exposes.flatMap(\.chunks))
      let chunks = container.chunks.filter {
        container.reading?.source != .code || exposed.contains($0.id)
      }
      let code = [container.entry] + container.entryPrerequisites + chunks.flatMap(\.files)
      for name in code.map(BuildFolder.withoutQuery) where sizes[name] == nil {
        throw ClientError(
          code: .invalidBuild,
          message: "'\(path)' lacks '\(name)', which container '\(container.name)' loads",
          remedy: "build again, and publish the folder as webpack wrote it", subject: name)
      }
      for asset in container.assets {
        guard let announced = asset.size, let found = sizes[asset.name], announced != found
        else { continue }
        throw ClientError(
          code: .truncated,
          message:
            "'\(path.appending(asset.name))' has \(found) bytes, its build wrote \(announced)",
          remedy: "build again, and publish the folder as webpack wrote it", subject: asset.name)
      }
    }
  }

  /// Somebody writes to a folder or file of a build while it is read.
  static func changed(_ path: String) -> ClientError {
    ClientError(
      code: .truncated, message: "'\(path)' changed while the folder was published",
      remedy: "try again when the build is done", subject: path)
  }

  /// The text of a file of the build; nil for one that is not there or lies outside of the folder.
  private func text(of name: String) throws(ClientError) -> String? {
    guard let location = location(of: BuildFolder.withoutQuery(name)) else { return nil }
    let bytes = try InputFile(regularFileAt: location).readAll(sizeMax: BuildFolder.entryBytesMax)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Where a file of the folder is, links followed; nil outside of the folder.
  private func location(of name: String) -> FilePath? {
    guard let real = realpath("\(root)/\(name)", nil) else { return nil }
    defer { free(real) }
    let location = FilePath(String(cString: real))
    return location.starts(with: root) ? location : nil
  }

  /// Statistics name files as they are asked for: `main.js?v=1` is the file `main.js`.
  private static func withoutQuery(_ name: String) -> String {
    String(name.prefix { $0 != "?" })
  }
}
