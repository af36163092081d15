/// One piece of a version or range as webpack compiles it: what its runtime arrays hold.
package enum VersionPart: Hashable, Sendable {
  /// A piece that reads as a number.
  case number(Double)
  /// A piece that does not.
  case text(String)
  /// The place where the pre-release pieces begin; a hole in webpack's arrays.
  case prerelease
  /// The place where the build pieces begin; an empty array in webpack's arrays. Ranges have none.
  case build

  /// The first letter of what `typeof` says of the piece in webpack's arrays: `n`, `s`, `u` or `o`.
  var kind: Character {
    switch self {
    case .number: "n"
    case .text: "s"
    case .prerelease: "u"
    case .build: "o"
    }
  }

  /// `<` between two pieces of the same kind, numbers by value and texts by UTF-16 code units;
  /// false otherwise.
  func precedes(_ other: VersionPart) -> Bool {
    switch (self, other) {
    case (.number(let left), .number(let right)): left < right
    case (.text(let left), .text(let right)): JavaScriptNumber.precedes(left, right)
    default: false
    }
  }

  /// The piece as it stands in the text of a range; empty for the two markers.
  var written: String {
    switch self {
    case .number(let value): JavaScriptNumber.text(of: value) ?? String(value)
    case .text(let text): text
    case .prerelease, .build: ""
    }
  }

  /// Pieces between the dots of `text`, as a version has them: whatever equals its own numeric
  /// value is a number, so that `01`, `1e3` and the empty piece count as 1, 1000 and 0.
  static func versionPieces(_ text: Substring) -> [VersionPart] {
    JavaScriptText.pieces(text).map { piece in
      JavaScriptNumber.value(of: piece).map { .number($0) } ?? .text(String(piece))
    }
  }

  /// Pieces between the dots of `text`, as a range has them: only what a number would print as is a
  /// number, so that `01` stays text.
  static func rangePieces(_ text: Substring) -> [VersionPart] {
    JavaScriptText.pieces(text).map { piece in
      if piece.utf8.first != UInt8(ascii: "0"), let value = JavaScriptNumber.shortDigits(piece) {
        return .number(value)
      }
      let value = JavaScriptNumber.value(of: piece)
      let isCanonical = value.flatMap { JavaScriptNumber.text(of: $0) } == String(piece)
      if let value, isCanonical { return .number(value) }
      return .text(String(piece))
    }
  }

  /// Cuts `main-prerelease+build` apart; nil where webpack's expression does not match, which is
  /// where a `-` or `+` is followed by nothing.
  static func cut(
    _ text: some StringProtocol
  ) -> (main: Substring, prerelease: Substring, build: Substring)? {
    var rest = Substring(text).unicodeScalars
    let main = rest.prefix { $0 != "-" && $0 != "+" }
    rest = rest[main.endIndex...]
    var prerelease = rest.prefix(0)
    if rest.first == "-" {
      prerelease = rest.dropFirst().prefix { $0 != "+" }
      if prerelease.isEmpty { return nil }
      rest = rest[prerelease.endIndex...]
    }
    let build = rest.dropFirst()
    if rest.first == "+", build.isEmpty || build.contains(where: JavaScriptText.isLineEnd) {
      return nil
    }
    return (Substring(main), Substring(prerelease), Substring(build))
  }
}
