/// Something that a runtime will print, and that stops nothing.
package struct PlanWarning: Codable, Hashable, Sendable {
  /// Whose runtime prints it; the host's name for the host's own.
  package var container: String
  /// What the runtime will print.
  package var message: String
}

/// Something that will fail, and how far that reaches.
package struct PlanError: Codable, Hashable, Sendable {
  /// The ways to fail; an open set, since whoever fills in a plan's files has reasons of its own.
  package struct Kind: RawRepresentable, Codable, Hashable, Sendable {
    package let rawValue: String

    package init(rawValue: String) { self.rawValue = rawValue }

    /// Nobody knows a container of this name.
    package static let missingRemote = Kind(rawValue: "missingRemote")
    /// The container does not expose the module.
    package static let unknownExpose = Kind(rawValue: "unknownExpose")
    /// No version of a shared package can be had.
    package static let sharedUnavailable = Kind(rawValue: "sharedUnavailable")
    /// A remote is referred to in a way that names no registered container.
    package static let unsupportedRemoteType = Kind(rawValue: "unsupportedRemoteType")
    /// A container is handed a second scope object under one name, which its runtime refuses.
    package static let scopeConflict = Kind(rawValue: "scopeConflict")
    /// Containers import each other deeper than a plan follows.
    package static let nestedTooDeep = Kind(rawValue: "nestedTooDeep")
  }

  /// Which way it is.
  package var kind: Kind
  /// The container whose module fails; the host's name for what the host itself consumes.
  package var container: String
  /// The exposed module that fails; nil where the host itself does.
  package var expose: String?
  /// The remote that is missing, by the name it is wanted under; nil for other kinds.
  package var remote: String?
  /// Whether the requested factories fail, or only what `import()` loads later.
  package var phase: PlanPhase
  /// What was attempted, in the runtime's own words where it has any.
  package var message: String
  /// What to do about it.
  package var remedy: String

  package init(
    kind: Kind, container: String, expose: String? = nil, remote: String? = nil,
    phase: PlanPhase, message: String, remedy: String
  ) {
    self.kind = kind
    self.container = container
    self.expose = expose
    self.remote = remote
    self.phase = phase
    self.message = message
    self.remedy = remedy
  }
}
