/// A module of the graph that a plan spans: the host, an exposed module, or a shared package.
///
/// The host has neither `expose` nor `key`.
package struct PlannedModule: Codable, Hashable, Sendable {
  /// The container, or the host, whose code it is; the unique name of a provider that is no
  /// container of the plan; the consumer where no version can be had.
  package var container: String
  /// Of an exposed module, as the container's `get` takes it.
  package var expose: String?
  /// Of a shared package.
  package var key: String?
  /// Of a shared package; nil where none can be had, and for a copy whose version nobody knows.
  package var version: String?
  /// Places in the plan's `files` of the chunks that loading it can load.
  package var files: [Int]
}

/// One module's need of another.
package struct PlannedImport: Codable, Hashable, Sendable {
  /// Who needs it: a place in the plan's `modules`.
  package var from: Int
  /// What is needed: a place in the plan's `modules`.
  package var to: Int
  /// The choice that led there, of a shared package: a place in the plan's `shared`.
  package var share: Int?
  /// Whether it is needed before `from` can run, or behind an `import()` of it.
  package var phase: PlanPhase
}
