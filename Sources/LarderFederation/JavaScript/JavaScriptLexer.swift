/// Cuts JavaScript (ECMA-262, clause 12) into words, in one pass, without a grammar.
///
/// Takes any bytes: what no program could hold becomes a word of its own, and an open string,
/// comment, template or expression ends where the text does. Whether `/` divides or begins a
/// regular expression is told from the word before it; the two cases that need a grammar, a `/`
/// behind `)` and behind `}`, go by the word before the bracket, and by the style of generated
/// code.
struct JavaScriptLexer {
  /// Slashes that look like the start of an expression and find no end in their line; programs have
  /// none, and each costs a look at the line.
  private static let openRegexesMax = 64

  private let bytes: [UInt8]
  private var place = 0
  private var openRegexes = 0
  /// Open brackets, by the place of their word; a template's `${` counts as one.
  private var open: [Int32] = []
  private(set) var tokens: [JavaScriptToken] = []
  /// For each bracket the place of its other half; its own place where it has none.
  private(set) var partners: [Int32] = []
  /// For each word the place of the bracket that encloses it; -1 outside of all.
  private(set) var parents: [Int32] = []

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// - Returns: false if there are more words than `tokensMax`.
  mutating func run(tokensMax: Int) -> Bool {
    tokens.reserveCapacity(min(bytes.count / 3, tokensMax))
    skipHashbang()
    while true {
      skipBlanks()
      guard place < bytes.count else { return true }
      guard tokens.count < tokensMax else { return false }
      let start = place
      let kind = next()
      add(kind, from: start)
    }
  }

  private mutating func next() -> JavaScriptToken.Kind {
    let byte = bytes[place]
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "'"):
      skipString(byte)
      return .string
    case UInt8(ascii: "`"):
      place += 1
      skipTemplate()
      return .template
    case UInt8(ascii: "}") where isTemplateOpen:
      place += 1
      return skipTemplate() ? .templateTail : .templateMiddle
    case UInt8(ascii: "0")...UInt8(ascii: "9"):
      skipNumber()
      return .number
    case UInt8(ascii: ".") where isDigit(at: place + 1):
      skipNumber()
      return .number
    case UInt8(ascii: "/") where regexMayStand:
      if skipRegex() { return .regex }
      openRegexes += 1
      skipPunctuator()
      return .punctuator
    default:
      if Self.isNamePart(byte) || byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "#")
        || byte == UInt8(ascii: "@")
      {
        skipName()
        return .name
      }
      skipPunctuator()
      return .punctuator
    }
  }

  private mutating func add(_ kind: JavaScriptToken.Kind, from start: Int) {
    let index = Int32(tokens.count)
    tokens.append(JavaScriptToken(kind: kind, start: Int32(start), end: Int32(place)))
    partners.append(index)
    switch kind {
    case .template where bytes[place - 1] == UInt8(ascii: "{"):
      parents.append(open.last ?? -1)
      open.append(index)
    case .templateTail: close(index)
    case .punctuator:
      switch bytes[start] {
      case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"):
        parents.append(open.last ?? -1)
        open.append(index)
      case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
        close(index)
      default: parents.append(open.last ?? -1)
      }
    default: parents.append(open.last ?? -1)
    }
  }

  /// A closing bracket closes the innermost open one, of whichever form: what does not match is no
  /// program.
  private mutating func close(_ index: Int32) {
    if let opener = open.popLast() {
      partners[Int(opener)] = index
      partners[Int(index)] = opener
    }
    parents.append(open.last ?? -1)
  }

  private var isTemplateOpen: Bool {
    open.last.map { tokens[Int($0)].kind == .template } ?? false
  }

  // MARK: - Division or expression

  /// Names behind which a value begins.
  private static let operators: Set<String> = [
    "return", "typeof", "instanceof", "in", "of", "new", "delete", "void", "throw", "case", "do",
    "else", "yield", "await",
  ]

  private var regexMayStand: Bool {
    guard openRegexes < Self.openRegexesMax else { return false }
    guard let last = tokens.last else { return true }
    switch last.kind {
    case .number, .string, .regex, .templateTail: return false
    case .template: return bytes[Int(last.end) - 1] == UInt8(ascii: "{")
    case .templateMiddle: return true
    case .name:
      return Self.operators.contains(text(last)) && !isPunctuator(tokens.count - 2, ".")
    case .punctuator:
      switch bytes[Int(last.start)] {
      case UInt8(ascii: ")"):
        let opener = Int(partners[tokens.count - 1])
        guard opener > 0, opener < tokens.count - 1, tokens[opener - 1].kind == .name else {
          return false
        }
        return ["if", "while", "for", "with"].contains(text(tokens[opener - 1]))
          && !isPunctuator(opener - 2, ".")
      // Nothing divides a block, and nobody divides an object or a function that he just wrote.
      case UInt8(ascii: "}"): return true
      case UInt8(ascii: "]"): return false
      // `a++ / b`; nobody increments an expression.
      case UInt8(ascii: "+"), UInt8(ascii: "-"): return last.end - last.start == 1
      default: return true
      }
    }
  }

  private func text(_ token: JavaScriptToken) -> String {
    String(decoding: bytes[Int(token.start)..<Int(token.end)], as: UTF8.self)
  }

  private func isPunctuator(_ index: Int, _ mark: Character) -> Bool {
    guard index >= 0, tokens[index].kind == .punctuator else { return false }
    return text(tokens[index]) == String(mark)
  }

  fileprivate func isDigit(at place: Int) -> Bool {
    place < bytes.count && (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[place])
  }
}

// MARK: - What is skipped

extension JavaScriptLexer {
  static func isNamePart(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"), 0x80...:
      true
    default: false
    }
  }

  private mutating func skipHashbang() {
    if bytes.starts(with: "#!".utf8) { skipLine() }
  }

  private mutating func skipLine() {
    while place < bytes.count, bytes[place] != 0x0a, bytes[place] != 0x0d { place += 1 }
  }

  private mutating func skipBlanks() {
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

  private mutating func skipString(_ quote: UInt8) {
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
  private mutating func skipTemplate() -> Bool {
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
  private mutating func skipNumber() {
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

  private mutating func skipName() {
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
  private mutating func skipRegex() -> Bool {
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

  private mutating func skipPunctuator() {
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
