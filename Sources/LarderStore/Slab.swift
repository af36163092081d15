package import LarderCore
import LarderPlatform

/// Pages of one realm with the decoded, verified bytes of many records.
///
/// Begins open, as private memory that one thread at a time appends to, and is replaced, once it is
/// full, by a sealed copy of itself, which alone is shared. Whoever reads holds a reference; the
/// pages and their charge go with the last one.
package final class Slab: Sendable {
  /// Never used again in this process.
  package let id: UInt64
  package let realm: RealmID
  private let memory: MappedMemory
  private let sealed: SealedMemory?
  // Behind the memory: properties go in order, and the pages before their charge.
  private let charge: HotCharge

  /// Where records, and blobs of many, begin: on a cache line, so that a reader may take words of any
  /// width.
  static let alignment = 64

  package var byteCount: Int { memory.byteCount }
  /// Whether it may be shared.
  package var isSealed: Bool { sealed != nil }

  /// An open slab, as large as its charge.
  init(open id: UInt64, realm: RealmID, charge: HotCharge) throws(SystemCallError) {
    self.id = id
    self.realm = realm
    self.charge = charge
    memory = try MappedMemory(private: charge.byteCount)
    sealed = nil
  }

  /// A sealed slab with what `file` holds.
  init(
    sealing file: MemoryFile, id: UInt64, realm: RealmID, charge: HotCharge
  ) throws(SystemCallError) {
    let sealed = try file.sealed()
    self.id = id
    self.realm = realm
    self.charge = charge
    memory = try sealed.map()
    self.sealed = consume sealed
  }

  /// Lends some of its bytes for the time of `body`.
  package func withBytes<Result, Failure: Error>(
    at offset: Int, count: Int,
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try memory.withBytes { (bytes) throws(Failure) in
      try body(UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count]))
    }
  }

  /// Copies bytes into an open slab, where nobody reads yet.
  func fill(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
    memory.withBytes { pages in
      UnsafeMutableRawBufferPointer(rebasing: pages[offset...]).copyMemory(from: bytes)
    }
  }

  /// Writes its first bytes to a memory file.
  func copy(_ byteCount: Int, to file: MemoryFile) throws(SystemCallError) {
    try withBytes(at: 0, count: byteCount) { (bytes) throws(SystemCallError) in
      try file.write(bytes, at: 0)
    }
  }

  /// A descriptor of its own for another process; nil while the slab is open.
  func reopened() throws(SystemCallError) -> SealedMemory? { try sealed?.reopened() }

  /// Whether another process may have it.
  func isShared() -> Bool { sealed?.isShared() ?? false }

  /// `count` rounded up to where the next record may begin.
  static func aligned(_ count: Int) -> Int { (count + alignment - 1) & ~(alignment - 1) }
}
