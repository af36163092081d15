import LarderCore

/// Some bytes of a slab, 16 bytes: slab u64, offset u32, length u32.
package struct SlabPlace: Sendable, Hashable {
  static let byteCount = 16

  /// Named by a SLABS frame before.
  package let slab: UInt64
  package let offset: Int
  package let length: Int

  /// - Precondition: offset and length fit 32 bits, as slabs do.
  package init(slab: UInt64, offset: Int, length: Int) {
    self.slab = slab
    self.offset = offset
    self.length = length
  }

  fileprivate init(decoding bytes: UnsafeRawBufferPointer) {
    let offset: UInt32 = bytes.littleEndian(at: 8)
    let length: UInt32 = bytes.littleEndian(at: 12)
    self.init(slab: bytes.littleEndian(at: 0), offset: Int(offset), length: Int(length))
  }

  fileprivate func append(to bytes: inout [UInt8]) {
    bytes.append(littleEndian: slab)
    bytes.append(littleEndian: UInt32(offset))
    bytes.append(littleEndian: UInt32(length))
  }
}

/// Where an item's bytes are, in the body of a PLACES frame: a `GetItemHead`, the number of extents
/// u32, zero u32, and the extents in the order of the bytes.
package struct BlobPlace: Sendable, Hashable {
  private static let headByteCount = GetItemHead.byteCount + 8

  package let head: GetItemHead
  package let extents: [SlabPlace]

  package init(_ head: GetItemHead, _ extents: [SlabPlace]) {
    self.head = head
    self.extents = extents
  }

  /// Bytes that it takes in a frame.
  package var byteCount: Int { BlobPlace.headByteCount + extents.count * SlabPlace.byteCount }

  /// Appends the head and the extents.
  package func append(to bytes: inout [UInt8]) {
    head.append(to: &bytes)
    bytes.append(littleEndian: UInt32(extents.count))
    bytes.append(littleEndian: 0 as UInt32)
    for extent in extents { extent.append(to: &bytes) }
  }

  /// The items of a PLACES frame.
  ///
  /// - Throws: `malformedFrame` for a body that does not end with an item, and for an item with
  ///   another status than `found` and extents.
  package static func decode(_ body: UnsafeRawBufferPointer) throws(WireError) -> [BlobPlace] {
    var places: [BlobPlace] = []
    var rest = body
    while !rest.isEmpty {
      let head = try GetItemHead(decoding: rest)
      guard rest.count >= headByteCount else { throw BlobPlace.cut }
      let count = Int(rest.littleEndian(at: GetItemHead.byteCount, as: UInt32.self))
      let end = headByteCount + count * SlabPlace.byteCount
      guard rest.count >= end, head.status == .found || count == 0 else { throw BlobPlace.cut }
      let extents = stride(from: headByteCount, to: end, by: SlabPlace.byteCount).map {
        SlabPlace(decoding: UnsafeRawBufferPointer(rebasing: rest[$0...]))
      }
      places.append(BlobPlace(head, extents))
      rest = UnsafeRawBufferPointer(rebasing: rest[end...])
    }
    return places
  }

  private static var cut: WireError {
    WireError(.malformedFrame, "a PLACES frame whose items do not fill it")
  }
}
