import LarderWire

/// Makes one reply's frames into its answer.
protocol ReplyReader: Sendable {
  associatedtype Answer: Sendable

  /// Takes the body of the next frame, which is no error.
  ///
  /// - Throws: for what the protocol does not say; the connection is of no use then.
  mutating func take(
    _ frame: ReplyFrame, _ bytes: UnsafeRawBufferPointer, slabs: borrowing SlabTable
  ) throws(ClientError)

  /// What they came to, after the last.
  func answer() throws(ClientError) -> Answer
}

/// The joined bodies of a reply.
struct JoinedReader: ReplyReader {
  private var joined: [UInt8] = []

  mutating func take(
    _ frame: ReplyFrame, _ bytes: UnsafeRawBufferPointer, slabs: borrowing SlabTable
  ) throws(ClientError) { try append(bytes) }

  mutating func append(_ bytes: UnsafeRawBufferPointer) throws(ClientError) {
    guard joined.count + bytes.count <= WireLimits.jsonReplyMax else {
      throw ClientError(WireError(.malformedFrame, "a reply above 64 MiB"))
    }
    joined.append(contentsOf: bytes)
  }

  func answer() -> [UInt8] { joined }
}

/// The answer to a HAS.
enum HasAnswer {
  /// - Throws: `malformedReply` unless it is a byte of 0 or 1 for each of `count` digests.
  static func decode(_ reply: [UInt8], count: Int) throws(ClientError) -> [Bool] {
    guard reply.count == count, reply.allSatisfy({ $0 <= 1 }) else {
      throw ClientError(WireError(.malformedFrame, "HAS answers a byte of 0 or 1 per digest"))
    }
    return reply.map { $0 == 1 }
  }
}
