package import SystemPackage

/// The calls by which files and directories are touched, each one place where a fault can strike.
package enum FileCall: String, Sendable, CaseIterable {
  case open, pread, pwrite, fdatasync, fallocate, ftruncate, fstat
  case mkdir, readdir, rename, unlink, statvfs
  /// fsync(2) of a directory, which makes names in it last.
  case fsyncDirectory
}

/// What goes wrong with one call.
package enum FileFault: Hashable, Sendable {
  /// The call is not made and fails with this reason. `.interrupted` is met as a real signal would
  /// be.
  case fail(Errno)
  /// A `pread` or `pwrite` moves at most this many bytes and says so; other calls ignore it.
  case shorten(Int)
}

/// Decides, before each call, whether it fails: how a test or a simulation breaks a disk.
///
/// Called on whatever thread makes the call, concurrently; it must not touch files itself.
package protocol FaultInjector: Sendable {
  /// The fault for this call; nil lets it through. `byteCount` is what is left to move, 0 where
  /// nothing moves.
  func fault(in call: FileCall, on path: FilePath, byteCount: Int) -> FileFault?
}
