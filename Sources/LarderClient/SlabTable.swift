import Glibc
import LarderPlatform

/// A slab that the daemon shares, mapped for reading.
final class MappedSlab: Sendable {
  let id: UInt64
  let memory: MappedMemory

  init(id: UInt64, memory: MappedMemory) {
    self.id = id
    self.memory = memory
  }
}

/// The slabs that a connection holds, and the descriptors that came for further ones.
struct SlabTable: ~Copyable {
  /// Slabs that are kept though nobody uses them: what is asked for again comes without a
  /// descriptor. 256 MiB at 4 MiB each, of memory that is the daemon's.
  private static let idleMax = 64

  private var slabs: [UInt64: MappedSlab] = [:]
  /// In the order in which they came; the frame that names them is still to come.
  var descriptors: [Int32] = []

  /// Bytes that are mapped.
  var byteCount: Int { slabs.values.reduce(0) { $0 + $1.memory.byteCount } }

  deinit { for descriptor in descriptors { close(descriptor) } }

  func slab(_ id: UInt64) -> MappedSlab? { slabs[id] }

  /// Maps the slab whose descriptor came first.
  ///
  /// - Returns: false where none came.
  /// - Throws: for memory that is not sealed, or not of that size; see `SealedMemory`.
  mutating func add(_ id: UInt64, byteCount: Int) throws(SystemCallError) -> Bool {
    guard !descriptors.isEmpty else { return false }
    let sealed = try SealedMemory(received: descriptors.removeFirst(), byteCount: byteCount)
    slabs[id] = MappedSlab(id: id, memory: try sealed.map())
    return true
  }

  /// The slabs that nobody uses, where more are held than are worth it.
  mutating func takeIdle() -> [UInt64] {
    guard slabs.count > SlabTable.idleMax else { return [] }
    let idle = slabs.keys.filter { isKnownUniquelyReferenced(&slabs[$0]) }
    for id in idle { slabs[id] = nil }
    return idle
  }
}
