/// Classes of characters as JavaScript's regular expressions and `trim` have them (ECMA-262,
/// WhiteSpace and LineTerminator), and what is cut by them.
enum JavaScriptText {
  /// `\s`, and what `trim` takes away.
  static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09...0x0D, 0x20, 0xA0, 0x1680, 0x2000...0x200A, 0x202F, 0x205F, 0x3000, 0xFEFF: true
    default: isLineEnd(scalar)
    }
  }

  /// What `.` does not match.
  static func isLineEnd(_ scalar: Unicode.Scalar) -> Bool {
    [0x0A, 0x0D, 0x2028, 0x2029].contains(scalar.value)
  }

  /// `text` without white space at its ends.
  static func trim(_ text: some StringProtocol) -> Substring {
    trimEnd(Substring(Substring(text).unicodeScalars.drop(while: isSpace)))
  }

  /// `text` without white space at its end.
  static func trimEnd(_ text: Substring) -> Substring {
    var scalars = text.unicodeScalars
    while let last = scalars.last, isSpace(last) { scalars.removeLast() }
    return Substring(scalars)
  }

  /// The words between white space, as `split(/\s+/)` gives them, save empty ones.
  static func words(_ text: some StringProtocol) -> [Substring] {
    Substring(text).unicodeScalars.split(whereSeparator: isSpace).map(Substring.init)
  }

  /// `text.split(".")`.
  static func pieces(_ text: Substring, at separator: Unicode.Scalar = ".") -> [Substring] {
    text.unicodeScalars.split(separator: separator, omittingEmptySubsequences: false)
      .map(Substring.init)
  }
}
