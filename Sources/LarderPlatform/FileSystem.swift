import Glibc
package import SystemPackage

/// The way to files and directories: real calls, each of which an injector may fail first.
///
/// A value: whoever opens a store passes it on, nothing global decides. Every call blocks.
package struct FileSystem: Sendable {
  /// The operating system's, without faults.
  package static let real = FileSystem(faults: nil)

  let faults: (any FaultInjector)?
  /// Name of the `sqlite3_vfs` through which databases reach their files, so that a simulated disk
  /// has those too; nil for SQLite's own.
  package let databaseVFS: String?

  /// Real calls behind `faults`; nil for none.
  package init(faults: (any FaultInjector)?, databaseVFS: String? = nil) {
    self.faults = faults
    self.databaseVFS = databaseVFS
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
    let descriptor = try retrying(FileOperation(.open, path, creates: flags & O_CREAT != 0)) {
      path.withPlatformString { Glibc.open($0, flags | O_CLOEXEC | O_NOFOLLOW, 0o600) }
    }
    return File(owning: descriptor, path: path, system: self)
  }

  /// Creates one directory with mode 0700.
  ///
  /// - Returns: false where it was there already.
  package func createDirectory(_ path: FilePath) throws(SystemCallError) -> Bool {
    do {
      _ = try retrying(FileOperation(.mkdir, path)) { path.withPlatformString { mkdir($0, 0o700) } }
      return true
    } catch {
      guard error.errno == .fileExists else { throw error }
      return false
    }
  }

  /// How large a file system is, and how much of it is free for users.
  package struct Space: Sendable {
    package let totalBytes: Int64
    package let freeBytes: Int64
    /// Mounted so that nobody writes to it.
    package let isReadOnly: Bool
  }

  /// The space of the file system that holds a path: statvfs(3).
  package func space(at path: FilePath) throws(SystemCallError) -> Space {
    var status = statvfs()
    _ = try retrying(FileOperation(.statvfs, path)) {
      path.withPlatformString { statvfs($0, &status) }
    }
    let unit = UInt64(status.f_frsize)
    return Space(
      totalBytes: Int64(clamping: UInt64(status.f_blocks) * unit),
      freeBytes: Int64(clamping: UInt64(status.f_bavail) * unit),
      isReadOnly: UInt64(status.f_flag) & UInt64(ST_RDONLY) != 0)
  }

  /// The unit of `st_blocks`, whatever the file system's own blocks are: stat(3type).
  static let blockByteCount: Int64 = 512

  /// What stat(2) tells about a path, links followed.
  package struct Status: Sendable {
    /// The lowest twelve bits of `st_mode`.
    package let permissions: UInt32
    /// The length of a file.
    package let sizeBytes: Int64
    /// Bytes that a file takes on disk, in whole blocks.
    package let allocatedBytes: Int64
    package let isFile: Bool
  }

  /// The mode and length of what `path` names.
  package func status(of path: FilePath) throws(SystemCallError) -> Status {
    var status = stat()
    _ = try retrying(FileOperation(.fstat, path)) { path.withPlatformString { stat($0, &status) } }
    return Status(
      permissions: status.st_mode & 0o7777, sizeBytes: Int64(status.st_size),
      allocatedBytes: Int64(status.st_blocks) * FileSystem.blockByteCount,
      isFile: status.st_mode & S_IFMT == S_IFREG)
  }

  /// The names in a directory, without `.` and `..`, sorted.
  package func names(in directory: FilePath) throws(SystemCallError) -> [String] {
    if case .fail(let errno) = faults?.fault(in: FileOperation(.readdir, directory)) {
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
  package func synchronizeDirectory(_ directory: FilePath) throws(SystemCallError) {
    try open(directory, for: .read).synchronizeDirectory()
  }

  /// Renames within one file system; what had the new name is replaced.
  package func rename(_ path: FilePath, to newPath: FilePath) throws(SystemCallError) {
    _ = try retrying(FileOperation(.rename, path, to: newPath)) {
      path.withPlatformString { old in
        newPath.withPlatformString { Glibc.rename(old, $0) }
      }
    }
  }

  /// Removes the name of a file.
  package func unlink(_ path: FilePath) throws(SystemCallError) {
    _ = try retrying(FileOperation(.unlink, path)) { path.withPlatformString { Glibc.unlink($0) } }
  }

  /// Makes a call, after the injector and as often as signals interrupt it.
  func retrying(
    _ operation: FileOperation, _ body: () -> Int32
  ) throws(SystemCallError) -> Int32 {
    let (call, object) = (operation.call.rawValue, operation.path.string)
    while true {
      if case .fail(let errno) = faults?.fault(in: operation) {
        if errno == .interrupted { continue }
        throw SystemCallError(call: call, errno: errno, object: object)
      }
      let result = body()
      if result >= 0 {
        faults?.made(operation)
        return result
      }
      if Glibc.errno != EINTR { throw .last(call, on: object) }
    }
  }
}
