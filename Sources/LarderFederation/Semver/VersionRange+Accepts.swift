extension VersionRange.Comparator {
  /// Walks range and version side by side.
  ///
  /// While everything so far was equal, a difference decides; after a part that was greater (or
  /// less, negated) the rest only has to stay clear of pre-releases, which are accepted nowhere but
  /// beside a pre-release of the range with the same main parts.
  func accepts(_ version: PackageVersion) -> Bool {
    let negated = fixed < 0
    let fixedCount = negated ? -fixed - 1 : fixed
    var isEqual = true
    // `place` counts range pieces from 1; it stands still where the range has ended before the
    // version.
    var place = 1
    for index in 0... {
      let wanted: VersionPart? = place - 1 < parts.count ? parts[place - 1] : nil
      guard index < version.parts.count, version.parts[index] != .build else {
        if !isEqual { return true }
        if wanted == .prerelease { return place > fixedCount && !negated }
        return (wanted == nil) != negated
      }
      let found = version.parts[index]
      let rangeHasPiece = wanted != nil && wanted != .prerelease

      if found == .prerelease {
        if !isEqual || wanted != .prerelease { return false }
      } else if !isEqual {
        if !rangeHasPiece { place -= 1 }
      } else if let wanted, wanted.kind == found.kind {
        if place <= fixedCount {
          if found != wanted { return false }
        } else {
          if negated ? wanted.precedes(found) : found.precedes(wanted) { return false }
          if found != wanted { isEqual = false }
        }
      } else if !rangeHasPiece {
        if negated || place <= fixedCount { return false }
        isEqual = false
        place -= 1
      } else {
        // One is a number, the other text; numbers stand below texts.
        let foundIsLower = found.kind == "n"
        if place <= fixedCount || foundIsLower != negated { return false }
        isEqual = false
      }
      place += 1
    }
    return false
  }
}
