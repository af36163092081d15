import Glibc

/// Pages of memory, mmap(2); unmapped when the last reference goes.
package final class MappedMemory: Sendable {
  // Safety: set once in init, unmapped in deinit, and lent only while a reference is held.
  private nonisolated(unsafe) let pages: UnsafeMutableRawBufferPointer

  package var byteCount: Int { pages.count }

  /// Takes private pages to read and write, zero until written.
  package convenience init(private byteCount: Int) throws(SystemCallError) {
    try self.init(byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1)
  }

  /// - Throws: `ENOMEM`, and `EINVAL` for no bytes at all.
  init(
    _ byteCount: Int, _ protection: Int32, _ flags: Int32, _ descriptor: Int32
  ) throws(SystemCallError) {
    let base = mmap(nil, byteCount, protection, flags, descriptor, 0)
    guard let base, base != MAP_FAILED else { throw .last("mmap", on: "\(byteCount) bytes") }
    pages = UnsafeMutableRawBufferPointer(start: base, count: byteCount)
  }

  deinit { munmap(pages.baseAddress, pages.count) }

  /// Lends the pages for the time of `body`, during which they stay mapped; the pointer must not
  /// escape it. Threads may share private ones as long as none writes what another reads.
  package func withBytes<Result: ~Copyable, Failure: Error>(
    _ body: (UnsafeMutableRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(self) {} }
    return try body(pages)
  }
}
