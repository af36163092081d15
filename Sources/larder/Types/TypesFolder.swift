import FoundationEssentials
import Glibc
import LarderClient
import LarderPlatform
import SystemPackage

/// A folder that is replaced by another one as a whole.
struct TypesFolder {
  private let path: FilePath

  init(_ path: FilePath) { self.path = path }

  /// Writes the files beside the folder, and puts them in its place: a compiler that reads meanwhile
  /// sees all of the old ones or all of the new ones, or for a moment none.
  func replace(with entries: [ZipArchive.Entry]) throws(ClientError) {
    let parent = path.removingLastComponent()
    let name = path.lastComponent?.string ?? "types"
    let fresh = parent.appending(".\(name).larder-\(getpid())")
    let old = parent.appending(".\(name).old-\(getpid())")
    try FolderPath.create(fresh)
    do throws(ClientError) {
      for entry in entries {
        let file = fresh.appending(entry.path)
        try FolderPath.create(file.removingLastComponent())
        try Self.write(entry.bytes, to: file)
      }
      if rename(path.string, old.string) != 0, errno != ENOENT {
        throw .file("replace", .last("rename", on: path.string))
      }
      guard rename(fresh.string, path.string) == 0 else {
        let error = SystemCallError.last("rename", on: path.string)
        // What was there comes back, if it can.
        rename(old.string, path.string)
        throw .file("replace", error)
      }
    } catch {
      Self.remove(fresh)
      throw error
    }
    Self.remove(old)
  }

  private static func write(_ bytes: [UInt8], to file: FilePath) throws(ClientError) {
    let descriptor = open(file.string, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .file("create", .last("open", on: file.string)) }
    defer { close(descriptor) }
    do {
      try bytes.withUnsafeBufferPointer { (bytes) throws(SystemCallError) in
        try Descriptor.write(
          UnsafeRawBufferPointer(bytes), to: descriptor, named: file.string)
      }
    } catch {
      throw .file("write", error)
    }
  }

  /// Removes a folder that this made or moved.
  private static func remove(_ folder: FilePath) {
    // What cannot be removed is in nobody's way.
    try? FileManager.default.removeItem(atPath: folder.string)
  }
}
