/// One choice of a shared package.
package struct PlannedShare: Codable, Hashable, Sendable {
  /// What comes of it.
  package enum Outcome: String, Codable, Sendable, CaseIterable {
    /// A version out of the scope.
    case shared
    /// The consumer's own copy.
    case fallback
    /// Nothing; the plan's errors say why.
    case error
  }

  /// The container, or the host, that asked.
  package var consumer: String
  /// The identifier of the module that stands for the package; nil for the host.
  package var module: String?
  /// The package.
  package var key: String
  /// The range as the build or the host wrote it; nil where any version will do.
  package var requiredVersion: String?
  /// What comes of it.
  package var outcome: Outcome
  /// The chosen version, or that of the consumer's own copy.
  package var version: String?
  /// The unique name of its provider.
  package var from: String?
  /// Which rule settled it.
  package var rule: ShareRule
  /// One sentence for people.
  package var reason: String
  /// When it is made.
  package var phase: PlanPhase
}

/// Providers that a consumer must not see in a scope.
package struct PlannedWithholding: Codable, Hashable, Sendable {
  /// A container; nil for the host.
  package var consumer: String?
  /// Containers, in the plan's order.
  package var providers: [String]
}
