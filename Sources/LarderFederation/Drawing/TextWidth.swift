/// Widths of text without a font at hand, in units of its size.
///
/// Taken from the advance widths that sans-serif fonts have in common, the wider where they differ:
/// text may end before its box does, never behind it.
enum TextWidth {
  /// In the unit of `fontSize`.
  static func of(_ text: String, fontSize: Double) -> Double {
    text.unicodeScalars.reduce(0) { $0 + em($1) } * fontSize
  }

  private static func em(_ scalar: Unicode.Scalar) -> Double {
    switch scalar {
    case "i", "j", "l", "I", ".", ",", ":", ";", "'", "|", "!", "·": 0.34
    case "f", "r", "t", "(", ")", "[", "]", "{", "}", "/", "\\", "-", " ", "\"", "`": 0.42
    case "m", "w", "M", "W", "@", "%", "…": 1
    case "<", ">", "=", "+", "~", "^", "#", "&": 0.84
    case "A"..."Z": 0.76
    case "a"..."z", "0"..."9", "_", "$", "*", "?": 0.64
    default:
      switch scalar.properties.generalCategory {
      case .nonspacingMark, .enclosingMark: 0
      // Hangul, ideographs and pictures are as wide as they are high, and wider than that in some.
      default: scalar.value < 0x1100 ? 0.8 : 1.25
      }
    }
  }
}
