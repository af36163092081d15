package import LarderFederation

/// REPORT: where execution differed from the plan.
package enum ReportMessage {
  /// What one session saw.
  package struct Request: Codable, Sendable {
    package var session: UInt32
    package var differences: [Difference]
    /// What had loaded when they were seen; absent where the host does not know.
    package var requests: [PlanRequest]?

    package init(
      session: UInt32, differences: [Difference], requests: [PlanRequest]? = nil
    ) {
      self.session = session
      self.differences = differences
      self.requests = requests
    }
  }

  /// One thing that went otherwise than planned.
  package struct Difference: Codable, Sendable, Equatable {
    /// `entry`, `file`, `shared`, `order` or `error`.
    package var kind: String
    package var container: String?
    package var planned: String?
    package var seen: String?

    package init(kind: String, container: String?, planned: String?, seen: String?) {
      self.kind = kind
      self.container = container
      self.planned = planned
      self.seen = seen
    }
  }
}
