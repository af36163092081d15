import LarderFederation

/// Any text is a range, and any line a version: compared without a trap, and never both ways.
func fuzzVersions(_ bytes: UnsafeRawBufferPointer) throws(FuzzFinding) {
  let lines = String(decoding: bytes, as: UTF8.self).split(
    separator: "\n", maxSplits: 3, omittingEmptySubsequences: false)
  guard let first = lines.first else { return }
  let versions = lines.dropFirst().map { PackageVersion(String($0)) }
  for rules in RuleSet.allCases {
    let requirement = VersionRequirement(parsing: String(first), under: rules)
    for version in versions { _ = requirement.accepts(version.text) }
  }
  let ranges =
    [RuleSet.webpack, .webpack575].map { VersionRange(parsing: String(first), under: $0) }
    + [VersionRange(written: String(first))].compactMap { $0 }
  for range in ranges {
    for version in versions { _ = range.accepts(version) }
    _ = range.compiled
    _ = VersionRange(written: range.description)
  }
  for left in versions {
    try hold(!left.isLower(than: left), "no version is below itself: \(left.text)")
    for right in versions where left.isLower(than: right) {
      try hold(
        !right.isLower(than: left), "only one is below the other: \(left.text), \(right.text)")
    }
  }
}
