import LarderCore
package import LarderFederation

/// One INIT of one connection: what the host provides, and the releases that it has come to use.
///
/// Releases stay as they are for the session's life: a host that runs a deploy's entry gets that deploy's chunks, whatever the
/// channel does meanwhile.
package final class HostSession: Sendable {
  private struct State {
    var host: HostFacts
    var releases: [String: RemoteRelease] = [:]
    var requests: [PlanRequest] = []
    var consumes: [HostConsume] = []
  }

  private let state: Locked<State>

  /// Modules and packages that one session may have asked for: a plan covers all of them, and ten
  /// thousand take a planner a second.
  package static let requestsMax = 10_000

  package init(host: HostFacts) {
    state = Locked(State(host: host))
  }

  /// The host with what OVERRIDE added.
  package var host: HostFacts { state.withLock { $0.host } }
}
