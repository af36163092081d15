/// Something that a runtime will print, and that stops nothing.
package struct PlanWarning: Codable, Hashable, Sendable {
  /// Whose runtime prints it; the host's name for the host's own.
  package var container: String
  /// What the runtime will print.
  package var message: String
}

/// Something that will fail, and how far that reaches.
package struct PlanError: Codable, Hashable, Sendable {
  /// The ways to fail; the raw values are stable.
  package enum Kind: String, Codable, Sendable, CaseIterable {
    /// Nobody knows a container of this name.
    case missingRemote
    /// The container does not expose the module.
    case unknownExpose
    /// No version of a shared package can be had.
    case sharedUnavailable
    /// A remote is referred to in a way that names no registered container.
    case unsupportedRemoteType
    /// A container is handed a second scope object under one name, which its runtime refuses.
    case scopeConflict
    /// Containers import each other deeper than a plan follows.
    case nestedTooDeep
  }

  /// Which way it is.
  package var kind: Kind
  /// The container whose module fails; the host's name for what the host itself consumes.
  package var container: String
  /// The exposed module that fails; nil where the host itself does.
  package var expose: String?
  /// Whether the requested factories fail, or only what `import()` loads later.
  package var phase: PlanPhase
  /// What was attempted, in the runtime's own words where it has any.
  package var message: String
  /// What to do about it.
  package var remedy: String
}
