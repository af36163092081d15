import FoundationEssentials
import Glibc
import LarderClient
import LarderFederation
import LarderPlatform
import SystemPackage

/// The output folder of a build: every file in it, and the containers that its `stats.json` tells of.
struct BuildFolder {
  struct File: Hashable {
    /// Below the folder, with `/`.
    let path: String
    /// Where its bytes are: behind a link, not the link.
    let location: FilePath
    let sizeBytes: Int64
  }

  /// What webpack's `--json=stats.json` calls the description of a build.
  static let statsName = "stats.json"
  /// A PUBLISH names every file in one frame of 4 MiB, at most 200 bytes each.
  static let filesMax = 20_000
  /// Folders within folders: webpack's names make three or four; a loop of mounts would make any.
  static let depthMax = 64

  let path: FilePath
  /// Sorted by path, `stats.json` left out.
  let files: [File]
  let stats: File

  /// Walks the folder; opens no file.
  ///
  /// Links are followed to files within the folder and to nothing else: a build's files are all that
  /// is to be published.
  init(path: FilePath) throws(ClientError) {
    guard let real = realpath(path.string, nil) else {
      throw .file("read folder", .last("realpath", on: path.string))
    }
    defer { free(real) }
    var walk = FolderWalk(root: FilePath(String(cString: real)), name: path)
    try walk.enter("", depth: 0)
    self.path = path
    let sorted = walk.files.sorted { $0.path < $1.path }
    guard let stats = sorted.first(where: { $0.path == BuildFolder.statsName }) else {
      throw ClientError(
        code: .invalidBuild, message: "no \(BuildFolder.statsName) in '\(path)'",
        remedy: "build with 'webpack --json=\(path.appending(BuildFolder.statsName))'",
        subject: path.string)
    }
    self.stats = stats
    files = sorted.filter { $0.path != BuildFolder.statsName }
  }

  /// The containers of the build, as its statistics and the code of its entries tell.
  func containers() throws(ClientError) -> [ContainerFacts] {
    let json = try InputFile(regularFileAt: stats.location)
      .readAll(sizeMax: StatsImporter.bytesMax)
    // An entry that cannot be read leaves its facts to the statistics; `check` names it.
    let importer = StatsImporter { name in try? text(of: name) }
    do {
      return try importer.containers(in: Data(json))
    } catch {
      throw .statistics(error, in: path)
    }
  }

  /// Holds the folder to what the statistics say: no code missing, no file of another size.
  func check(_ containers: [ContainerFacts]) throws(ClientError) {
    let sizes = Dictionary(files.map { ($0.path, $0.sizeBytes) }) { first, _ in first }
    for container in containers {
      let code = [container.entry] + container.entryPrerequisites + container.chunks.flatMap(\.files)
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
          message: "'\(path.appending(asset.name))' has \(found) bytes, its build wrote \(announced)",
          remedy: "build again, and publish the folder as webpack wrote it", subject: asset.name)
      }
    }
  }

  private func text(of name: String) throws(ClientError) -> String? {
    guard let file = files.first(where: { $0.path == BuildFolder.withoutQuery(name) }) else {
      return nil
    }
    let bytes = try InputFile(regularFileAt: file.location).readAll(sizeMax: StatsImporter.bytesMax)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Statistics name files as they are asked for: `main.js?v=1` is the file `main.js`.
  private static func withoutQuery(_ name: String) -> String {
    String(name.prefix { $0 != "?" })
  }
}
