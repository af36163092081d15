import Glibc
import LarderCore
import LarderPlatform
import SystemPackage

/// The right to a store's directory: an open file description lock on `lock`, which ends with this
/// object or with the process.
final class StoreLock: Sendable {
  private let file: File

  /// Takes the lock and writes this process's id into the file, for whoever comes second.
  ///
  /// - Throws: `locked` with the holder's id where another process, or another store of this one,
  ///   has it.
  init(_ path: FilePath, system: FileSystem) throws(StoreError) {
    let file = try attempting("open the lock of the store") { () throws(SystemCallError) -> File in
      try system.open(path, for: .readWriteOrCreate)
    }
    let isOurs = try attempting("lock the store") { () throws(SystemCallError) -> Bool in
      try file.tryLock()
    }
    guard isOurs else {
      let holder = StoreLock.holder(file)
      let who = holder.map { "process \($0)" } ?? "another process"
      throw StoreError(
        .locked(holder: holder),
        "the store at \(path.removingLastComponent()) is in use by \(who): stop it, or choose another directory"
      )
    }
    var text = "\(getpid())\n"
    try attempting("write the lock of the store") { () throws(SystemCallError) in
      try file.truncate(to: 0)
      var failure: SystemCallError?
      text.withUTF8 { bytes in
        do throws(SystemCallError) {
          try file.write(UnsafeRawBufferPointer(bytes), at: 0)
        } catch {
          failure = error
        }
      }
      // A full disk must not keep a store from being read: the lock holds without its text.
      if let failure, failure.errno != .noSpace, failure.errno != .diskQuotaExceeded {
        throw failure
      }
    }
    self.file = file
  }

  /// The process id in the file; nil where there is none to read.
  private static func holder(_ file: borrowing File) -> Int32? {
    withUnsafeTemporaryAllocation(byteCount: 16, alignment: 1) { buffer in
      // Only for a message: without it the refusal says "another process".
      guard let count = try? file.read(into: buffer, at: 0) else { return nil }
      return Int32(
        String(decoding: buffer.prefix(count), as: UTF8.self).prefix { $0.isNumber })
    }
  }
}
