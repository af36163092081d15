package import LarderCore

/// One file that a plan loads.
package struct PlannedFile: Codable, Hashable, Sendable {
  /// How a host treats the file.
  package enum Kind: String, Codable, Sendable, CaseIterable {
    /// Exports `get` and `init`, or runs before what does.
    case entry
    /// Code that the container's runtime loads.
    case chunk
    /// A style sheet that it loads.
    case style
    /// An image, font or the like that the modules refer to.
    case asset
  }

  /// As registered.
  package var container: String
  /// Relative to the container's output folder.
  package var path: String
  /// How a host treats it.
  package var kind: Kind
  /// When it is needed first.
  package var phase: PlanPhase
  /// Filled in by whoever holds the bytes.
  package var digest: Digest?
  /// In bytes; nil where the build did not say.
  package var size: Int64?
}

/// When a part of a plan is needed.
package enum PlanPhase: String, Codable, Sendable, CaseIterable {
  /// Before the requested factories resolve.
  case required
  /// Later, by `import()` inside the modules.
  case reachable
}
