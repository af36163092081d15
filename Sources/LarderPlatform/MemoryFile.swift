import CPlatform
import Glibc
import SystemPackage

/// Memory with a descriptor, memfd_create(2), while its owner still writes it.
///
/// Nobody else may have it in this state: whoever holds a descriptor of it, even one opened for
/// reading, can reopen it and write. `sealed` ends that.
package final class MemoryFile: Sendable {
  /// Bytes that it holds, zeros until they are written.
  package let byteCount: Int
  let descriptor: Int32

  /// Takes so much memory; pages come with the first write.
  ///
  /// - Throws: `EMFILE` and `ENFILE` without a descriptor left, `ENOMEM`.
  package init(byteCount: Int) throws(SystemCallError) {
    descriptor = larder_memory_create(SealedMemory.name)
    self.byteCount = byteCount
    guard descriptor >= 0 else { throw .last("memfd_create", on: SealedMemory.name) }
    guard ftruncate(descriptor, off_t(byteCount)) == 0 else {
      throw .last("ftruncate", on: SealedMemory.name)
    }
  }

  deinit {
    // Memory has no write to report late.
    if descriptor >= 0 { _ = close(descriptor) }
  }

  /// Copies bytes in; `offset` and their end lie within `byteCount`.
  package func write(
    _ bytes: UnsafeRawBufferPointer, at offset: Int
  ) throws(SystemCallError) {
    precondition(offset >= 0 && bytes.count <= byteCount - offset, "a memory file does not grow")
    var done = 0
    while done < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
      let moved = pwrite(descriptor, rest.baseAddress, rest.count, off_t(offset + done))
      if moved > 0 {
        done += moved
      } else if errno != EINTR {
        throw .last("pwrite", on: SealedMemory.name)
      }
    }
  }

  /// Ends all writing, by anybody and for good, and gives the memory in a form to share.
  ///
  /// The seals are read back, since all that a receiver relies on hangs on them. `F_SEAL_WRITE` and
  /// not `F_SEAL_FUTURE_WRITE`: that one would let a map that is there already go on writing.
  ///
  /// - Throws: `EBUSY` while somebody has it mapped for writing.
  package func sealed() throws(SystemCallError) -> SealedMemory {
    guard larder_memory_seal(descriptor) == 0 else {
      throw .last("fcntl(F_ADD_SEALS)", on: SealedMemory.name)
    }
    guard larder_memory_is_sealed(descriptor) == 1 else {
      throw SystemCallError(
        call: "fcntl(F_GET_SEALS)", errno: .notPermitted, object: SealedMemory.name)
    }
    return try SealedMemory(reopening: descriptor, byteCount: byteCount)
  }
}
