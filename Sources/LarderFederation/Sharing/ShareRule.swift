/// The rule that decided; the raw values are the names that plans carry and docs/sharing.md
/// explains.
package enum ShareRule: String, Sendable, Codable, CaseIterable {
  // MARK: webpack

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
  /// A version that the runtime cannot read.
  case malformedVersion = "V9"

  // MARK: Module Federation 2

  /// The candidate: what is loaded or highest, as the strategy has it.
  case candidate = "M1"
  /// The candidate is out of range: a singleton all the same, else the first that satisfies.
  case unsatisfyingCandidate = "M2"
  /// Nothing to be had from the scope.
  case noMatch = "M3"
  /// What was registered under `loaded-first` stays.
  case loadedFirst = "M5"

  // MARK: Both

  /// Two provide one version: loaded, then eager, then the greater name.
  case tie = "R-TIE"

  // MARK: Larder

  /// The realm's policy withholds what the runtime would have chosen.
  case withheld = "L1"
}
