/// RESP (redis): GET, answered by `$<length>`, the value, and an end of line.
struct RedisDialogue: Dialogue {
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
    guard let (body, end) = bytes.decimal(from: 1) else { return .unknown }
    guard bytes[0] == UInt8(ascii: "$") else { throw WrongAnswer(bytes.text) }
    return bytes.count < end + 2
      ? .unknown : AnswerPart(head: end + 2, body: body, tail: 2, isLast: true)
  }
}

extension UnsafeRawBufferPointer {
  /// The decimal number that begins at `start`, and where it ends; nil where its end has not come.
  func decimal(from start: Int) -> (value: Int, end: Int)? {
    var value = 0
    var place = start
    while place < count {
      let digit = self[place] &- UInt8(ascii: "0")
      if digit > 9 { return (value, place) }
      value = value * 10 + Int(digit)
      place += 1
    }
    return nil
  }

  /// Its beginning, for who wonders what came.
  var text: String { "unexpected: " + String(decoding: prefix(80), as: UTF8.self) }
}
