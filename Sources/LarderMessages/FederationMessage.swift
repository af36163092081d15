package import LarderFederation

/// Who imports whom, and who shares what: the current releases of all remotes that a peer reads.
package struct FederationMessage: Codable, Sendable {
  /// Sorted by name.
  package var containers: [Container]

  package init(containers: [Container]) { self.containers = containers }

  /// One remote's current release, all of its builds taken together.
  package struct Container: Codable, Sendable {
    package var name: String
    /// 32 hexadecimal digits.
    package var release: String
    /// Under which its packages are registered.
    package var uniqueName: String
    /// As `get` takes them: `./Button`.
    package var exposes: [String]
    /// Containers that its modules import, by the names that it has for them, each once.
    package var imports: [String]
    package var provides: [Provided]
    package var consumes: [Consumed]

    package init(
      name: String, release: String, uniqueName: String, exposes: [String], imports: [String],
      provides: [Provided], consumes: [Consumed]
    ) {
      self.name = name
      self.release = release
      self.uniqueName = uniqueName
      self.exposes = exposes
      self.imports = imports
      self.provides = provides
      self.consumes = consumes
    }
  }

  /// A package version that it brings.
  package struct Provided: Codable, Hashable, Sendable {
    package var key: String
    package var version: String
    package var eager: Bool

    package init(_ facts: ProvideFacts) {
      key = facts.key
      version = facts.version
      eager = facts.eager
    }
  }

  /// A package that it asks a scope for.
  package struct Consumed: Codable, Hashable, Sendable {
    package var key: String
    /// Absent where any version will do.
    package var range: String?
    /// Whether an unsatisfied range is an error.
    package var strict: Bool
    /// Whether one version must serve all.
    package var singleton: Bool

    package init(_ facts: ConsumeFacts) {
      key = facts.key
      range = facts.range
      strict = facts.strict
      singleton = facts.singleton
    }
  }
}
