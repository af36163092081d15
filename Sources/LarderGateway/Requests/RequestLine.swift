/// Where requests begin in a stream of bytes, and whether their first lines are what everybody takes
/// for one: two single spaces, and `HTTP/` behind the second.
///
/// The parser behind it takes a few more forms, among them another protocol's. A pure state machine,
/// which relies on requests without bodies: one ends with the first empty line.
struct RequestLine {
  private enum Place {
    case start
    case method
    case target(isEmpty: Bool)
    case version(Int)
    case line(isEmpty: Bool)
  }

  private static let version = Array("HTTP/".utf8)

  private var place = Place.start

  /// - Returns: nil if all of them may stand there; else where the request begins whose first line is
  ///   none, 0 for one that began before them. What follows means nothing then.
  mutating func take(_ bytes: UnsafeRawBufferPointer) -> Int? {
    var begin = 0
    var index = 0
    while index < bytes.count {
      if case .start = place { begin = index }
      if case .line = place, !Self.isEnd(bytes[index]) {
        // The rest of a field is the parser's.
        place = .line(isEmpty: false)
        index = bytes[index...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
      } else {
        guard take(bytes[index]) else { return begin }
        index += 1
      }
    }
    return nil
  }

  private static func isEnd(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "\n")
  }

  /// - Returns: false for a byte that no first line has there.
  private mutating func take(_ byte: UInt8) -> Bool {
    let isSpace = byte == UInt8(ascii: " ")
    let isEnd = Self.isEnd(byte)
    switch place {
    case .start:
      // Empty lines before a request are no part of it (RFC 9112, 2.2).
      if isEnd { return true }
      place = .method
      return !isSpace
    case .method:
      if isSpace { place = .target(isEmpty: true) }
      return !isEnd
    case .target(let isEmpty):
      place = isSpace ? .version(0) : .target(isEmpty: false)
      return !isEnd && !(isSpace && isEmpty)
    case .version(let count):
      guard byte == Self.version[count] else { return false }
      place = count + 1 == Self.version.count ? .line(isEmpty: false) : .version(count + 1)
      return true
    case .line(let isEmpty):
      if byte == UInt8(ascii: "\n") {
        place = isEmpty ? .start : .line(isEmpty: true)
      } else if byte != UInt8(ascii: "\r") {
        place = .line(isEmpty: false)
      }
      return true
    }
  }
}
