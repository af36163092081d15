import Glibc
import LarderClient
import LarderPlatform
import SystemPackage

/// Finds every file below a folder.
struct FolderWalk {
  /// The folder without links; text, since joining paths piece by piece takes longer than the
  /// calls.
  let root: String
  /// The folder as it was named, for errors.
  let name: String
  private(set) var files: [BuildFolder.File] = []

  init(root: String, name: String) {
    self.root = root
    self.name = name
  }

  /// Takes the files of `folder`, a path below the root or empty, and of the folders in it.
  mutating func enter(_ folder: String, depth: Int) throws(ClientError) {
    guard depth <= BuildFolder.depthMax else {
      throw refusal(
        folder, "folders are nested deeper than \(BuildFolder.depthMax)", code: .tooLarge)
    }
    for entry in try FolderWalk.names(in: location(of: folder)) {
      let path = folder.isEmpty ? entry : "\(folder)/\(entry)"
      let location = location(of: path)
      var status = stat()
      guard lstat(location, &status) == 0 else {
        throw .file("read", .last("lstat", on: shown(path)))
      }
      switch status.st_mode & S_IFMT {
      case S_IFDIR: try enter(path, depth: depth + 1)
      case S_IFREG: try take(path, at: location, sizeBytes: Int64(status.st_size))
      case S_IFLNK: try follow(path)
      default:
        throw refusal(path, "it is neither a file nor a folder", remedy: "remove it from the build")
      }
    }
  }

  private mutating func follow(_ path: String) throws(ClientError) {
    guard let resolved = realpath(location(of: path), nil) else {
      throw .file("follow link", .last("realpath", on: shown(path)))
    }
    defer { free(resolved) }
    let target = String(cString: resolved)
    guard FilePath(target).starts(with: FilePath(root)) else {
      throw refusal(
        path, "it is a link that leads out of the folder", remedy: "put a copy in its place")
    }
    var status = stat()
    guard lstat(target, &status) == 0 else {
      throw .file("read", .last("lstat", on: shown(path)))
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw refusal(
        path, "it is a link to something other than a file", remedy: "put a copy in its place")
    }
    try take(path, at: target, sizeBytes: Int64(status.st_size))
  }

  private mutating func take(
    _ path: String, at location: String, sizeBytes: Int64
  ) throws(ClientError) {
    guard files.count < BuildFolder.filesMax else {
      throw refusal(
        "", "it has more than \(BuildFolder.filesMax) files",
        remedy: "name the folder of the build",
        code: .tooLarge)
    }
    files.append(BuildFolder.File(path: path, location: location, sizeBytes: sizeBytes))
  }

  private func location(of path: String) -> String { path.isEmpty ? root : "\(root)/\(path)" }

  private func shown(_ path: String) -> String { path.isEmpty ? name : "\(name)/\(path)" }

  private func refusal(
    _ path: String, _ reason: String, remedy: String? = nil, code: ClientError.Code = .invalidBuild
  ) -> ClientError {
    ClientError(
      code: code, message: "cannot take '\(shown(path))': \(reason)", remedy: remedy,
      subject: shown(path))
  }

  /// The names in a folder, without `.` and `..`.
  private static func names(in folder: String) throws(ClientError) -> [String] {
    guard let stream = opendir(folder) else {
      throw .file("read folder", .last("opendir", on: folder))
    }
    defer { closedir(stream) }
    var names: [String] = []
    while true {
      errno = 0
      guard let entry = readdir(stream) else {
        guard errno == 0 else { throw .file("read folder", .last("readdir", on: folder)) }
        return names
      }
      // Safety: d_name is NUL-terminated and lives until the next readdir.
      let name = withUnsafePointer(to: &entry.pointee.d_name) { start in
        start.withMemoryRebound(to: CChar.self, capacity: 256) { String(validatingCString: $0) }
      }
      guard let name else {
        throw ClientError(
          code: .invalidBuild, message: "a name in '\(folder)' is no UTF-8",
          remedy: "rename or remove that file", subject: folder)
      }
      if name != ".", name != ".." { names.append(name) }
    }
  }
}
