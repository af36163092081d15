/// A package version that a container's runtime registers.
package struct ProvideFacts: Codable, Hashable, Sendable {
  /// The name of the scope.
  package var scope: String
  /// The package as scopes are keyed by it.
  package var key: String
  /// `0` where the build knew none.
  package var version: String
  /// Whether the code is in the entry.
  package var eager: Bool
  /// The chunks that carry it; empty for an eager one.
  package var chunks: [String]
  /// What executing the package executes before it, in order.
  package var executes: [ExecutionStep]

  /// - Parameter chunks: identifiers in the same facts.
  package init(
    scope: String = "default", key: String, version: String, eager: Bool = false,
    chunks: [String], executes: [ExecutionStep] = []
  ) {
    self.scope = scope
    self.key = key
    self.version = version
    self.eager = eager
    self.chunks = chunks
    self.executes = executes
  }
}

/// A shared package that modules of a container ask a scope for.
package struct ConsumeFacts: Codable, Hashable, Sendable {
  /// The identifier of the module that stands for the package.
  package var module: String
  /// The name of the scope.
  package var scope: String
  /// The package as scopes are keyed by it.
  package var key: String
  /// The range as the build wrote it out; nil where no version is required.
  package var range: String?
  /// Whether an unsatisfied range is an error, or silently the fallback.
  package var strict: Bool
  /// Whether one version must serve all.
  package var singleton: Bool
  /// Whether it is taken without waiting for the scope.
  package var eager: Bool
  /// The build's own copy.
  package var fallback: FallbackFacts?
  /// The chunks whose loading waits for it.
  package var chunks: [String]

  /// A package with neither range nor copy, unless told.
  package init(
    module: String, scope: String = "default", key: String, range: String? = nil,
    strict: Bool = false, singleton: Bool = false, eager: Bool = false,
    fallback: FallbackFacts? = nil, chunks: [String]
  ) {
    self.module = module
    self.scope = scope
    self.key = key
    self.range = range
    self.strict = strict
    self.singleton = singleton
    self.eager = eager
    self.fallback = fallback
    self.chunks = chunks
  }

  /// The same need as share scopes take it.
  ///
  /// - Parameter name: the container, as messages name it.
  package func consumer(named name: String, under rules: RuleSet) -> ShareConsumer {
    ShareConsumer(
      name: name, key: key,
      range: range.map { VersionRequirement(written: $0, under: rules) },
      isStrict: strict, isSingleton: singleton, isEager: eager, hasFallback: fallback != nil)
  }
}

/// A build's own copy of a package that it consumes.
package struct FallbackFacts: Codable, Hashable, Sendable {
  /// The version that the same file is provided under; nil where the build does not provide it.
  package var version: String?
  /// The chunks that carry it; empty where it is in a chunk that is loaded anyway.
  package var chunks: [String]
  /// What executing it executes before it, in order.
  package var executes: [ExecutionStep]

  /// A copy that needs no other shared package, unless told.
  package init(version: String?, chunks: [String], executes: [ExecutionStep] = []) {
    self.version = version
    self.chunks = chunks
    self.executes = executes
  }
}
