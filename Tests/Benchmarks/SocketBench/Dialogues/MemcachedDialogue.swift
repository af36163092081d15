/// Memcached's meta protocol: `mg <key> v`, answered by `VA <length>`, the value, and an end of line.
struct MemcachedDialogue: Dialogue {
  private var cursor: RequestCursor

  init(_ requests: PreparedRequests, from place: Int) {
    cursor = RequestCursor(requests, from: place)
  }

  mutating func ask(_ count: Int, into requests: inout RequestBuffer) {
    cursor.copy(count, into: &requests)
  }

  func next(
    in bytes: UnsafeRawBufferPointer, taster: ((UnsafeRawBufferPointer) -> Void)?
  ) throws -> AnswerPart {
    guard let (body, end) = bytes.decimal(from: 3) else { return .unknown }
    guard bytes[0] == UInt8(ascii: "V"), bytes[1] == UInt8(ascii: "A") else {
      throw WrongAnswer(bytes.text)
    }
    return bytes.count < end + 2
      ? .unknown : AnswerPart(head: end + 2, body: body, tail: 2, isLast: true)
  }
}
