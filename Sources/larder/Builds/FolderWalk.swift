import Glibc
import LarderClient
import LarderPlatform
import SystemPackage

/// Finds every file below a folder.
struct FolderWalk {
  /// The folder without links.
  let root: FilePath
  /// The folder as it was named, for errors.
  let name: FilePath
  private(set) var files: [BuildFolder.File] = []

  init(root: FilePath, name: FilePath) {
    self.root = root
    self.name = name
  }

  /// Takes the files of `folder`, a path below the root or empty, and of the folders in it.
  mutating func enter(_ folder: String, depth: Int) throws(ClientError) {
    guard depth <= BuildFolder.depthMax else {
      throw refusal(
        folder, "folders are nested deeper than \(BuildFolder.depthMax)", code: .tooLarge)
    }
    for entry in try FolderWalk.names(in: folder.isEmpty ? root : location(of: folder)) {
      let path = folder.isEmpty ? entry : "\(folder)/\(entry)"
      var status = stat()
      guard lstat(location(of: path).string, &status) == 0 else {
        throw .file("read", .last("lstat", on: shown(path).string))
      }
      switch status.st_mode & S_IFMT {
      case S_IFDIR: try enter(path, depth: depth + 1)
      case S_IFREG: try take(path, at: location(of: path), sizeBytes: Int64(status.st_size))
      case S_IFLNK: try follow(path)
      default:
        throw refusal(path, "it is neither a file nor a folder", remedy: "remove it from the build")
      }
    }
  }

  private mutating func follow(_ path: String) throws(ClientError) {
    guard let resolved = realpath(location(of: path).string, nil) else {
      throw .file("follow link", .last("realpath", on: shown(path).string))
    }
    defer { free(resolved) }
    let target = FilePath(String(cString: resolved))
    guard target.starts(with: root) else {
      throw refusal(
        path, "it is a link that leads out of the folder", remedy: "put a copy in its place")
    }
    var status = stat()
    guard lstat(target.string, &status) == 0 else {
      throw .file("read", .last("lstat", on: shown(path).string))
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw refusal(
        path, "it is a link to something other than a file", remedy: "put a copy in its place")
    }
    try take(path, at: target, sizeBytes: Int64(status.st_size))
  }

  private mutating func take(
    _ path: String, at location: FilePath, sizeBytes: Int64
  ) throws(ClientError) {
    guard files.count < BuildFolder.filesMax else {
      throw refusal(
        "", "it has more than \(BuildFolder.filesMax) files",
        remedy: "name the folder of the build",
        code: .tooLarge)
    }
    files.append(BuildFolder.File(path: path, location: location, sizeBytes: sizeBytes))
  }

  private func location(of path: String) -> FilePath { FilePath("\(root)/\(path)") }

  private func shown(_ path: String) -> FilePath {
    path.isEmpty ? name : FilePath("\(name)/\(path)")
  }

  private func refusal(
    _ path: String, _ reason: String, remedy: String? = nil, code: ClientError.Code = .invalidBuild
  ) -> ClientError {
    ClientError(
      code: code, message: "cannot take '\(shown(path))': \(reason)", remedy: remedy,
      subject: shown(path).string)
  }

  /// The names in a folder, without `.` and `..`.
  private static func names(in folder: FilePath) throws(ClientError) -> [String] {
    guard let stream = opendir(folder.string) else {
      throw .file("read folder", .last("opendir", on: folder.string))
    }
    defer { closedir(stream) }
    var names: [String] = []
    while true {
      errno = 0
      guard let entry = readdir(stream) else {
        guard errno == 0 else { throw .file("read folder", .last("readdir", on: folder.string)) }
        return names
      }
      // Safety: d_name is NUL-terminated and lives until the next readdir.
      let name = withUnsafePointer(to: &entry.pointee.d_name) { start in
        start.withMemoryRebound(to: CChar.self, capacity: 256) { String(validatingCString: $0) }
      }
      guard let name else {
        throw ClientError(
          code: .invalidBuild, message: "a name in '\(folder)' is no UTF-8",
          remedy: "rename or remove that file", subject: folder.string)
      }
      if name != ".", name != ".." { names.append(name) }
    }
  }
}
