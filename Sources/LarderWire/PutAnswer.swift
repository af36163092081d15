package import LarderCore

/// The body of a PUT reply, 48 bytes: digest 32, size u64, existed u8, zero 7.
package struct PutAnswer: Sendable, Hashable {
  /// Bytes of an answer.
  package static let byteCount = 48

  package let digest: Digest
  package let size: ByteCount
  /// Whether this realm had the blob before.
  package let existed: Bool

  package init(digest: Digest, size: ByteCount, existed: Bool) {
    self.digest = digest
    self.size = size
    self.existed = existed
  }

  /// - Throws: `malformedFrame` for a body of another length or with a value without a meaning.
  package init(decoding body: UnsafeRawBufferPointer) throws(WireError) {
    guard body.count == PutAnswer.byteCount, body[40] <= 1,
      let size = Int64(exactly: body.littleEndian(at: 32, as: UInt64.self))
    else { throw WireError(.malformedFrame, "PUT's answer is 48 bytes: digest, size, existed") }
    self.init(digest: Digest(copying: body), size: ByteCount(size), existed: body[40] == 1)
  }

  /// Appends the 48 bytes.
  package func append(to bytes: inout [UInt8]) {
    bytes.append(digest)
    bytes.append(littleEndian: UInt64(size.value))
    bytes.append(existed ? 1 : 0)
    bytes.append(contentsOf: repeatElement(0, count: 7))
  }
}
