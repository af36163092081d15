package import SystemPackage

/// The calls by which files and directories are touched, each one place where a fault can strike.
package enum FileCall: String, Sendable, CaseIterable {
  case open, pread, pwrite, fdatasync, fallocate, ftruncate, fstat
  case mkdir, readdir, rename, unlink, statvfs
  /// fsync(2) of a directory, which makes names in it last.
  case fsyncDirectory
}

/// One call with its arguments, as a fault injector sees it.
package struct FileOperation {
  package let call: FileCall
  package let path: FilePath
  /// The second name of a `rename`.
  package let newPath: FilePath?
  /// Where bytes move; of `ftruncate` and `fallocate` the length that is asked for.
  package let offset: Int64
  /// Bytes to move; 0 where none do.
  package let byteCount: Int
  /// What a `pwrite` writes, `byteCount` of them; valid during the call that hands this over.
  package let bytes: UnsafeRawBufferPointer?
  /// An `open` that makes the file where there is none.
  package let creates: Bool

  /// What a call does not have is left out.
  package init(
    _ call: FileCall, _ path: FilePath, to newPath: FilePath? = nil, at offset: Int64 = 0,
    byteCount: Int = 0, bytes: UnsafeRawBufferPointer? = nil, creates: Bool = false
  ) {
    self.call = call
    self.path = path
    self.newPath = newPath
    self.offset = offset
    self.byteCount = byteCount
    self.bytes = bytes
    self.creates = creates
  }
}
