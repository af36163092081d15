import Glibc
package import SystemPackage

/// The way to files and directories: real calls, each of which an injector may fail first.
///
/// A value: whoever opens a store passes it on, nothing global decides. Every call blocks.
package struct FileSystem: Sendable {
  /// The operating system's, without faults.
  package static let real = FileSystem(faults: nil)

  let faults: (any FaultInjector)?

  /// Real calls behind `faults`; nil for none.
  package init(faults: (any FaultInjector)?) {
    self.faults = faults
  }

  /// How a file is opened.
  package enum Access: Sendable {
    case read
    case readWrite
    /// For reading and writing; created with mode 0600 where there is none.
    case readWriteOrCreate
    /// For reading and writing; created with mode 0600, refused with `EEXIST` where there is one.
    case create
  }

  /// Opens a file that is not inherited by child processes; a symbolic link in the last place is
  /// refused.
  ///
  /// - Returns: the descriptor's owner, which closes it.
  package func open(_ path: FilePath, for access: Access) throws(SystemCallError) -> File {
    let flags: Int32 =
      switch access {
      case .read: O_RDONLY
      case .readWrite: O_RDWR
      case .readWriteOrCreate: O_RDWR | O_CREAT
      case .create: O_RDWR | O_CREAT | O_EXCL
      }
    let descriptor = try retrying(.open, on: path) {
      path.withPlatformString { Glibc.open($0, flags | O_CLOEXEC | O_NOFOLLOW, 0o600) }
    }
    return File(owning: descriptor, path: path, system: self)
  }

  /// Creates one directory with mode 0700.
  ///
  /// - Returns: false where it was there already.
  package func createDirectory(_ path: FilePath) throws(SystemCallError) -> Bool {
    do {
      _ = try retrying(.mkdir, on: path) { path.withPlatformString { mkdir($0, 0o700) } }
      return true
    } catch {
      guard error.errno == .fileExists else { throw error }
      return false
    }
  }

  /// Bytes that the file system of a path has free for users: statvfs(3).
  package func freeBytes(at path: FilePath) throws(SystemCallError) -> Int64 {
    var status = statvfs()
    _ = try retrying(.statvfs, on: path) {
      path.withPlatformString { statvfs($0, &status) }
    }
    return Int64(clamping: UInt64(status.f_bavail) * UInt64(status.f_frsize))
  }

  /// What stat(2) tells about a path, links followed.
  package struct Status: Sendable {
    /// The lowest twelve bits of `st_mode`.
    package let permissions: UInt32
    /// The length of a file.
    package let sizeBytes: Int64
  }

  /// The mode and length of what `path` names.
  package func status(of path: FilePath) throws(SystemCallError) -> Status {
    var status = stat()
    _ = try retrying(.fstat, on: path) { path.withPlatformString { stat($0, &status) } }
    return Status(permissions: status.st_mode & 0o7777, sizeBytes: Int64(status.st_size))
  }

  /// The names in a directory, without `.` and `..`, sorted.
  package func names(in directory: FilePath) throws(SystemCallError) -> [String] {
    if case .fail(let errno) = faults?.fault(in: .readdir, on: directory, byteCount: 0) {
      throw SystemCallError(call: "readdir", errno: errno, object: directory.string)
    }
    guard let stream = directory.withPlatformString({ opendir($0) }) else {
      throw .last("opendir", on: directory.string)
    }
    defer { closedir(stream) }
    var names: [String] = []
    while true {
      // readdir tells its end from an error by errno alone.
      Glibc.errno = 0
      guard let entry = readdir(stream) else {
        if Glibc.errno != 0 { throw .last("readdir", on: directory.string) }
        return names.sorted()
      }
      let name = withUnsafeBytes(of: &entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
  }

  /// Makes creations, renames and removals in a directory survive a power cut.
  ///
  /// Never repeated after a failure: the kernel may have dropped what it could not write.
  package func synchronizeDirectory(_ directory: FilePath) throws(SystemCallError) {
    let file = try open(directory, for: .read)
    if case .fail(let errno) = faults?.fault(in: .fsyncDirectory, on: directory, byteCount: 0) {
      throw SystemCallError(call: "fsync", errno: errno, object: directory.string)
    }
    if fsync(file.descriptor) != 0 { throw .last("fsync", on: directory.string) }
  }

  /// Renames within one file system; what had the new name is replaced.
  package func rename(_ path: FilePath, to newPath: FilePath) throws(SystemCallError) {
    _ = try retrying(.rename, on: path) {
      path.withPlatformString { old in
        newPath.withPlatformString { Glibc.rename(old, $0) }
      }
    }
  }

  /// Removes the name of a file.
  package func unlink(_ path: FilePath) throws(SystemCallError) {
    _ = try retrying(.unlink, on: path) { path.withPlatformString { Glibc.unlink($0) } }
  }

  /// Makes a call, after the injector and as often as signals interrupt it.
  func retrying(
    _ call: FileCall, on path: FilePath, _ body: () -> Int32
  ) throws(SystemCallError) -> Int32 {
    while true {
      if case .fail(let errno) = faults?.fault(in: call, on: path, byteCount: 0) {
        if errno == .interrupted { continue }
        throw SystemCallError(call: call.rawValue, errno: errno, object: path.string)
      }
      let result = body()
      if result >= 0 { return result }
      if Glibc.errno != EINTR { throw .last(call.rawValue, on: path.string) }
    }
  }
}
