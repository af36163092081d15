/// Conversions between text and numbers as ECMAScript makes them, where they decide how webpack
/// compares versions.
enum JavaScriptNumber {
  /// What unary plus makes of `text`, nil where that is NaN (ECMA-262, StringToNumber).
  static func value(of text: some StringProtocol) -> Double? {
    if let value = shortDigits(text) { return value }
    let body = String(JavaScriptText.trim(text))
    if body.isEmpty { return 0 }
    switch body.utf8.prefix(2).last.map({ Character(Unicode.Scalar($0 | 0x20)) }) {
    case "x" where body.hasPrefix("0"): return wholeNumber(body.dropFirst(2), radix: 16)
    case "o" where body.hasPrefix("0"): return wholeNumber(body.dropFirst(2), radix: 8)
    case "b" where body.hasPrefix("0"): return wholeNumber(body.dropFirst(2), radix: 2)
    default: break
    }
    switch body {
    case "Infinity", "+Infinity": return .infinity
    case "-Infinity": return -.infinity
    default: break
    }
    // `Double` also reads `inf`, `nan` and hexadecimal fractions, which JavaScript does not.
    let allowed = body.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "e"), UInt8(ascii: "E"): true
      case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."): true
      default: false
      }
    }
    return allowed ? Double(body) : nil
  }

  /// The number that a piece of an ordinary version is; nil for anything but one to fifteen digits,
  /// which a `Double` holds exactly.
  static func shortDigits(_ text: some StringProtocol) -> Double? {
    var value = 0
    var count = 0
    for byte in text.utf8 {
      guard count < 15, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
      value = value * 10 + Int(byte - UInt8(ascii: "0"))
      count += 1
    }
    return count > 0 ? Double(value) : nil
  }

  /// The text that JavaScript makes of `value` (ECMA-262, Number::toString), for whole numbers and
  /// infinities; nil for fractions and for what it would write with an exponent.
  static func text(of value: Double) -> String? {
    if value.isInfinite { return value < 0 ? "-Infinity" : "Infinity" }
    guard value.rounded(.towardZero) == value, value.magnitude < 1e21 else { return nil }
    if value == 0 { return "0" }
    if value.magnitude < 9_007_199_254_740_992 { return String(Int64(value)) }
    // Beyond 2^53 the shortest digits that name the number are padded with zeros.
    let written = value.magnitude.description.lowercased().split(separator: "e")
    let digits = written[0].split(separator: ".")
    var text = String(digits[0])
    if digits.count == 2, digits[1] != "0" { text += digits[1] }
    if written.count == 2, let exponent = Int(written[1]) {
      text += String(repeating: "0", count: max(0, exponent + 1 - text.count))
    }
    return value < 0 ? "-" + text : text
  }

  /// Whether `text` is a property key that JavaScript enumerates before all others, in numeric
  /// order: an array index, 0 to 2^32 - 2 without leading zeros.
  static func arrayIndex(_ text: String) -> UInt32? {
    guard let index = UInt32(text), index < .max, String(index) == text else { return nil }
    return index
  }

  /// `left < right` as JavaScript compares strings: by UTF-16 code units.
  static func precedes(_ left: String, _ right: String) -> Bool {
    left.utf16.lexicographicallyPrecedes(right.utf16)
  }

  /// The nearest number; above 2^53 the last bit may differ from JavaScript's for binary and octal.
  private static func wholeNumber(_ digits: Substring, radix: Int) -> Double? {
    guard !digits.isEmpty else { return nil }
    var value = 0.0
    for digit in digits {
      guard digit.isASCII, let worth = digit.hexDigitValue, worth < radix else { return nil }
      value = value * Double(radix) + Double(worth)
    }
    // Reads the same digits with one rounding at the end, as C does.
    return radix == 16 ? Double("0x\(digits)p0") : value
  }
}
