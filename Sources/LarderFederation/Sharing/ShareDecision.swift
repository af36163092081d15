/// What a consumer gets from a share scope, and why.
package struct ShareDecision: Hashable, Sendable {
  /// What comes of it.
  package enum Outcome: Hashable, Sendable {
    /// This entry of the scope; its provider's chunks load next.
    case shared(ShareEntry)
    /// The consumer's own copy.
    case fallback
    /// Nothing: the module throws when it is executed.
    case failure(ShareFailure)
  }

  /// What the consumer gets.
  package let outcome: Outcome
  /// Which rule settled it.
  package let rule: ShareRule
  /// For people: what was considered, what was left out, and why.
  package let reason: String
  /// What the runtime prints with `console.warn`, word for word.
  package let warnings: [String]

  init(_ outcome: Outcome, _ rule: ShareRule, _ reason: String, warnings: [String] = []) {
    self.outcome = outcome
    self.rule = rule
    self.reason = reason
    self.warnings = warnings
  }
}

/// Why a consumer gets nothing.
package struct ShareFailure: Hashable, Sendable, Error {
  /// The ways to get nothing; the raw values are stable.
  package enum Kind: String, Sendable, Codable, CaseIterable {
    /// Nobody provides the package.
    case absent = "sharedAbsent"
    /// Nobody provides a version in range.
    case unsatisfied = "sharedUnsatisfied"
    /// The consumer is eager and no provider is; the runtime throws a TypeError here.
    case noEagerProvider
    /// The scope lists the package without versions; the runtime throws a TypeError here.
    case noVersion = "sharedWithoutVersion"
    /// A version ends in `-` or `+`; the runtime throws a TypeError when it reads it.
    case malformedVersion

    /// What stands for the runtime's own words where it has none: it throws a TypeError.
    package var name: String? {
      switch self {
      case .absent, .unsatisfied: nil
      case .noEagerProvider: "NO_EAGER_PROVIDER"
      case .noVersion: "NO_VERSIONS"
      case .malformedVersion: "MALFORMED_VERSION"
      }
    }
  }

  /// Which way it is.
  package let kind: Kind
  /// The runtime's own words where it has any, ours where it would throw a TypeError.
  package let message: String
}
