import CPlatform
import Glibc
import SystemPackage

/// Memory that nobody can change any more, behind a descriptor opened for reading.
///
/// A process that receives the descriptor can map and read it, and nothing else: writing, growing,
/// shrinking and writable maps are refused with `EPERM` even to who reopens it for writing. The
/// memory is freed when the last descriptor and the last map are gone, wherever they are.
package struct SealedMemory: ~Copyable, Sendable {
  /// What errors and /proc call it.
  static let name = "larder-memory"

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

  /// Takes over a descriptor that another process sent, and closes it where it is not what was
  /// said: sealed against every change, and of so many bytes.
  ///
  /// - Throws: `EPERM` for memory that somebody may still change or cut, `EINVAL` for another size
  ///   or for no memory file at all.
  package init(received descriptor: Int32, byteCount: Int) throws(SystemCallError) {
    self.descriptor = descriptor
    self.byteCount = byteCount
    let isSealed = larder_memory_is_sealed(descriptor)
    if isSealed < 0 { throw .last("fcntl(F_GET_SEALS)", on: SealedMemory.name) }
    var status = stat()
    guard isSealed == 1, fstat(descriptor, &status) == 0, status.st_size == byteCount else {
      throw SystemCallError(
        call: "fcntl(F_GET_SEALS)", errno: isSealed == 1 ? .invalidArgument : .notPermitted,
        object: SealedMemory.name)
    }
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

  /// Whether another process may have it: open, mapped, or on its way in a socket. In doubt it may.
  ///
  /// True for a moment after `reopened`, too, until that descriptor is closed. To be called on the
  /// one value that all others were reopened from.
  package borrowing func isShared() -> Bool { larder_memory_is_shared(descriptor) != 0 }

  /// Maps all of it for reading; the map outlives this value.
  package borrowing func map() throws(SystemCallError) -> MappedMemory {
    try MappedMemory(byteCount, PROT_READ, MAP_SHARED, descriptor)
  }
}
