import LarderCore

/// One slab of a SLABS frame, 16 bytes: slab u64, its bytes u64. Its descriptor is the one that came
/// in the same place among those of the frame.
package struct SlabNotice: Sendable, Hashable {
  private static let byteCount = 16

  package let slab: UInt64
  package let slabBytes: Int

  package init(slab: UInt64, slabBytes: Int) {
    self.slab = slab
    self.slabBytes = slabBytes
  }

  /// Appends the 16 bytes.
  package func append(to bytes: inout [UInt8]) {
    bytes.append(littleEndian: slab)
    bytes.append(littleEndian: UInt64(slabBytes))
  }

  /// The slabs of a SLABS frame.
  ///
  /// - Throws: `malformedFrame` unless they are 1 to `descriptorsPerFrameMax` whole ones.
  package static func decode(_ body: UnsafeRawBufferPointer) throws(WireError) -> [SlabNotice] {
    let (count, rest) = body.count.quotientAndRemainder(dividingBy: byteCount)
    guard rest == 0, (1...WireLimits.descriptorsPerFrameMax).contains(count) else {
      throw WireError(.malformedFrame, "a SLABS frame of \(body.count) bytes")
    }
    var notices: [SlabNotice] = []
    for place in stride(from: 0, to: body.count, by: byteCount) {
      let bytes: UInt64 = body.littleEndian(at: place + 8)
      guard let count = Int(exactly: bytes), count > 0 else {
        throw WireError(.malformedFrame, "a slab of \(bytes) bytes")
      }
      notices.append(SlabNotice(slab: body.littleEndian(at: place), slabBytes: count))
    }
    return notices
  }
}

/// The body of a DROP request: 1 to `slabsMax` slabs, u64 each.
package enum DropBody {
  /// - Throws: `badRequest` for a length that is no such list.
  package static func decode(_ body: UnsafeRawBufferPointer) throws(WireError) -> [UInt64] {
    let count = try recordCount(in: body, of: 8, atMost: WireLimits.slabsMax, verb: .drop)
    return (0..<count).map { body.littleEndian(at: $0 * 8) }
  }

  /// Any number of slabs; more than `slabsMax` take several requests.
  package static func encode(_ slabs: some Sequence<UInt64>) -> [UInt8] {
    var bytes: [UInt8] = []
    for slab in slabs { bytes.append(littleEndian: slab) }
    return bytes
  }
}
