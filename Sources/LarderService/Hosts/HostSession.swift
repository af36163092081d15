import LarderCore
package import LarderFederation
import LarderMessages
import LarderRegistry

/// One INIT of one connection: what the host provides, what it asked for, and the releases that it
/// has come to use.
///
/// Releases stay as they are for the session's life: a host that runs a deploy's entry gets that
/// deploy's chunks, whatever the channel does meanwhile.
package final class HostSession: Sendable {
  private struct State {
    var host: HostFacts
    var releases: [String: RemoteRelease] = [:]
    /// Remotes of which the host has been told digests: it may run their files.
    var handedOut: Set<String> = []
    var requests: [PlanRequest] = []
    var consumes: [HostConsume] = []
    /// The requests and consumes again, to find in constant time what was asked before.
    var asked: Set<PlanRequest> = []
    var consumed: Set<HostConsume> = []
    /// What it was noted to use.
    var used: Set<SharedUses.Use> = []
  }

  private let state: Locked<State>
  /// Whether it is a host's, and not one that a single request made.
  let isLasting: Bool
  private let whenOver: @Sendable () -> Void

  /// Modules and packages that one session may ask for. Each plan covers all of them
  /// (docs/decisions/0004), so this bounds a session's memory and the work of one plan: some 2 MiB,
  /// and ten times what the largest hosts have modules.
  package static let requestsMax = 10_000

  /// Package versions that a session's scopes hold at most: OVERRIDE adds to them, and each plan
  /// begins with all.
  package static let sharesMax = 10_000

  /// A session of its own for each INIT, and one for each PLAN that brings its host along.
  ///
  /// - Parameter whenOver: called when nobody holds it any more.
  package init(
    host: HostFacts, isLasting: Bool = false, whenOver: @escaping @Sendable () -> Void = {}
  ) {
    self.isLasting = isLasting
    state = Locked(State(host: host))
    self.whenOver = whenOver
  }

  deinit { whenOver() }

  /// The host, with what OVERRIDE added.
  var host: HostFacts { state.withLock { $0.host } }

  /// What the host runs; a host that did not say is a Node process.
  var target: ContainerTarget { host.target ?? .asyncNode }

  /// Registers packages into the host's scopes, as if the host had provided them; the rule for
  /// equal versions decides.
  ///
  /// Returns the scopes' entries as they are now.
  /// - Throws: `busy` past `sharesMax`; then nothing was registered.
  package func override(_ shared: [HostShare]) throws(ServiceError) -> [HostShare] {
    let entries = state.withLock { state -> [HostShare]? in
      guard shared.count + state.host.shared.count <= Self.sharesMax else { return nil }
      state.host.register(shared)
      return state.host.shared
    }
    guard let entries else {
      throw ServiceError(
        .busy, "the session's scopes would hold more than \(Self.sharesMax) package versions",
        remedy: "open another session")
    }
    return entries
  }

  /// Adds what is asked for now to what was asked before, and returns all of it in order.
  ///
  /// - Throws: `busy` past `requestsMax`; then nothing was added.
  func remember(
    _ newRequests: [PlanRequest], _ newConsumes: [HostConsume]
  ) throws(ServiceError) -> (requests: [PlanRequest], consumes: [HostConsume]) {
    let all = state.withLock { state -> ([PlanRequest], [HostConsume])? in
      let earlier = state
      // Places in the joined list after which a consume can execute.
      var places = [state.requests.count]
      for request in newRequests {
        if state.asked.insert(request).inserted { state.requests.append(request) }
        places.append(state.requests.count)
      }
      for var consume in newConsumes {
        consume.after = places[min(max(consume.after, 0), newRequests.count)]
        if state.consumed.insert(consume.anywhere).inserted { state.consumes.append(consume) }
      }
      guard state.requests.count + state.consumes.count <= Self.requestsMax else {
        state = earlier
        return nil
      }
      return (state.requests, state.consumes)
    }
    guard let all else {
      throw ServiceError(
        .busy, "the session asked for more than \(Self.requestsMax) modules",
        remedy: "open another session")
    }
    return all
  }

  /// Those of `uses` that were not noted yet; of more than `sharesMax` none is new any more.
  func newUses(_ uses: Set<SharedUses.Use>) -> Set<SharedUses.Use> {
    state.withLock { state in
      guard state.used.count < Self.sharesMax else { return [] }
      let new = uses.subtracting(state.used)
      state.used.formUnion(new)
      return new
    }
  }

  // MARK: - Releases

  /// The release that the session uses of a remote, if it uses one.
  func release(of remote: String) -> RemoteRelease? {
    state.withLock { $0.releases[remote] }
  }

  /// The files of the recorded releases of a realm that the session uses.
  func digests(in realm: RealmID) -> Set<Digest> {
    let releases = state.withLock { Array($0.releases.values) }
    return releases.reduce(into: []) { digests, release in
      guard case .recorded(let recorded) = release, recorded.realm == realm else { return }
      digests.formUnion(recorded.digests)
    }
  }

  /// Keeps a release for the session's life; the first one that is kept stays.
  func keep(_ release: RemoteRelease, of remote: String) -> RemoteRelease {
    state.withLock { state in
      if let kept = state.releases[remote] { return kept }
      state.releases[remote] = release
      return release
    }
  }

  /// The releases that the session uses; nil if one of them is on its way.
  var settledReleases: [String: ReleaseID]? {
    let releases = state.withLock { $0.releases }
    let settled = releases.compactMapValues { $0.isRecorded ? $0.id : nil }
    return settled.count == releases.count ? settled : nil
  }

  /// Keeps these releases for the session's life, all of them; false, and none, if it has another
  /// one of a remote.
  func adopt(_ releases: [String: RemoteRelease]) -> Bool {
    state.withLock { state in
      for (name, release) in releases {
        guard let kept = state.releases[name] else { continue }
        guard kept.realm == release.realm, let id = kept.id, id == release.id else { return false }
      }
      state.releases.merge(releases) { kept, _ in kept }
      return true
    }
  }

  /// Puts the release that a candidate has become in its place: the same files, by the same
  /// digests.
  func settle(_ candidate: Candidate, as release: RecordedRelease, of remote: String) {
    state.withLock { state in
      guard case .candidate(let held) = state.releases[remote], held === candidate else { return }
      state.releases[remote] = .recorded(release)
    }
  }

  /// Notes that the host was told digests of these remotes' files.
  func handOut(_ remotes: some Sequence<String>) {
    state.withLock { $0.handedOut.formUnion(remotes) }
  }

  /// Whether the host may run files of the remote.
  func hasHandedOut(_ remote: String) -> Bool {
    state.withLock { $0.handedOut.contains(remote) }
  }

  /// Lets go of a deploy that proved wrong, so that the remote is settled anew; false if the host
  /// may run files of it, which no other deploy's would fit.
  func forget(_ candidate: Candidate, of remote: String) -> Bool {
    state.withLock { state in
      guard !state.handedOut.contains(remote) else { return false }
      if case .candidate(let held) = state.releases[remote], held === candidate {
        state.releases[remote] = nil
      }
      return true
    }
  }
}

extension HostConsume {
  /// The same wish, wherever it executes.
  fileprivate var anywhere: HostConsume {
    var moved = self
    moved.after = 0
    return moved
  }
}
