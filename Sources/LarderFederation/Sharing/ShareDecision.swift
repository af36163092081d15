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
  /// One sentence for people.
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

/// The rule that decided; the raw values are the names that plans carry and the manual explains.
package enum ShareRule: String, Sendable, Codable, CaseIterable {
  /// No range: the highest version.
  case highest = "W2"
  /// Nobody provides the package: the consumer's own copy.
  case absentFallback = "W3"
  /// Nobody provides the package, and the consumer has no copy.
  case absent = "W4"
  /// The highest version that satisfies the range.
  case highestSatisfying = "W5"
  /// None satisfies: the highest anyway, with a warning.
  case highestUnsatisfying = "W6"
  /// None satisfies, strict: the consumer's own copy.
  case strictFallback = "W7"
  /// None satisfies, strict, no copy.
  case strictUnsatisfied = "W8"
  /// A singleton: the first loaded version met, else the highest.
  case singleton = "W9"
  /// A singleton out of range, with a warning.
  case singletonUnsatisfying = "W10"
  /// A singleton out of range, strict.
  case singletonStrict = "W11"
  /// An eager consumer, and no eager provider.
  case noEagerProvider = "W12"
  /// The package is in the scope without a single version.
  case noVersion = "W14"
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
  }

  /// Which way it is.
  package let kind: Kind
  /// The runtime's own words where it has any, ours where it would throw a TypeError.
  package let message: String
}
