import FoundationEssentials
import Glibc
import LarderClient
import LarderFederation
import LarderPlatform
import SystemPackage

/// The output folder of a build: every file in it, and the containers that its files tell of.
struct BuildFolder {
  struct File: Hashable {
    /// Below the folder, with `/`.
    let path: String
    /// Where its bytes are: behind a link, not the link.
    let location: String
    let sizeBytes: Int64
  }

  /// A PUBLISH names every file in one frame of 4 MiB, at most 200 bytes each.
  static let filesMax = 20_000
  /// Folders within folders: webpack's names make three or four; a loop of mounts would make any.
  static let depthMax = 64

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

  /// The containers of the build, as everything in the folder that tells of them does.
  ///
  /// - Parameters:
  ///   - file: the one file to go by, below the folder; nil looks for all.
  ///   - others: files in place of those of the folder, by path: where they are, nil for not there.
  /// - Throws: also `integrityMismatch` where the folder has a lockfile and is not as that says.
  func containers(
    at file: String? = nil, withOthers others: [String: FilePath?] = [:]
  ) throws(ClientError) -> [ContainerFacts] {
    let failures = Failures()
    let files = BuildFiles(
      // A folder that cannot be listed is one in which no other file is known.
      paths: { (try? self.files().map(\.path)) ?? [] },
      read: { name in
        failures.keeping { () throws(ClientError) in
          guard let other = others[name] else { return try bytes(of: name) }
          return try other.map(BuildFolder.bytes)
        }
      })
    let found: [ContainerFacts]
    do {
      found = try BuildImport(files).wholeContainers(at: file)
    } catch {
      // What could not be read says more than that it is not there.
      throw failures.first ?? .build(error, in: path)
    }
    try verify(found)
    return found
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
      let isExact = container.reading?.completeness ?? .exact == .exact
      let chunks = container.chunks.filter { isExact || exposed.contains($0.id) }
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

  /// The bytes of a file of the build; nil for one that is not there.
  private func bytes(of name: String) throws(ClientError) -> [UInt8]? {
    let place = path.appending(name)
    guard let location = location(of: name) else {
      var status = stat()
      guard lstat(place.string, &status) == 0 else { return nil }
      throw ClientError(
        code: .invalidBuild, message: "'\(place)' is a link that leads out of the folder",
        remedy: "put a copy in its place", subject: path.string)
    }
    return try BuildFolder.bytes(location)
  }

  private static func bytes(_ location: FilePath) throws(ClientError) -> [UInt8] {
    try InputFile(regularFileAt: location).readAll(sizeMax: StatsImporter.bytesMax)
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

/// What could not be read of a folder while an import asked for it.
private final class Failures {
  private(set) var first: ClientError?

  /// The outcome of `body`; nil if it throws.
  func keeping(_ body: () throws(ClientError) -> [UInt8]?) -> [UInt8]? {
    do throws(ClientError) { return try body() } catch {
      first = first ?? error
      return nil
    }
  }
}
