/// Everything that a host must load to run the exposed modules that it asked for, and why.
///
/// A prediction: the containers' own runtimes decide, and the host reports where they differ. Its
/// JSON form is read by hosts and by the command line; names do not change within one `protocol`.
/// Same input, same plan.
package struct Plan: Codable, Hashable, Sendable {
  /// How many modules a plan tells the imports of: more than that nobody reads, and no picture
  /// shows.
  package static let explainedModulesMax = 2_000
  /// How many imports a plan tells: ten for each module, some 2 MB of JSON.
  package static let explainedImportsMax = 20_000

  /// The version of this JSON form.
  package var `protocol`: Int
  /// What was asked for.
  package var requests: [PlanRequest]
  /// The containers that take part, in the order in which their entries are asked for.
  package var containers: [PlannedContainer]
  /// Which entry is fetched, and who asked first, in order. A container that nobody knows is listed
  /// too.
  package var entries: [PlannedEntry]
  /// Calls of `init` in order.
  package var initialisation: [PlannedInitialisation]
  /// In load order: entries, then what each request needs, then what `import()` can reach.
  package var files: [PlannedFile]
  /// Every choice, in the order in which it is made.
  package var shared: [PlannedShare]
  /// Whose packages the realm's policy withholds from whom; nil where it allows all. A container
  /// that is not among `containers` is to be served by the host and itself alone.
  package var withheld: [PlannedWithholding]?
  /// Exposed modules (`b:./Button`) and shared packages (`b:lib@1.1.0`) in the order in which they
  /// finish executing when the requested factories run one after the other.
  package var executionOrder: [String]
  /// Exposed modules that import each other through containers, one list per knot.
  package var cycles: [[String]]
  /// What the runtimes will print, in order.
  package var warnings: [PlanWarning]
  /// What will fail, each scoped to the module that it concerns; the rest of the plan stands.
  package var errors: [PlanError]
  /// The host first, then what it needs as it is met, breadth first; nil unless it was asked for,
  /// and where it would be more than the planner's limits for it.
  package var modules: [PlannedModule]?
  /// Which of `modules` need which; nil with them.
  package var imports: [PlannedImport]?
  /// Where hosts departed from plans for the same modules and releases, the last seen first; nil
  /// unless it was asked for. Filled in by whoever keeps their reports.
  package var differences: [ReportedDifference]?
  /// What it took to have the files; filled in by whoever fetches them.
  package var cost = PlanCost()

  /// Whether everything that was asked for can load, as far as can be known.
  package var isComplete: Bool { errors.isEmpty }
}

/// What one request made the daemon take from origins.
package struct PlanCost: Codable, Hashable, Sendable {
  /// Answers with a body.
  package var originRequests = 0
  /// The bytes of those bodies.
  package var networkBytes: Int64 = 0
}
