/// The runtime rewrites text until only comparators are left; the order of the steps, and that most
/// of them apply once, is part of what ranges mean.
extension MF2Range {
  /// One part between `||`, without white space around it; nil where it cannot be read.
  static func alternative(_ text: Substring) -> Alternative? {
    let words = JavaScriptText.words(joinedSigns(hyphen(text)))
    let written = words.map(comparators).joined(separator: " ")
    let found = JavaScriptText.words(written)
    // What was rewritten to nothing demands nothing.
    if found.isEmpty { return .anything }
    let demanding = found.filter { !demandsNothing($0) }
    let comparators = demanding.compactMap { MF2Comparator($0) }
    guard !demanding.isEmpty, comparators.count == demanding.count else { return nil }
    return .all(comparators)
  }

  /// `1.2 - 2` becomes `>=1.2.0 <3.0.0-0`; other texts stay.
  private static func hyphen(_ text: Substring) -> String {
    let scalars = text.unicodeScalars
    let hyphen = scalars.indices.first { index in
      guard scalars[index] == "-", let before = scalars[..<index].last,
        let after = scalars[index...].dropFirst().first
      else { return false }
      return JavaScriptText.isSpace(before) && JavaScriptText.isSpace(after)
    }
    guard let hyphen else { return String(text) }
    let left = JavaScriptText.trim(Substring(scalars[..<hyphen]))
    let right = JavaScriptText.trim(Substring(scalars[hyphen...].dropFirst()))
    guard let low = MF2Partial(left), let high = MF2Partial(right) else { return String(text) }
    let from =
      if MF2Partial.isAny(low.major) { "" } else if MF2Partial.isAny(low.minor) {
        ">=\(low.major).0.0"
      } else if MF2Partial.isAny(low.patch), let minor = low.minor {
        ">=\(low.major).\(minor).0"
      } else { ">=\(left)" }
    let to =
      if MF2Partial.isAny(high.major) {
        ""
      } else if let minor = high.minor,
        let patch = high.patch, !MF2Partial.isAny(minor), !MF2Partial.isAny(patch)
      {
        high.prerelease.map { "<=\(high.major).\(minor).\(patch)-\($0.joined(separator: "."))" }
          ?? "<=\(right)"
      } else { below(high) }
    return from + " " + to
  }

  /// Takes the white space away behind the first comparison sign, the first `~` or `~>`, and the
  /// first `^`.
  private static func joinedSigns(_ text: String) -> String {
    var text = Array(text.unicodeScalars)
    func isSpace(_ index: Int) -> Bool { index < text.count && JavaScriptText.isSpace(text[index]) }
    func has(_ signs: String, _ index: Int) -> Bool {
      index < text.count && signs.unicodeScalars.contains(text[index])
    }
    /// The first place behind all white space from `index` on.
    func pastSpace(_ index: Int) -> Int {
      var index = index
      while isSpace(index) { index += 1 }
      return index
    }

    // The first sign that a version follows; a version without a sign counts as one.
    for start in text.indices {
      var sign = pastSpace(start)
      if has("<>", sign) { sign += 1 }
      if has("=", sign) { sign += 1 }
      var version = pastSpace(sign)
      let blanks = sign..<version
      while has("v=", version) || isSpace(version) { version += 1 }
      guard has("0123456789xX*", version) else { continue }
      if sign > pastSpace(start) { text.removeSubrange(blanks) }
      break
    }
    for index in text.indices where text[index] == "~" {
      let end = [index + 1, index + 2].last {
        ($0 == index + 1 || has(">", index + 1)) && isSpace($0)
      }
      guard let end else { continue }
      text.removeSubrange(index + 1..<pastSpace(end))
      break
    }
    for index in text.indices where text[index] == "^" && isSpace(index + 1) {
      text.removeSubrange(index + 1..<pastSpace(index + 1))
      break
    }
    return String(String.UnicodeScalarView(text))
  }

  /// One word with `^`, `~` and missing parts written out as comparators.
  private static func comparators(_ word: Substring) -> String {
    let scalars = word.unicodeScalars
    if scalars.first == "^", let partial = MF2Partial(Substring(scalars.dropFirst())) {
      return caret(partial)
    }
    if scalars.first == "~" {
      let rest = scalars.dropFirst()
      if let partial = MF2Partial(Substring(rest.first == ">" ? rest.dropFirst() : rest)) {
        return tilde(partial)
      }
    }
    let (sign, rest) = MF2Comparator.cutSign(word)
    guard let partial = MF2Partial(rest) else { return withoutStar(word) }
    return completed(sign, partial) ?? String(word)
  }

  private static func caret(_ partial: MF2Partial) -> String {
    let major = partial.major
    if MF2Partial.isAny(major) { return "" }
    guard let minor = partial.minor, !MF2Partial.isAny(minor) else {
      return atLeast(partial) + " <\(MF2Partial.next(major)).0.0-0"
    }
    // The first part that is not zero may not change.
    if major != "0" { return atLeast(partial) + " <\(MF2Partial.next(major)).0.0-0" }
    guard let patch = partial.patch, !MF2Partial.isAny(patch), minor == "0" else {
      return atLeast(partial) + " <0.\(MF2Partial.next(minor)).0-0"
    }
    return atLeast(partial) + " <0.0.\(MF2Partial.next(patch))-0"
  }

  private static func tilde(_ partial: MF2Partial) -> String {
    if MF2Partial.isAny(partial.major) { return "" }
    guard let minor = partial.minor, !MF2Partial.isAny(minor) else {
      return atLeast(partial) + " <\(MF2Partial.next(partial.major)).0.0-0"
    }
    return atLeast(partial) + " <\(partial.major).\(MF2Partial.next(minor)).0-0"
  }

  /// What a sign means before a partial version; nil for a whole one, which needs no completion.
  private static func completed(_ sign: MF2Comparator.Sign, _ partial: MF2Partial) -> String? {
    if MF2Partial.isAny(partial.major) {
      return sign == .above || sign == .below ? "<0.0.0-0" : ""
    }
    let isWhole = !MF2Partial.isAny(partial.minor) && !MF2Partial.isAny(partial.patch)
    if isWhole { return nil }
    let release = atLeast(partial)
    return switch sign {
    case .none, .equal: release + " " + below(partial)
    case .atLeast: release
    case .below: "<" + release.dropFirst(2) + "-0"
    case .atMost: below(partial)
    // The next one that the partial version does not cover.
    case .above: ">=" + below(partial).dropFirst().dropLast(2)
    }
  }

  /// `>=`, with zeros in place of the parts that may be anything, and of all behind them.
  private static func atLeast(_ partial: MF2Partial) -> String {
    guard let minor = partial.minor, !MF2Partial.isAny(minor) else {
      return ">=\(partial.major).0.0"
    }
    guard let patch = partial.patch, !MF2Partial.isAny(patch) else {
      return ">=\(partial.major).\(minor).0"
    }
    return ">=\(partial.major).\(minor).\(patch)"
      + (partial.prerelease.map { "-" + $0.joined(separator: ".") } ?? "")
  }

  /// `<` and the first version that a partial one does not cover.
  private static func below(_ partial: MF2Partial) -> String {
    guard let minor = partial.minor, !MF2Partial.isAny(minor) else {
      return "<\(MF2Partial.next(partial.major)).0.0-0"
    }
    return "<\(partial.major).\(MF2Partial.next(minor)).0-0"
  }

  /// The word without its first `*` and the sign before that.
  private static func withoutStar(_ word: Substring) -> String {
    var scalars = Array(word.unicodeScalars)
    guard let star = scalars.firstIndex(of: "*") else { return String(word) }
    var start = star
    if start > 0, scalars[start - 1] == "=" { start -= 1 }
    if start > 0, scalars[start - 1] == "<" || scalars[start - 1] == ">" { start -= 1 }
    scalars.removeSubrange(start...star)
    return String(String.UnicodeScalarView(scalars))
  }

  /// `>=0.0.0`, with any characters for the dots.
  private static func demandsNothing(_ word: Substring) -> Bool {
    let scalars = Array(word.unicodeScalars)
    return scalars.count == 7 && scalars.starts(with: ">=".unicodeScalars)
      && [2, 4, 6].allSatisfy { scalars[$0] == "0" }
  }
}
