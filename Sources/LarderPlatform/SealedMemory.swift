import Glibc

/// Memory that nobody can change any more, behind a descriptor opened for reading.
///
/// A process that receives the descriptor can map and read it, and nothing else: writing, growing,
/// shrinking and writable maps are refused with `EPERM` even to who reopens it for writing. The
/// memory is freed when the last descriptor and the last map are gone, wherever they are.
package struct SealedMemory: ~Copyable, Sendable {
  package let byteCount: Int
  /// To send or to map; stays owned by this value, which closes it.
  package let descriptor: Int32

  /// Opens what `descriptor` names anew, for reading: a position and flags of its own.
  ///
  /// By way of /proc, the only one to an open file without a name. For reading also because kernels
  /// before 6.7 do not map a write-sealed memory file that was opened for writing.
  init(reopening descriptor: Int32, byteCount: Int) throws(SystemCallError) {
    let path = "/proc/self/fd/\(descriptor)"
    self.descriptor = open(path, O_RDONLY | O_CLOEXEC)
    self.byteCount = byteCount
    guard self.descriptor >= 0 else { throw .last("open", on: path) }
  }

  deinit {
    // Only reading: there is nothing that closing could fail to keep.
    if descriptor >= 0 { _ = close(descriptor) }
  }

  /// The same memory behind another descriptor, for who is not to share this one's position and
  /// locks.
  package borrowing func reopened() throws(SystemCallError) -> SealedMemory {
    try SealedMemory(reopening: descriptor, byteCount: byteCount)
  }

  /// Maps all of it for reading; the map outlives this value.
  package borrowing func map() throws(SystemCallError) -> MappedMemory {
    try MappedMemory(byteCount, PROT_READ, MAP_SHARED, descriptor)
  }
}
