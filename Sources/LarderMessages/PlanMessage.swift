package import LarderFederation

/// PLAN: what must be loaded to run exposed modules.
package enum PlanMessage {
  /// Either `session` or `host`; neither means an empty host of target `async-node`.
  package struct Request: Codable, Sendable {
    package var session: UInt32?
    package var host: HostFacts?
    package var requests: [PlanRequest]
    package var consumes: [HostConsume]?
    /// Whether the plan is to tell which modules import which.
    package var imports: Bool?
    /// Whether the plan is to tell where hosts departed from it.
    package var differences: Bool?

    package init(
      session: UInt32? = nil, host: HostFacts? = nil, requests: [PlanRequest],
      consumes: [HostConsume]? = nil, imports: Bool? = nil, differences: Bool? = nil
    ) {
      self.session = session
      self.host = host
      self.requests = requests
      self.consumes = consumes
      self.imports = imports
      self.differences = differences
    }
  }
}
