import LarderCore
import LarderWire

/// What both of our own dialogues say.
enum LarderRequests {
  /// GETs of one value each, by turns.
  static func gets(_ digests: [Digest], as reply: ContentReply) -> PreparedRequests {
    PreparedRequests { number in
      let body = GetBody([GetItem(digests[number % digests.count])], as: reply).encode()
      var frame: [UInt8] = []
      frame.appendFrame(.get, [], id: UInt64(number), body: body)
      return frame
    }
  }

  /// Adds requests, each with an id that no other has.
  static func copy(
    _ count: Int, of cursor: inout RequestCursor, into requests: inout RequestBuffer,
    from id: inout UInt64
  ) {
    var place = requests.count + 8
    cursor.copy(count, into: &requests)
    for _ in 0..<count {
      requests.bytes.storeBytes(of: id.littleEndian, toByteOffset: place, as: UInt64.self)
      place += cursor.stride
      id += 1
    }
  }

  /// Where an answer's bytes are counted.
  static func slot(_ header: FrameHeader) -> Int {
    Int(header.requestID) % AnswerPart.requestsMax
  }

  /// HELLO, and its answer.
  static func open(_ connection: borrowing ClientSocket) throws {
    var frame: [UInt8] = []
    let body = #"{"protocol": [1, 1], "client": "socket-bench"}"#
    frame.appendFrame(.hello, [], id: 1, body: Array(body.utf8))
    try connection.write(frame)
    _ = try answer(on: connection)
  }

  /// Reads one whole frame, which is no ERROR.
  static func answer(on connection: borrowing ClientSocket) throws -> [UInt8] {
    let head = try connection.read(exactly: FrameHeader.byteCount)
    guard let header = head.withUnsafeBytes({ FrameHeader(reading: $0) }) else { return [] }
    let body = try connection.read(exactly: Int(header.length))
    if header.flags.contains(.error) { throw WrongAnswer(String(decoding: body, as: UTF8.self)) }
    return body
  }

  static func wrong(_ header: FrameHeader, _ bytes: UnsafeRawBufferPointer) -> WrongAnswer {
    let body = bytes.dropFirst(FrameHeader.byteCount).prefix(Int(header.length))
    return WrongAnswer("\(header): \(String(decoding: body, as: UTF8.self))")
  }
}
