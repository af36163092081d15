/// A version of which trailing parts may be missing, or any part `x`, `X` or `*`, as Module
/// Federation 2's ranges are made of.
struct MF2Partial {
  let major: Substring
  let minor: Substring?
  let patch: Substring?
  /// The pieces between dots; nil for a release.
  let prerelease: [Substring]?

  /// Reads `text`, which may begin with any of `v`, `=` and white space; nil for another form.
  init?(_ text: Substring) {
    let scalars = text.unicodeScalars.drop { $0 == "v" || $0 == "=" || JavaScriptText.isSpace($0) }
    self.init(bare: Substring(scalars))
  }

  /// Reads `text` without such a beginning.
  init?(bare text: Substring) {
    let scalars = text.unicodeScalars
    let main = scalars.prefix { $0 != "-" && $0 != "+" }
    let rest = scalars[main.endIndex...]
    let prerelease = rest.first == "-" ? rest.dropFirst().prefix { $0 != "+" } : nil
    let build = rest[(prerelease?.endIndex ?? rest.startIndex)...]
    let parts = JavaScriptText.pieces(Substring(main))
    guard (1...3).contains(parts.count), parts.allSatisfy({ Self.isNumber($0) || Self.isAny($0) }),
      rest.isEmpty || parts.count == 3
    else { return nil }
    let identifiers = prerelease.map { JavaScriptText.pieces(Substring($0)) }
    guard identifiers?.allSatisfy(Self.isPrerelease) ?? true else { return nil }
    if !build.isEmpty {
      let pieces = JavaScriptText.pieces(Substring(build.dropFirst()))
      guard pieces.allSatisfy({ !$0.isEmpty && $0.unicodeScalars.allSatisfy(Self.isLetter) })
      else { return nil }
    }
    major = parts[0]
    minor = parts.count > 1 ? parts[1] : nil
    patch = parts.count > 2 ? parts[2] : nil
    self.prerelease = identifiers
  }

  /// Whether any value will do for a part.
  static func isAny(_ part: Substring?) -> Bool {
    part.map { ["x", "X", "*"].contains($0) } ?? true
  }

  /// The number after `digits`, as JavaScript counts and writes: exact up to 2^53.
  static func next(_ digits: Substring) -> String {
    let value = (JavaScriptNumber.value(of: digits) ?? 0) + 1
    return JavaScriptNumber.text(of: value) ?? String(value)
  }

  /// Digits without a leading zero.
  private static func isNumber(_ part: Substring) -> Bool {
    let digits = part.unicodeScalars
    return digits.allSatisfy(isDigit) && (digits.first != "0" ? !digits.isEmpty : digits.count == 1)
  }

  /// A number, or letters, digits and `-` with something else than digits among them.
  private static func isPrerelease(_ part: Substring) -> Bool {
    let scalars = part.unicodeScalars
    return isNumber(part)
      || (scalars.allSatisfy(isLetter) && scalars.contains { !isDigit($0) })
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

  private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    isDigit(scalar) || ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar == "-"
  }
}
