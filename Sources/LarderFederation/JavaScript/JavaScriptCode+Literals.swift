extension JavaScriptCode {
  /// The text of the string or of the template without `${}` at `place`, escapes read; nil for
  /// anything else.
  func string(_ place: Int) -> String? {
    guard let kind = kind(place), kind == .string || kind == .template else { return nil }
    let token = tokens[place]
    let content = bytes[Int(token.start)..<Int(token.end)]
    guard content.count >= 2, content.first == content.last else { return nil }
    return Self.unescaped(content.dropFirst().dropLast())
  }

  /// The text of the part of a template at `place` that stands between its marks.
  func templateText(_ place: Int) -> String {
    let token = tokens[place]
    var content = bytes[Int(token.start)..<Int(token.end)].dropFirst()
    content = content.dropLast(content.suffix(2).elementsEqual("${".utf8) ? 2 : 1)
    return Self.unescaped(content)
  }

  /// The string that `places` consists of.
  func string(_ places: Range<Int>) -> String? {
    let places = unwrapped(places)
    return places.count == 1 ? string(places.lowerBound) : nil
  }

  /// The number at `place` as a property key would be written: `2e3` is 2000.
  func number(_ place: Int) -> Double? {
    guard kind(place) == .number else { return nil }
    return JavaScriptNumber.value(of: text(place).filter { $0 != "_" && $0 != "n" })
  }

  /// The string or number at `place` as JavaScript turns it into a property key.
  func key(_ place: Int) -> String? {
    if let text = string(place) { return text }
    guard let value = number(place) else { return nil }
    return JavaScriptNumber.text(of: value) ?? text(place)
  }

  /// The string or number that `places` consists of, as a property key.
  func key(_ places: Range<Int>) -> String? {
    let places = unwrapped(places)
    return places.count == 1 ? key(places.lowerBound) : nil
  }

  /// `true`, `!0`, `1` and their opposites; nil for anything else.
  func boolean(_ places: Range<Int>) -> Bool? {
    let places = unwrapped(places)
    let first = places.lowerBound
    switch places.count {
    case 1:
      if self.is(first, "true") { return true }
      if self.is(first, "false") { return false }
      return number(first).map { $0 != 0 }
    case 2 where self.is(first, "!"): return number(first + 1).map { $0 == 0 }
    default: return nil
    }
  }

  /// The elements of the array that `places` consists of, holes as empty ranges; nil for anything
  /// else.
  func array(_ places: Range<Int>) -> [Range<Int>]? {
    let places = unwrapped(places)
    guard self.is(places.lowerBound, "["), partner(places.lowerBound) == places.upperBound - 1
    else { return nil }
    return split(inside(places.lowerBound))
  }

  /// The strings and numbers that an array consists of; nil where it has anything else.
  func keys(_ places: Range<Int>) -> [String]? {
    guard let elements = array(places) else { return nil }
    let found = elements.compactMap { key($0) }
    return found.count == elements.count ? found : nil
  }

  // MARK: - Escapes

  /// ECMA-262, 12.9.4: what is no escape stands for itself.
  private static func unescaped(_ content: ArraySlice<UInt8>) -> String {
    guard content.contains(UInt8(ascii: "\\")) else {
      return String(decoding: content, as: UTF8.self)
    }
    var units: [UInt16] = []
    var plain: [UInt8] = []
    func flush() {
      units += Array(String(decoding: plain, as: UTF8.self).utf16)
      plain = []
    }
    var rest = content
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\"), let mark = rest.popFirst() else {
        plain.append(byte)
        continue
      }
      switch mark {
      case UInt8(ascii: "n"): plain.append(0x0a)
      case UInt8(ascii: "t"): plain.append(0x09)
      case UInt8(ascii: "r"): plain.append(0x0d)
      case UInt8(ascii: "b"): plain.append(0x08)
      case UInt8(ascii: "f"): plain.append(0x0c)
      case UInt8(ascii: "v"): plain.append(0x0b)
      case 0x0a: break
      case 0x0d: if rest.first == 0x0a { rest.removeFirst() }
      case UInt8(ascii: "0")...UInt8(ascii: "7"): plain.append(octal(mark, &rest))
      case UInt8(ascii: "x"), UInt8(ascii: "u"):
        guard let scalar = codePoint(mark, &rest) else {
          plain.append(mark)
          continue
        }
        flush()
        if scalar > 0xffff {
          units.append(UInt16(0xd800 + (scalar - 0x10000) >> 10))
          units.append(UInt16(0xdc00 + (scalar - 0x10000) & 0x3ff))
        } else {
          units.append(UInt16(scalar))
        }
      default: plain.append(mark)
      }
    }
    flush()
    return String(decoding: units, as: UTF16.self)
  }

  /// Up to three digits, of which only those below 128 are ever written.
  private static func octal(_ first: UInt8, _ rest: inout ArraySlice<UInt8>) -> UInt8 {
    var value = Int(first - UInt8(ascii: "0"))
    var digits = 1
    while digits < 3, let digit = rest.first,
      (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(digit)
    {
      value = value * 8 + Int(digit - UInt8(ascii: "0"))
      digits += 1
      rest.removeFirst()
    }
    return UInt8(value & 0x7f)
  }

  /// `\x41`, `\u0041`, `\u{41}`.
  private static func codePoint(_ mark: UInt8, _ rest: inout ArraySlice<UInt8>) -> UInt32? {
    var digits: ArraySlice<UInt8>
    if mark == UInt8(ascii: "u"), rest.first == UInt8(ascii: "{") {
      guard let end = rest.prefix(10).firstIndex(of: UInt8(ascii: "}")) else { return nil }
      digits = rest[(rest.startIndex + 1)..<end]
      guard let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16),
        value <= 0x10ffff
      else { return nil }
      rest = rest[(end + 1)...]
      return value
    }
    digits = rest.prefix(mark == UInt8(ascii: "x") ? 2 : 4)
    guard digits.count == (mark == UInt8(ascii: "x") ? 2 : 4),
      let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    else { return nil }
    rest = rest.dropFirst(digits.count)
    return value
  }
}
