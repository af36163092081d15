import Glibc
import LarderPlatform
import LarderWire

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
  /// Those that a DROP names which is not answered: until then frames may name them.
  private var dropping: Set<UInt64> = []
  /// In the order in which they came; the frame that names them is still to come.
  var descriptors: [Int32] = []

  /// Bytes that are mapped.
  var byteCount: Int { slabs.values.reduce(0) { $0 + $1.memory.byteCount } }

  deinit { for descriptor in descriptors { close(descriptor) } }

  func slab(_ id: UInt64) -> MappedSlab? { slabs[id] }

  /// Maps the slabs that a SLABS frame names, by the descriptors that came first.
  ///
  /// - Throws: `malformedFrame` for a slab without a descriptor, and for memory that is not sealed,
  ///   not of that size, or not to be mapped.
  mutating func take(_ body: UnsafeRawBufferPointer) throws(WireError) {
    for notice in try SlabNotice.decode(body) {
      guard !descriptors.isEmpty else {
        throw WireError(.malformedFrame, "slab \(notice.slab) came without its descriptor")
      }
      do {
        let sealed = try SealedMemory(
          received: descriptors.removeFirst(), byteCount: notice.slabBytes)
        slabs[notice.slab] = MappedSlab(id: notice.slab, memory: try sealed.map())
      } catch {
        throw WireError(.malformedFrame, "slab \(notice.slab) cannot be mapped: \(error)")
      }
    }
  }

  /// The slabs that nobody uses, where more are held than are worth it, or all of them: to be named
  /// in a DROP, and to be forgotten (`endDrop`) when that is answered.
  mutating func beginDrop(all: Bool) -> [UInt64] {
    guard all || slabs.count - dropping.count > SlabTable.idleMax else { return [] }
    // An array: the dictionary's own view of its keys would hold a second reference to each slab.
    let idle = Array(slabs.keys).filter { id in
      !dropping.contains(id) && isKnownUniquelyReferenced(&slabs[id])
    }
    dropping.formUnion(idle)
    return idle
  }

  /// Forgets them; who took a place in one meanwhile has it still.
  mutating func endDrop(_ dropped: [UInt64]) {
    for id in dropped {
      slabs[id] = nil
      dropping.remove(id)
    }
  }
}
