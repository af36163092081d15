extension VersionRange {
  /// Compiles the text of a range (`^1.2.3`, `1 - 2 || >=4 <5`) as webpack's build does under
  /// `rules`.
  ///
  /// Never fails: what is no range (`latest`, `workspace:*`) compiles to one that accepts nothing
  /// useful, as in webpack. A `-` with nothing after it, on which webpack's build throws, counts as
  /// part of the text.
  package init(parsing text: String, under rules: RuleSet = .webpack) {
    let alternatives = Self.splitAlternatives(text)
    self = Self.combine(alternatives.map { Self.range($0, rules) }, with: .or)
  }

  /// range ::= partial " - " partial | simple (" " simple)*
  private static func range(_ text: Substring, _ rules: RuleSet) -> VersionRange {
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
  private static func simple(_ text: Substring, _ rules: RuleSet) -> VersionRange {
    let operators = ["^", "~", "<=", "<", ">=", ">", "=", "v", "!"]
    let sign = operators.first { text.unicodeScalars.starts(with: $0.unicodeScalars) } ?? ""
    let rest = Substring(text.unicodeScalars.dropFirst(sign.count))
    let parts = partial(JavaScriptText.trim(rest))
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
  private static func partial(_ text: Substring) -> [VersionPart] {
    guard let (main, prerelease, _) = VersionPart.cut(text) else { return [.text(String(text))] }
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
  /// Cuts at each `||`, with the white space around it.
  private static func splitAlternatives(_ text: String) -> [Substring] {
    var pieces = text.unicodeScalars.split(
      separator: "||".unicodeScalars, omittingEmptySubsequences: false)
    for index in pieces.indices {
      if index > 0 { pieces[index] = pieces[index].drop(while: JavaScriptText.isSpace) }
      if index < pieces.count - 1 {
        pieces[index] = JavaScriptText.trimEnd(Substring(pieces[index])).unicodeScalars
      }
    }
    return pieces.map(Substring.init)
  }

  /// Cuts at each `-` that has white space on both sides.
  private static func splitHyphen(_ text: Substring) -> [Substring] {
    var pieces: [Substring] = []
    var rest = text.unicodeScalars
    var place = rest.startIndex
    while let hyphen = rest[place...].firstIndex(of: "-") {
      place = rest.index(after: hyphen)
      guard let before = rest[..<hyphen].last, JavaScriptText.isSpace(before),
        place < rest.endIndex, JavaScriptText.isSpace(rest[place])
      else { continue }
      pieces.append(JavaScriptText.trimEnd(Substring(rest[..<hyphen])))
      rest = rest[place...].drop(while: JavaScriptText.isSpace)
      place = rest.startIndex
    }
    return pieces + [Substring(rest)]
  }

  /// Cuts at white space that follows a letter, digit or `-`, so that `>= 1.0.0` stays in one
  /// piece.
  private static func splitSimple(_ text: Substring) -> [Substring] {
    func endsWord(_ scalar: Unicode.Scalar) -> Bool {
      scalar == "-"
        || (scalar.isASCII && scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
    }
    var pieces: [Substring] = []
    var rest = JavaScriptText.trim(text).unicodeScalars
    var place = rest.startIndex
    while let space = rest[place...].firstIndex(where: JavaScriptText.isSpace) {
      place = rest.index(after: space)
      guard let before = rest[..<space].last, endsWord(before) else { continue }
      pieces.append(Substring(rest[..<space]))
      rest = rest[place...].drop(while: JavaScriptText.isSpace)
      place = rest.startIndex
    }
    return pieces + [Substring(rest)]
  }
}
