/// Why statistics of a build cannot be imported.
package struct StatsError: Error, Hashable, Sendable {
  /// What the caller may want to tell apart.
  package enum Kind: String, Sendable, Codable, CaseIterable {
    /// More bytes than the importer takes.
    case tooLarge
    /// Not JSON, or JSON of another shape.
    case malformed
    /// A field is missing that the build's `stats` option can turn on.
    case missingField
    /// No container entry: the build exposes nothing.
    case noContainer
  }

  /// For exit codes and replies.
  package let kind: Kind
  /// What was attempted, on which object.
  package let message: String
  /// What to do about it.
  package let remedy: String

  static func tooLarge(_ count: Int, max: Int) -> StatsError {
    StatsError(
      kind: .tooLarge,
      message: "cannot import statistics of \(count) bytes: at most \(max) are read",
      remedy: "build with 'stats: {source: false, optimizationBailout: false}' to make them smaller"
    )
  }

  static func malformed(_ detail: String) -> StatsError {
    StatsError(
      kind: .malformed, message: "cannot import statistics: \(detail)",
      remedy: "write them with 'webpack --json=stats.json'")
  }

  static func missing(_ field: String, of compilation: String, option: String) -> StatsError {
    StatsError(
      kind: .missingField,
      message: "cannot import statistics of \(compilation): '\(field)' is missing",
      remedy: "build with 'stats: {\(option)}', or without a 'stats' option")
  }

  static let noContainer = StatsError(
    kind: .noContainer, message: "cannot import statistics: no compilation has a container entry",
    remedy: "build with ModuleFederationPlugin and 'exposes'")
}

extension StatsError: CustomStringConvertible {
  /// The message and the remedy.
  package var description: String { "\(message); \(remedy)" }
}
