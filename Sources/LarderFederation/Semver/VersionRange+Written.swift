extension VersionRange {
  /// Reads a range back from webpack's own spelling of a compiled one, as module identifiers carry
  /// it (`>=1 not(^1)`, `>=1.0.0 (<2.0.0 || =2.0.0)`); nil for a text of another shape.
  ///
  /// The spelling loses one thing: `=0.0.3` may have been `0.0.3` or `^0.0.3`. These differ only
  /// for versions with a fourth part or a pre-release, and the first is assumed.
  package init?(written text: String) {
    // The outermost pair of brackets is cut off without regard to what it enclosed.
    for candidate in [text, "(" + text + ")"] {
      var reader = WrittenRangeReader(candidate)
      if let range = reader.alternatives(), reader.isAtEnd {
        self = range
        return
      }
    }
    return nil
  }
}

/// Reads `a b || c`, brackets and `not(…)`, with the blank binding tighter than the bars.
private struct WrittenRangeReader {
  private var rest: Substring
  /// Open brackets; a bundle's range nests two or three deep, and a limit keeps hostile input off
  /// the stack.
  private var depth = 0
  private let depthMax = 32

  init(_ text: String) { rest = text[...] }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func alternatives() -> VersionRange? {
    guard depth < depthMax, let first = conjunction() else { return nil }
    var ranges = [first]
    while take(" || ") {
      guard let next = conjunction() else { return nil }
      ranges.append(next)
    }
    return VersionRange.combine(ranges, with: .or)
  }

  private mutating func conjunction() -> VersionRange? {
    guard let first = operand() else { return nil }
    var ranges = [first]
    while !rest.hasPrefix(" || "), take(" ") {
      guard let next = operand() else { return nil }
      ranges.append(next)
    }
    return VersionRange.combine(ranges, with: .and)
  }

  private mutating func operand() -> VersionRange? {
    let isNegated = take("not(")
    if isNegated || take("(") {
      depth += 1
      defer { depth -= 1 }
      guard let inner = alternatives(), take(")") else { return nil }
      return isNegated ? VersionRange(steps: inner.steps + [.not]) : inner
    }
    return comparator().map { VersionRange(steps: [.test($0)]) }
  }

  private mutating func comparator() -> VersionRange.Comparator? {
    let word = rest.prefix { $0 != " " && $0 != "(" && $0 != ")" }
    rest = rest[word.endIndex...]
    if word == "*" { return VersionRange.Comparator(fixed: 0, parts: []) }
    let signs = [("!=", -2), (">=", 0), ("<", -1), ("^", 1), ("~", 2), ("=", 3)]
    guard let (sign, fixed) = signs.first(where: { word.hasPrefix($0.0) }),
      let (main, prerelease, _) = VersionPart.cut(String(word.dropFirst(sign.count)))
    else { return nil }
    var parts = main.isEmpty ? [] : VersionPart.rangePieces(main)
    if !prerelease.isEmpty {
      parts.append(.prerelease)
      parts += VersionPart.rangePieces(prerelease)
    }
    guard !parts.isEmpty else { return nil }
    // Two parts behind `=` can only have been `^0.0`, which fixes three.
    let count = sign == "=" && parts.count > 2 ? parts.count + 1 : fixed
    return VersionRange.Comparator(fixed: count, parts: parts)
  }

  private mutating func take(_ text: String) -> Bool {
    guard rest.hasPrefix(text) else { return false }
    rest = rest.dropFirst(text.count)
    return true
  }
}
