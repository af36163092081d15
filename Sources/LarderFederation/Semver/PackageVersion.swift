/// A version of a shared package as webpack reads and orders it.
///
/// Looser than semantic versioning: `1`, `1.0` and `a.b` are versions, build metadata takes part in
/// the order (`1.0.0 < 1.0.0+b`), and a shorter version stands before a longer one that it begins
/// (`1 < 1.0 < 1.0.0`). Every text is a version; one that is malformed counts as a single piece.
package struct PackageVersion: Hashable, Sendable {
  /// As it was written; what the share scope is keyed by.
  package let text: String
  let parts: [VersionPart]
  /// Whether webpack's runtime throws a TypeError when it reads this version: a `-` or `+` is
  /// followed by nothing (`1.2.3-`).
  package let isMalformed: Bool

  /// Reads `text`; any text is accepted.
  package init(_ text: String) {
    self.text = text
    guard let (main, prerelease, build) = VersionPart.cut(text) else {
      parts = [.text(text)]
      isMalformed = true
      return
    }
    isMalformed = false
    var parts = main.isEmpty ? [] : VersionPart.versionPieces(main)
    if !prerelease.isEmpty {
      parts.append(.prerelease)
      parts += VersionPart.versionPieces(prerelease)
    }
    if !build.isEmpty {
      parts.append(.build)
      parts += VersionPart.versionPieces(build)
    }
    self.parts = parts
  }

  /// Whether webpack puts this version below `other`; equal pieces under different spellings (`1`,
  /// `01`) are neither below nor above.
  package func isLower(than other: PackageVersion) -> Bool {
    // At a given place: end < build marker < number < text, and a pre-release marker before all of
    // them.
    for index in 0... {
      guard index < parts.count else {
        return index < other.parts.count && other.parts[index] != .prerelease
      }
      let mine = parts[index]
      guard index < other.parts.count else { return mine == .prerelease }
      let theirs = other.parts[index]
      if mine.kind == theirs.kind {
        if mine != theirs { return mine.precedes(theirs) }
      } else {
        if mine == .build, theirs.kind == "n" { return true }
        return theirs.kind == "s" || mine == .prerelease
      }
    }
    return false
  }
}
