/// A range as Module Federation 2 reads it at run time: alternatives, each of comparators that must
/// all hold.
///
/// Its own grammar, with gaps: pre-releases are ordinary versions (`^1.0.0` takes `1.2.0-beta.1`),
/// blanks behind a sign are allowed once (`>= 1.0.0 < 2.0.0` accepts nothing), `>=0.0.0` by itself
/// accepts nothing, and versions must have three numbers.
package struct MF2Range: Hashable, Sendable {
  enum Alternative: Hashable, Sendable {
    /// `*`, `x`, nothing at all: every version of three numbers.
    case anything
    case all([MF2Comparator])
  }

  /// As it was written; what the runtime's messages show.
  package let text: String
  /// Those that can be read; the others accept nothing.
  let alternatives: [Alternative]

  /// Reads `text`; any text is accepted.
  package init(parsing text: String) {
    self.text = text
    alternatives = text.unicodeScalars.split(
      separator: "||".unicodeScalars, omittingEmptySubsequences: false
    ).compactMap { Self.alternative(JavaScriptText.trim(Substring($0))) }
  }

  /// Whether `version` satisfies the range.
  package func accepts(_ version: String) -> Bool {
    guard !version.isEmpty, let version = MF2Comparator(version) else { return false }
    return alternatives.contains { alternative in
      switch alternative {
      case .anything: true
      case .all(let comparators): comparators.allSatisfy { $0.accepts(version) }
      }
    }
  }

  /// Whether the runtime puts `left` below `right` or beside it, by which it looks for the highest:
  /// false also where it cannot compare them. What reads as one number is filled up with zeros
  /// before (`1.5` counts as `1.5.0`).
  static func isAtMost(_ left: String, _ right: String) -> Bool {
    let (low, high) = (filledUp(left), filledUp(right))
    if let low = MF2Comparator(low), let high = MF2Comparator(high) {
      return high.with(.atMost).accepts(low)
    }
    return MF2Range(parsing: "<=" + high).accepts(low)
  }

  private static func filledUp(_ version: String) -> String {
    let dotCount = version.utf8.count { $0 == UInt8(ascii: ".") }
    guard dotCount < 2, JavaScriptNumber.value(of: version) != nil else { return version }
    return version + String(repeating: ".0", count: 2 - dotCount)
  }
}
