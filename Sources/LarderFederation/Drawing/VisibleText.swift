/// Names and messages come from other people's builds: what nobody would see, or what would show
/// the rest in another order, is written out as `\u{…}`.
enum VisibleText {
  /// `text` with its line breaks.
  static func lines(_ text: String) -> String {
    if isPlain(text) { return text }
    return text.split(separator: "\n", omittingEmptySubsequences: false).map { line($0) }
      .joined(separator: "\n")
  }

  /// `text` in one line, cut in its middle to `lengthMax` characters if told.
  static func line(_ text: some StringProtocol, lengthMax: Int = .max) -> String {
    // Most names are short and of printable ASCII.
    if isPlain(text), text.utf8.count <= lengthMax { return String(text) }
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

  private static func isPlain(_ text: some StringProtocol) -> Bool {
    text.utf8.allSatisfy { 0x20...0x7E ~= $0 }
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
