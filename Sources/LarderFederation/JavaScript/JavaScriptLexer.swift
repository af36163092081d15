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

  private var cursor: JavaScriptCursor
  private var bytes: [UInt8] { cursor.bytes }
  private var place: Int { cursor.place }
  private var openRegexes = 0
  /// Open brackets, by the place of their word; a template's `${` counts as one.
  private var open: [Int32] = []
  private(set) var tokens: [JavaScriptToken] = []
  /// For each bracket the place of its other half; its own place where it has none.
  private(set) var partners: [Int32] = []
  /// For each word the place of the bracket that encloses it; -1 outside of all.
  private(set) var parents: [Int32] = []

  init(_ bytes: [UInt8]) { cursor = JavaScriptCursor(bytes) }

  /// - Returns: false if there are more words than `tokensMax`.
  mutating func run(tokensMax: Int) -> Bool {
    tokens.reserveCapacity(min(bytes.count / 3, tokensMax))
    cursor.skipHashbang()
    while true {
      cursor.skipBlanks()
      guard !cursor.isAtEnd else { return true }
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
      cursor.skipString(byte)
      return .string
    case UInt8(ascii: "`"):
      cursor.place += 1
      cursor.skipTemplate()
      return .template
    case UInt8(ascii: "}") where isTemplateOpen:
      cursor.place += 1
      return cursor.skipTemplate() ? .templateTail : .templateMiddle
    case UInt8(ascii: "0")...UInt8(ascii: "9"):
      cursor.skipNumber()
      return .number
    case UInt8(ascii: ".") where cursor.isDigit(at: place + 1):
      cursor.skipNumber()
      return .number
    case UInt8(ascii: "/") where regexMayStand:
      if cursor.skipRegex() { return .regex }
      openRegexes += 1
      cursor.skipPunctuator()
      return .punctuator
    default:
      if JavaScriptCursor.isNamePart(byte) || byte == UInt8(ascii: "\\")
        || byte == UInt8(ascii: "#")
        || byte == UInt8(ascii: "@")
      {
        cursor.skipName()
        return .name
      }
      cursor.skipPunctuator()
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
}
