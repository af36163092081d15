extension VersionRange {
  /// Compiles the text of a range (`^1.2.3`, `1 - 2 || >=4 <5`) as webpack's build does under
  /// `rules`.
  ///
  /// Never fails: what is no range (`latest`, `workspace:*`) compiles to one that accepts nothing
  /// useful, as in webpack. A `-` with nothing after it, on which webpack's build throws, counts as
  /// part of the text.
  package init(parsing text: String, under rules: RuleSet = .webpack) {
    let alternatives = Self.split(text, on: "||").map { alternative in
      Self.range(alternative, rules)
    }
    self = Self.combine(alternatives, with: .or)
  }

  /// range ::= partial " - " partial | simple (" " simple)*
  private static func range(_ text: String, _ rules: RuleSet) -> VersionRange {
    let bounds = splitHyphen(text)
    if bounds.count == 1 {
      return combine(splitSimple(text).map { simple($0, rules) }, with: .and)
    }
    let (low, high) = (partial(bounds[0]), partial(bounds[1]))
    return VersionRange(steps: [
      .test(fixed(high)), .test(below(high)), .or, .test(Comparator(fixed: 0, parts: low)), .and,
    ])
  }

  /// simple ::= (^ | ~ | <= | < | >= | > | = | v | !)? partial
  private static func simple(_ text: String, _ rules: RuleSet) -> VersionRange {
    let operators = ["^", "~", "<=", "<", ">=", ">", "=", "v", "!"]
    let sign = operators.first { text.hasPrefix($0) } ?? ""
    let parts = partial(trim(text.dropFirst(sign.count)))
    let zero = VersionPart.number(0)
    switch sign {
    case "^":
      // The first part that is not zero may not change.
      guard parts.first == zero else { return one(Comparator(fixed: 1, parts: parts)) }
      return one(Comparator(fixed: parts.count > 1 && parts[1] == zero ? 3 : 2, parts: parts))
    case "~":
      let isMajorOnly = parts.count == 1 && rules.readsTildeMajorAsCaret
      return one(Comparator(fixed: isMajorOnly ? 1 : 2, parts: parts))
    case ">=": return one(Comparator(fixed: 0, parts: parts))
    case "<": return one(below(parts))
    case ">":
      return VersionRange(steps: [
        .test(fixed(parts)), .not, .test(Comparator(fixed: 0, parts: parts)), .and,
      ])
    case "<=": return VersionRange(steps: [.test(fixed(parts)), .test(below(parts)), .or])
    case "!": return VersionRange(steps: [.test(fixed(parts)), .not])
    default: return one(fixed(parts))
    }
  }

  /// The pieces of a version of which trailing parts may be missing or `x`, `X`, `*`; build
  /// metadata is dropped.
  private static func partial(_ text: String) -> [VersionPart] {
    guard let (main, prerelease, _) = VersionPart.cut(text) else { return [.text(text)] }
    var parts = main.isEmpty ? [] : VersionPart.rangePieces(main)
    if !prerelease.isEmpty {
      parts.append(.prerelease)
      parts += VersionPart.rangePieces(prerelease)
    }
    while let last = parts.last, last == .prerelease || ["*", "x", "X"].contains(last.written) {
      parts.removeLast()
    }
    return parts
  }

  /// `1` means `1.x.x` and `1.2` means `1.2.x`; from three parts on, all must be equal.
  private static func fixed(_ parts: [VersionPart]) -> Comparator {
    Comparator(fixed: parts.count < 3 ? parts.count : parts.count + 1, parts: parts)
  }

  private static func below(_ parts: [VersionPart]) -> Comparator {
    Comparator(fixed: -1, parts: parts)
  }

  private static func one(_ comparator: Comparator) -> VersionRange {
    VersionRange(steps: [.test(comparator)])
  }

  /// Last operand first, as webpack emits it, so that texts come out in the order in which they
  /// were written.
  static func combine(_ ranges: [VersionRange], with step: Step) -> VersionRange {
    if ranges.count == 1 { return ranges[0] }
    let operators = repeatElement(step, count: ranges.count - 1)
    return VersionRange(steps: ranges.reversed().flatMap(\.steps) + operators)
  }
}

// MARK: - Cutting

extension VersionRange {
  /// Cuts at each `separator`, with the white space around it.
  private static func split(_ text: String, on separator: String) -> [String] {
    var pieces = text.split(separator: separator, omittingEmptySubsequences: false)
    for index in pieces.indices {
      if index > 0 { pieces[index] = pieces[index].drop(while: \.isWhitespace) }
      if index < pieces.count - 1 {
        while pieces[index].last?.isWhitespace == true { pieces[index].removeLast() }
      }
    }
    return pieces.map(String.init)
  }

  /// Cuts at each `-` that has white space on both sides.
  private static func splitHyphen(_ text: String) -> [String] {
    var pieces: [String] = []
    var piece = ""
    var rest = text[...]
    while let character = rest.popFirst() {
      if character == "-", piece.last?.isWhitespace == true, rest.first?.isWhitespace == true {
        while piece.last?.isWhitespace == true { piece.removeLast() }
        pieces.append(piece)
        piece = ""
        rest = rest.drop(while: \.isWhitespace)
      } else {
        piece.append(character)
      }
    }
    return pieces + [piece]
  }

  /// Cuts at white space that follows a letter, digit or `-`, so that `>= 1.0.0` stays in one
  /// piece.
  private static func splitSimple(_ text: String) -> [String] {
    var pieces: [String] = []
    var piece = ""
    var rest = trim(text[...])[...]
    while let character = rest.popFirst() {
      let endsWord =
        piece.last.map { $0 == "-" || ($0.isASCII && ($0.isLetter || $0.isNumber)) } ?? false
      if character.isWhitespace, endsWord {
        pieces.append(piece)
        piece = ""
        rest = rest.drop(while: \.isWhitespace)
      } else {
        piece.append(character)
      }
    }
    return pieces + [piece]
  }

  private static func trim(_ text: Substring) -> String {
    var text = text.drop(while: \.isWhitespace)
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
