/// A place in a JavaScript text, which moves over one lexical element at a time (ECMA-262, clause 12).
///
/// Whoever moves it has looked at the byte there: each function takes for granted what it is called
/// for, and an open string, comment, template or expression ends where the text does.
struct JavaScriptCursor {
  let bytes: [UInt8]
  var place = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { place >= bytes.count }

  func isDigit(at place: Int) -> Bool {
    place < bytes.count && (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[place])
  }

  /// Whether a name may go on with it; a byte of a character beyond ASCII is taken for a letter.
  static func isNamePart(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"), 0x80...:
      true
    default: false
    }
  }

  mutating func skipHashbang() {
    if bytes.starts(with: "#!".utf8) { skipLine() }
  }

  private mutating func skipLine() {
    while place < bytes.count, bytes[place] != 0x0a, bytes[place] != 0x0d { place += 1 }
  }

  mutating func skipBlanks() {
    while place < bytes.count {
      switch bytes[place] {
      case 0x09...0x0d, 0x20: place += 1
      // The byte order mark and the no-break space.
      case 0xef where has([0xef, 0xbb, 0xbf]): place += 3
      case 0xc2 where has([0xc2, 0xa0]): place += 2
      case UInt8(ascii: "/") where has(Array("//".utf8)): skipLine()
      case UInt8(ascii: "/") where has(Array("/*".utf8)): skipComment()
      default: return
      }
    }
  }

  private mutating func skipComment() {
    place += 2
    while place < bytes.count {
      if bytes[place] == UInt8(ascii: "*"), has(Array("*/".utf8)) {
        place += 2
        return
      }
      place += 1
    }
  }

  private func has(_ expected: [UInt8]) -> Bool {
    place + expected.count <= bytes.count
      && bytes[place..<place + expected.count].elementsEqual(expected)
  }

  mutating func skipString(_ quote: UInt8) {
    place += 1
    while place < bytes.count {
      let byte = bytes[place]
      place += 1
      if byte == quote { return }
      if byte == UInt8(ascii: "\\") {
        place = min(place + (has([0x0d, 0x0a]) ? 2 : 1), bytes.count)
      } else if byte == 0x0a {
        // A string ends with its line.
        place -= 1
        return
      }
    }
  }

  /// - Returns: whether the template ended; else a `${` opened.
  @discardableResult
  mutating func skipTemplate() -> Bool {
    while place < bytes.count {
      let byte = bytes[place]
      place += 1
      if byte == UInt8(ascii: "`") { return true }
      if byte == UInt8(ascii: "\\") {
        place = min(place + 1, bytes.count)
      } else if byte == UInt8(ascii: "$"), place < bytes.count, bytes[place] == UInt8(ascii: "{") {
        place += 1
        return false
      }
    }
    return true
  }

  /// Digits in every base, separators, exponents, and the `n` of a big one.
  mutating func skipNumber() {
    while place < bytes.count {
      let byte = bytes[place]
      let isSigned =
        (byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-"))
        && (bytes[place - 1] | 0x20) == UInt8(ascii: "e") && !isHexadecimal(before: place)
      guard Self.isNamePart(byte) || byte == UInt8(ascii: ".") || isSigned else { return }
      place += 1
    }
  }

  private func isHexadecimal(before end: Int) -> Bool {
    var start = end
    // A number with an exponent is short; one in hexadecimal begins with its mark.
    while start > 0, end - start < 32, Self.isNamePart(bytes[start - 1]) { start -= 1 }
    return start + 1 < end && bytes[start] == UInt8(ascii: "0")
      && (bytes[start + 1] | 0x20) == UInt8(ascii: "x")
  }

  mutating func skipName() {
    if bytes[place] != UInt8(ascii: "\\") { place += 1 }
    while place < bytes.count {
      if bytes[place] == UInt8(ascii: "\\") {
        // `\u{61}` is a letter, its brackets are none.
        place += 1
        if has(Array("u{".utf8)) {
          while place < bytes.count, bytes[place] != UInt8(ascii: "}"), bytes[place] != 0x0a {
            place += 1
          }
          place = min(place + 1, bytes.count)
        }
      } else if Self.isNamePart(bytes[place]) {
        place += 1
      } else {
        return
      }
    }
  }

  /// - Returns: false, with nothing skipped, if the line has no end of an expression.
  mutating func skipRegex() -> Bool {
    var end = place + 1
    var isInClass = false
    while end < bytes.count {
      let byte = bytes[end]
      end += 1
      switch byte {
      case 0x0a, 0x0d: return false
      case UInt8(ascii: "\\"): end += 1
      case UInt8(ascii: "["): isInClass = true
      case UInt8(ascii: "]"): isInClass = false
      case UInt8(ascii: "/") where !isInClass:
        while end < bytes.count, Self.isNamePart(bytes[end]) { end += 1 }
        place = end
        return true
      default: break
      }
    }
    return false
  }

  /// Longest first, as the language reads them.
  private static let long: [[UInt8]] = [
    ">>>=", "...", "===", "!==", "**=", "<<=", ">>=", ">>>", "&&=", "||=", "??=", "=>", "==", "!=",
    "<=", ">=", "&&", "||", "??", "?.", "++", "--", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=",
    "<<", ">>", "**",
  ].map { Array($0.utf8) }

  mutating func skipPunctuator() {
    switch bytes[place] {
    case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "["), UInt8(ascii: "]"),
      UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: ","), UInt8(ascii: ";"),
      UInt8(ascii: ":"), UInt8(ascii: "~"):
      place += 1
    default:
      let mark = Self.long.first(where: has)
      // `a?.5:1` is a condition.
      if let mark, mark != Array("?.".utf8) || !isDigit(at: place + 2) {
        place += mark.count
      } else {
        place += 1
      }
    }
  }
}
