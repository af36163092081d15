/// Everything that a host must load to run the exposed modules that it asked for, and why.
///
/// A prediction: the containers' own runtimes decide, and the host reports where they differ. Its JSON form is read
/// by hosts and by the command line; names do not change within one `protocol`. Same input, same plan.
package struct Plan: Codable, Hashable, Sendable {
  /// The version of this JSON form.
  package var `protocol`: Int
  package var requests: [PlanRequest]
  /// The containers that take part, in the order in which their entries are asked for.
  package var containers: [PlannedContainer]
  /// Which entry is fetched, and who asked first, in order. A container that nobody knows is listed too.
  package var entries: [PlannedEntry]
  /// Calls of `init` in order.
  package var initialisation: [PlannedInitialisation]
  /// In load order: entries, then what each request needs, then what `import()` can reach.
  package var files: [PlannedFile]
  /// Every choice, in the order in which it is made.
  package var shared: [PlannedShare]
  /// Exposed modules (`b:./Button`) and shared packages (`b:lib@1.1.0`) in the order in which they finish executing
  /// when the requested factories run one after the other.
  package var executionOrder: [String]
  /// Exposed modules that import each other through containers, one list per knot.
  package var cycles: [[String]]
  package var warnings: [PlanWarning]
  package var errors: [PlanError]

  /// Whether everything that was asked for can load, as far as can be known.
  package var isComplete: Bool { errors.isEmpty }
}

/// One container of a plan.
package struct PlannedContainer: Codable, Hashable, Sendable {
  package var name: String
  /// The release that the facts came from; filled in by whoever knows releases.
  package var release: String?
  package var uniqueName: String
  package var ruleSet: RuleSet
  package var target: ContainerTarget?
  package var entry: String
}

package struct PlannedEntry: Codable, Hashable, Sendable {
  package var container: String
  /// The name of the host or container whose runtime asked first.
  package var askedBy: String
}

package struct PlannedInitialisation: Codable, Hashable, Sendable {
  package var container: String
  /// The container's name of the scope.
  package var scope: String
  /// Whether the call returned at once, since the same wave had been here before.
  package var repeated: Bool
}

/// When a part of a plan is needed.
package enum PlanPhase: String, Codable, Sendable, CaseIterable {
  /// Before the requested factories resolve.
  case required
  /// Later, by `import()` inside the modules.
  case reachable
}

package struct PlannedFile: Codable, Hashable, Sendable {
  package enum Kind: String, Codable, Sendable, CaseIterable {
    case entry
    case chunk
    case style
    case asset
  }

  package var container: String
  /// Relative to the container's output folder.
  package var path: String
  package var kind: Kind
  package var phase: PlanPhase
  /// SHA-256 in hexadecimal digits; filled in by whoever holds the bytes.
  package var digest: String?
  /// In bytes; nil where the build did not say.
  package var size: Int64?
}

package struct PlannedShare: Codable, Hashable, Sendable {
  package enum Outcome: String, Codable, Sendable, CaseIterable {
    case shared
    case fallback
    case error
  }

  /// The container, or the host, that asked.
  package var consumer: String
  /// The identifier of the module that stands for the package; nil for the host.
  package var module: String?
  package var key: String
  package var requiredVersion: String?
  package var outcome: Outcome
  /// The chosen version, or that of the consumer's own copy.
  package var version: String?
  /// The unique name of its provider.
  package var from: String?
  package var rule: ShareRule
  package var reason: String
  package var phase: PlanPhase
}

package struct PlanWarning: Codable, Hashable, Sendable {
  package var container: String
  /// What the runtime will print.
  package var message: String
}

package struct PlanError: Codable, Hashable, Sendable {
  package enum Kind: String, Codable, Sendable, CaseIterable {
    case missingRemote
    case unknownExpose
    case sharedUnavailable
    case unsupportedRemoteType
    /// A container is handed a second scope object under one name, which its runtime refuses.
    case scopeConflict
    /// Containers import each other deeper than a plan follows.
    case nestedTooDeep
  }

  package var kind: Kind
  /// The container whose subtree fails.
  package var container: String
  /// The exposed module that fails; nil where the host itself does.
  package var expose: String?
  package var message: String
  package var remedy: String
}
