/// HTTP/1.1 with pipelined GETs on one connection.
///
/// All answers for values of one size have a head of one length: it is looked for once, and only
/// checked from then on, so that headers cost this client no more than other protocols' heads.
struct HTTPDialogue: Dialogue {
  private var cursor: RequestCursor
  private let valueSize: Int
  /// Bytes of each answer's head, once it is known.
  private var head = 0

  init(_ requests: PreparedRequests, from place: Int, valueSize: Int) {
    cursor = RequestCursor(requests, from: place)
    self.valueSize = valueSize
  }

  mutating func ask(_ count: Int, into requests: inout RequestBuffer) {
    cursor.copy(count, into: &requests)
  }

  mutating func next(
    in bytes: UnsafeRawBufferPointer, taster: ((UnsafeRawBufferPointer) -> Void)?
  ) throws -> AnswerPart {
    if head == 0 {
      guard let found = try length(in: bytes) else { return .unknown }
      head = found
    }
    guard bytes.count >= head else { return .unknown }
    // "HTTP/1.1 200", and the empty line at its place.
    guard bytes[9] == UInt8(ascii: "2"), bytes[10] == UInt8(ascii: "0"),
      bytes[head - 4] == 13, bytes[head - 2] == 13, bytes[head - 1] == 10
    else { throw WrongAnswer(bytes.text) }
    return AnswerPart(head: head, body: valueSize, isLast: true)
  }

  /// The first head's length, whose Content-Length is checked.
  private func length(in bytes: UnsafeRawBufferPointer) throws -> Int? {
    let end = Array("\r\n\r\n".utf8)
    guard
      let place = bytes.indices.dropLast(3).first(where: { bytes[$0..<$0 + 4].elementsEqual(end) })
    else { return nil }
    let text = String(decoding: bytes[..<place], as: UTF8.self)
    guard text.contains("\r\nContent-Length: \(valueSize)") else { throw WrongAnswer(text) }
    return place + 4
  }
}
