import CPlatform
import Glibc

@testable import LarderPlatform

/// What a daemon may send in place of a slab.
enum PassedDescriptor {
  /// Opens one of four: sealed memory of 4,096 and of 64 bytes, memory that is not sealed, and no
  /// memory at all.
  static func open(_ kind: UInt8) -> Int32 {
    Glibc.open("/proc/self/fd/\(kept[Int(kind & 3)])", O_RDONLY | O_CLOEXEC)
  }

  /// Whether nobody but `kept` has the memory, open or mapped.
  static var areClosed: Bool { kept.prefix(3).allSatisfy { larder_memory_is_shared($0) == 0 } }

  private static let kept: [Int32] = [
    memory(4096, isSealed: true), memory(64, isSealed: true), memory(4096, isSealed: false),
    Glibc.open("/dev/null", O_RDONLY | O_CLOEXEC),
  ]

  private static func memory(_ byteCount: Int, isSealed: Bool) -> Int32 {
    guard let file = try? MemoryFile(byteCount: byteCount) else { return -1 }
    if isSealed, (try? file.sealed()) == nil { return -1 }
    return Glibc.open("/proc/self/fd/\(file.descriptor)", O_RDONLY | O_CLOEXEC)
  }
}
