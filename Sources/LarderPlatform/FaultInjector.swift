package import SystemPackage

/// What goes wrong with one call.
package enum FileFault: Hashable, Sendable {
  /// The call is not made and fails with this reason. `.interrupted` is met as a real signal would
  /// be.
  case fail(Errno)
  /// A `pread` or `pwrite` moves at most this many bytes and says so; other calls ignore it.
  case shorten(Int)
}

/// Sees each call on files before and after it is made, and decides whether it fails: how a test or
/// a simulation breaks a disk.
///
/// Called on whatever thread makes the call, concurrently. Calls that it makes itself on files have
/// to go past it.
package protocol FaultInjector: Sendable {
  /// The fault for this call; nil lets it through.
  func fault(in operation: FileOperation) -> FileFault?
  /// The call was made and succeeded; `byteCount` and `bytes` are what it moved.
  func made(_ operation: FileOperation)
}

extension FaultInjector {
  /// Lets everything through.
  package func fault(in operation: FileOperation) -> FileFault? { nil }
  /// Takes no note.
  package func made(_ operation: FileOperation) {}
}
