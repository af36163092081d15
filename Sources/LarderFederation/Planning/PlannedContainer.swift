/// One container of a plan.
package struct PlannedContainer: Codable, Hashable, Sendable {
  /// As registered.
  package var name: String
  /// The release that the facts came from; filled in by whoever knows releases.
  package var release: String?
  /// Under which its packages are registered.
  package var uniqueName: String
  /// Under which its own runtime selects.
  package var ruleSet: RuleSet
  /// Nil where the build does not tell.
  package var target: ContainerTarget?
  /// The path of the entry in the container's output folder.
  package var entry: String
  /// Whether a page loads the entry as an ECMAScript module; nil where it is a script.
  package var module: Bool?
  /// Names from the global object on under which the entry leaves the container in a page; nil where
  /// that is the registered name.
  package var global: [String]?
  /// The URL of a live build's entry that its hosts try first, of which the plan knows nothing; filled
  /// in by whoever knows overrides.
  package var live: String?
}

/// One entry file and who wanted it.
package struct PlannedEntry: Codable, Hashable, Sendable {
  /// As it was asked for, known or not.
  package var container: String
  /// The name of the host or container whose runtime asked first.
  package var askedBy: String
}

/// One call of a container's `init`.
package struct PlannedInitialisation: Codable, Hashable, Sendable {
  /// As registered.
  package var container: String
  /// The container's name of the scope.
  package var scope: String
  /// Whether the call returned at once, since the same wave had been here before.
  package var repeated: Bool
}
