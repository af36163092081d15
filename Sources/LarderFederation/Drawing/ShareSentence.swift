/// One choice of a shared package for people.
package struct ShareSentence {
  /// What was asked for, and by which rule it was settled: `react ^18.0.0 · W5`.
  package let label: String
  /// What came of it: `18.2.0 from shell`.
  package let choice: String
  /// All of it, with the reason.
  package let title: String
  /// How it is to be marked.
  package let tone: DrawnGraph.Tone

  /// - Parameter warnings: of the plan that the choice is from.
  package init(_ share: PlannedShare, warnings: [PlanWarning]) {
    let wanted = share.requiredVersion.map { "\(share.key) \($0)" } ?? share.key
    let version = share.version ?? "unknown version"
    choice =
      switch share.outcome {
      case .shared: "\(version) from \(share.from ?? "the host")"
      case .fallback: "\(version), its own copy"
      case .error: "none"
      }
    label = "\(wanted) · \(share.rule.rawValue)"
    title = "\(share.consumer) wants \(wanted): \(choice)\n\(share.rule.rawValue): \(share.reason)"
    let isWarned = warnings.contains {
      $0.container == share.consumer && $0.message.contains(share.key)
    }
    tone =
      switch (share.outcome, share.rule) {
      case (.error, _): .error
      case (.fallback, _): .fallback
      case (_, .highestUnsatisfying), (_, .singletonUnsatisfying): .warning
      case (_, .unsatisfyingCandidate) where isWarned: .warning
      default: .plain
      }
  }
}
