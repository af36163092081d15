import LarderCore
package import LarderFederation
import LarderMessages
import LarderRegistry

/// One INIT of one connection: what the host provides, what it asked for, and the releases that it has come to use.
///
/// Releases stay as they are for the session's life: a host that runs a deploy's entry gets that deploy's chunks, whatever
/// the channel does meanwhile.
package final class HostSession: Sendable {
  private struct State {
    var host: HostFacts
    var releases: [String: RemoteRelease] = [:]
    var requests: [PlanRequest] = []
    var consumes: [HostConsume] = []
    /// Both again, to find what was asked for before; consumes with `after` 0.
    var known: (requests: Set<PlanRequest>, consumes: Set<HostConsume>) = ([], [])
  }

  private let state: Locked<State>

  /// Modules and packages that one session may ask for. Each plan covers all of them
  /// (docs/decisions/0004), so this bounds a session's memory and the work of one plan: some 2 MiB, and
  /// ten times what the largest hosts have modules.
  package static let requestsMax = 10_000

  /// A session of its own for each INIT, and one for each PLAN that brings its host along.
  package init(host: HostFacts) {
    state = Locked(State(host: host))
  }

  /// The host, with what OVERRIDE added.
  var host: HostFacts { state.withLock { $0.host } }

  /// What the host runs; a host that did not say is a Node process.
  var target: ContainerTarget { host.target ?? .asyncNode }

  /// Registers packages into the host's scopes, as if the host had provided them; the rule for equal versions decides.
  ///
  /// Returns the scopes' entries as they are now.
  package func override(_ shared: [HostShare]) -> [HostShare] {
    state.withLock { state in
      state.host.register(shared)
      return state.host.shared
    }
  }

  /// Adds what is asked for now to what was asked before, and returns all of it in order.
  ///
  /// - Throws: `busy` past `requestsMax`.
  func remember(
    _ newRequests: [PlanRequest], _ newConsumes: [HostConsume]
  ) throws(ServiceError) -> (requests: [PlanRequest], consumes: [HostConsume]) {
    let all = state.withLock { state -> ([PlanRequest], [HostConsume])? in
      var requests = state.requests
      var consumes = state.consumes
      var known = state.known
      // Places in the joined list after which a consume can execute.
      var places = [requests.count]
      for request in newRequests {
        if known.requests.insert(request).inserted { requests.append(request) }
        places.append(requests.count)
      }
      for var consume in newConsumes {
        let place = places[min(max(consume.after, 0), newRequests.count)]
        // The same is the same wherever it executes.
        consume.after = 0
        guard known.consumes.insert(consume).inserted else { continue }
        consume.after = place
        consumes.append(consume)
      }
      guard requests.count + consumes.count <= Self.requestsMax else { return nil }
      state.requests = requests
      state.consumes = consumes
      state.known = known
      return (requests, consumes)
    }
    guard let all else {
      throw ServiceError(
        .busy, "the session asked for more than \(Self.requestsMax) modules",
        remedy: "open another session")
    }
    return all
  }

  /// The release that the session uses of a remote, if it uses one.
  func release(of remote: String) -> RemoteRelease? {
    state.withLock { $0.releases[remote] }
  }

  /// Keeps a release for the session's life; the first one that is kept stays.
  func keep(_ release: RemoteRelease, of remote: String) -> RemoteRelease {
    state.withLock { state in
      if let kept = state.releases[remote] { return kept }
      state.releases[remote] = release
      return release
    }
  }

  /// Lets go of a release that proved wrong before any of its files ran.
  func forget(_ remote: String) {
    state.withLock { $0.releases[remote] = nil }
  }
}
