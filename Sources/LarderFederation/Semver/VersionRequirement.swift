/// What a consumer requires of a shared package's version, read as its runtime reads it.
///
/// The two families of runtimes have different grammars and different comparisons; whoever selects
/// asks this type and need not know.
package enum VersionRequirement: Hashable, Sendable {
  /// webpack's: compiled at build time.
  case webpack(VersionRange)
  /// Module Federation 2's: read at run time.
  case mf2(MF2Range)

  /// Reads a range as people write it, `^1.2.3 || 2.x`, under `rules`. Never fails: what is no
  /// range accepts nothing useful.
  package init(parsing text: String, under rules: RuleSet) {
    self =
      rules.isModuleFederation2
      ? .mf2(MF2Range(parsing: text)) : .webpack(VersionRange(parsing: text, under: rules))
  }

  /// Reads a range as a build wrote it out: compiled and spelled by webpack, as it was by Module
  /// Federation 2.
  package init(written text: String, under rules: RuleSet) {
    if !rules.isModuleFederation2, let range = VersionRange(written: text) {
      self = .webpack(range)
    } else {
      self.init(parsing: text, under: rules)
    }
  }

  /// Whether the runtime takes a provider's `version` as satisfying; false for one on which it
  /// throws.
  package func accepts(_ version: String) -> Bool {
    switch self {
    case .webpack: accepts(PackageVersion(version))
    case .mf2(let range): range.accepts(version)
    }
  }

  /// The same of a version that was read before.
  func accepts(_ version: PackageVersion) -> Bool {
    switch self {
    case .webpack(let range): !throwsOn(version) && range.accepts(version)
    case .mf2(let range): range.accepts(version.text)
    }
  }

  /// Whether the runtime throws a TypeError over `version`, which it cannot read (rule V9).
  func throwsOn(_ version: PackageVersion) -> Bool {
    switch self {
    case .webpack(let range): version.isMalformed && range.readsVersions
    case .mf2: false
    }
  }
}

extension VersionRequirement: CustomStringConvertible {
  /// As the runtime's messages show it.
  package var description: String {
    switch self {
    case .webpack(let range): range.description
    case .mf2(let range): range.text
    }
  }
}
