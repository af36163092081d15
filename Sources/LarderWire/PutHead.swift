package import LarderCore

/// The first 48 bytes of a PUT: ack u8, named u8, zero u16, zero u32, size u64, digest 32.
package struct PutHead: Sendable, Hashable {
  /// Bytes of a head.
  package static let byteCount = 48

  package let ack: AckLevel
  /// The digest that the content has to have; nil if the client does not know it yet.
  package let digest: Digest?
  /// The size that the content has to have; nil if the client does not know it yet.
  package let size: ByteCount?

  package init(ack: AckLevel, digest: Digest? = nil, size: ByteCount? = nil) {
    self.ack = ack
    self.digest = digest
    self.size = size
  }

  /// Reads the first 48 bytes of a PUT's first frame.
  ///
  /// - Throws: `badRequest` for a head that is short or has a value without a meaning, `tooLarge`
  ///   for a size above `blobSizeMax`.
  package init(decoding body: UnsafeRawBufferPointer) throws(WireError) {
    guard body.count >= PutHead.byteCount else {
      throw WireError(.badRequest, "PUT has a head of 48 bytes, not \(body.count)")
    }
    let zero16: UInt16 = body.littleEndian(at: 2)
    let zero32: UInt32 = body.littleEndian(at: 4)
    guard body[0] <= 1, body[1] <= 1, zero16 == 0, zero32 == 0 else {
      throw WireError(
        .badRequest, "PUT's ack and named bytes are 0 or 1 and six bytes of 0 follow them")
    }
    let size: UInt64 = body.littleEndian(at: 8)
    guard size == .max || size <= UInt64(WireLimits.blobSizeMax) else {
      throw WireError(
        .tooLarge, "a blob of \(size) bytes: the limit is \(WireLimits.blobSizeMax)")
    }
    let named = body[1] == 1
    let place = UnsafeRawBufferPointer(rebasing: body[16..<PutHead.byteCount])
    guard named || place.allSatisfy({ $0 == 0 }) else {
      throw WireError(.badRequest, "PUT carries a digest but its named byte is 0")
    }
    self.init(
      ack: body[0] == 1 ? .durable : .accepted,
      digest: named ? Digest(copying: place) : nil,
      size: size == .max ? nil : ByteCount(Int64(size)))
  }

  /// Appends the 48 bytes.
  package func append(to bytes: inout [UInt8]) {
    bytes.append(ack == .durable ? 1 : 0)
    bytes.append(digest == nil ? 0 : 1)
    bytes.append(littleEndian: 0 as UInt16)
    bytes.append(littleEndian: 0 as UInt32)
    bytes.append(littleEndian: size.map { UInt64($0.value) } ?? .max)
    if let digest {
      bytes.append(digest)
    } else {
      bytes.append(contentsOf: repeatElement(0, count: Digest.byteCount))
    }
  }
}
