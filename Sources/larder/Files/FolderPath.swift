import Glibc
import LarderClient
import LarderPlatform
import SystemPackage

/// Makes folders.
enum FolderPath {
  /// Creates a folder with mode 0700, and those above it that are missing.
  static func create(_ path: FilePath) throws(ClientError) {
    if mkdir(path.string, 0o700) == 0 { return }
    let error = SystemCallError.last("mkdir", on: path.string)
    switch error.errno {
    case .fileExists: return
    case .noSuchFileOrDirectory where !path.removingLastComponent().isEmpty:
      try create(path.removingLastComponent())
      guard mkdir(path.string, 0o700) == 0 || errno == EEXIST else {
        throw .file("create folder", .last("mkdir", on: path.string))
      }
    default: throw .file("create folder", error)
    }
  }
}
