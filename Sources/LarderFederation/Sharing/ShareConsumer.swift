/// What one module of one build asks a share scope for.
package struct ShareConsumer: Hashable, Sendable {
  /// Who asks, as Module Federation 2's messages name it; webpack's name nobody.
  package let name: String
  /// The package as scopes are keyed by it: `shareKey`, never the request (rule D3).
  package let key: String
  /// Nil where no version is required.
  package let range: VersionRequirement?
  /// Whether an unsatisfied range is an error (or, with a fallback and no singleton, silently the
  /// fallback).
  package let isStrict: Bool
  /// Whether one version must serve everybody.
  package let isSingleton: Bool
  /// Whether the module must be there without waiting.
  package let isEager: Bool
  /// Whether the build carries a copy of its own.
  package let hasFallback: Bool

  /// - Parameter isStrict: nil takes webpack's default: strict where the build has a copy of its
  ///   own and the package is no singleton (rule D1). For singletons Module Federation 2 has the
  ///   same default, and otherwise it does not ask.
  package init(
    name: String = "consumer", key: String, range: VersionRequirement?, isStrict: Bool? = nil,
    isSingleton: Bool = false, isEager: Bool = false, hasFallback: Bool = true
  ) {
    self.name = name
    self.key = key
    self.range = range
    self.isStrict = isStrict ?? (hasFallback && !isSingleton)
    self.isSingleton = isSingleton
    self.isEager = isEager
    self.hasFallback = hasFallback
  }
}
