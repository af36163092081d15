import LarderClient

/// Reads one JSON document (RFC 8259) from UTF-8.
///
/// Of members with one name the last value counts, in the place of the first, as in JavaScript.
struct JSONReader {
  /// Lists and objects within each other: a share case needs five, and each takes a few hundred
  /// bytes of stack.
  static let depthMax = 64

  private let bytes: [UInt8]
  private var place = 0
  private var depth = 0

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The value of the whole of `bytes`.
  ///
  /// - Parameter name: the file, for messages.
  /// - Throws: `invalidInput` with the line that cannot be read.
  static func read(_ bytes: [UInt8], named name: String) throws(ClientError) -> JSONValue {
    var reader = JSONReader(bytes)
    do throws(Failure) {
      let value = try reader.value()
      reader.skipSpace()
      if reader.place < bytes.count { throw Failure(what: "more follows the first document") }
      return value
    } catch {
      let line = bytes[..<min(reader.place, bytes.count)].count { $0 == UInt8(ascii: "\n") } + 1
      throw .input("'\(name)' is no JSON, line \(line): \(error.what)", subject: name)
    }
  }

  private struct Failure: Error { let what: String }

  // MARK: - Values

  private mutating func value() throws(Failure) -> JSONValue {
    skipSpace()
    guard depth < Self.depthMax else {
      throw Failure(what: "lists and objects lie more than \(Self.depthMax) deep")
    }
    depth += 1
    defer { depth -= 1 }
    switch next {
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return try number()
    }
  }

  private mutating func object() throws(Failure) -> JSONValue {
    place += 1
    var members: [JSONValue.Member] = []
    var places: [String: Int] = [:]
    while try !ends("}", first: members.isEmpty) {
      guard next == UInt8(ascii: "\"") else { throw Failure(what: "a member's name is missing") }
      let name = try string()
      skipSpace()
      guard take(":") else { throw Failure(what: "no colon follows \"\(name)\"") }
      let value = try value()
      if let place = places[name] {
        members[place].value = value
      } else {
        places[name] = members.count
        members.append(JSONValue.Member(name: name, value: value))
      }
    }
    return .object(members)
  }

  private mutating func array() throws(Failure) -> JSONValue {
    place += 1
    var values: [JSONValue] = []
    while try !ends("]", first: values.isEmpty) { values.append(try value()) }
    return .array(values)
  }

  /// Whether the list or object ends here; otherwise a comma was taken, but before the first.
  private mutating func ends(_ bracket: Unicode.Scalar, first: Bool) throws(Failure) -> Bool {
    skipSpace()
    if take(bracket) { return true }
    if !first, !take(",") { throw Failure(what: "a comma or '\(bracket)' is missing") }
    skipSpace()
    return false
  }

  private mutating func word(_ text: String, _ value: JSONValue) throws(Failure) -> JSONValue {
    guard bytes[place...].starts(with: text.utf8) else {
      throw Failure(what: "no value stands here")
    }
    place += text.utf8.count
    return value
  }

  private mutating func number() throws(Failure) -> JSONValue {
    let start = place
    _ = take("-")
    let whole = digits()
    if whole == 0 || (whole > 1 && bytes[place - whole] == UInt8(ascii: "0")) {
      throw Failure(what: "no value stands here")
    }
    if take("."), digits() == 0 { throw Failure(what: "digits are missing") }
    if take("e") || take("E") {
      if !take("+") { _ = take("-") }
      if digits() == 0 { throw Failure(what: "digits are missing") }
    }
    return .number(String(decoding: bytes[start..<place], as: UTF8.self))
  }

  private mutating func digits() -> Int {
    let start = place
    while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { place += 1 }
    return place - start
  }

  // MARK: - Texts

  private mutating func string() throws(Failure) -> String {
    place += 1
    var text: [UInt8] = []
    while let byte = next {
      place += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: text, as: UTF8.self) else {
          throw Failure(what: "a text is no UTF-8")
        }
        return string
      case UInt8(ascii: "\\"): text += Array(try escape().utf8)
      case ..<0x20: throw Failure(what: "a line break or control character stands in a text")
      default: text.append(byte)
      }
    }
    throw Failure(what: "a text does not end")
  }

  private mutating func escape() throws(Failure) -> String {
    guard let byte = next else { throw Failure(what: "a text does not end") }
    place += 1
    switch Unicode.Scalar(byte) {
    case "\"", "\\", "/": return String(Unicode.Scalar(byte))
    case "b": return "\u{8}"
    case "f": return "\u{c}"
    case "n": return "\n"
    case "r": return "\r"
    case "t": return "\t"
    case "u":
      let unit = try codeUnit()
      if let scalar = Unicode.Scalar(unit) { return String(scalar) }
      guard UTF16.isLeadSurrogate(unit), take("\\"), take("u"),
        case let trail = try codeUnit(), UTF16.isTrailSurrogate(trail)
      else { throw Failure(what: "half of a surrogate pair stands in a text") }
      return String(decoding: [unit, trail], as: UTF16.self)
    default: throw Failure(what: "a text has an unknown escape")
    }
  }

  private mutating func codeUnit() throws(Failure) -> UInt16 {
    let digits = bytes[place...].prefix(4)
    guard digits.count == 4,
      digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw Failure(what: "a text has an escape without its four digits") }
    place += 4
    return unit
  }

  // MARK: - Bytes

  private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: scalar) else { return false }
    place += 1
    return true
  }

  private mutating func skipSpace() {
    while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { place += 1 }
  }
}
