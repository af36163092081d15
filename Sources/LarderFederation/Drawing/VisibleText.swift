/// Names and messages come from other people's builds: what nobody would see, or what would show
/// the rest in another order, is written out as `\u{…}`.
enum VisibleText {
  /// `text` with its line breaks.
  static func lines(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line($0) }
      .joined(separator: "\n")
  }

  /// `text` in one line, cut in its middle to `lengthMax` characters if told.
  static func line(_ text: some StringProtocol, lengthMax: Int = .max) -> String {
    var shown = ""
    for scalar in text.unicodeScalars {
      if isHidden(scalar) {
        shown += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        shown.unicodeScalars.append(scalar)
      }
    }
    let count = shown.count
    guard count > lengthMax else { return shown }
    let half = (lengthMax - 1) / 2
    return "\(shown.prefix(lengthMax - 1 - half))…\(shown.suffix(half))"
  }

  /// Control characters, marks of writing direction, and what XML 1.0 forbids.
  private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: true
    case .unassigned: scalar.value & 0xFFFE == 0xFFFE
    default: false
    }
  }
}
