import LarderCore
import LarderFederation
import LarderRegistry

extension Service {
  /// Settles the releases of `names`, and of all remotes that these refer to, level by level: the
  /// remotes of a level are asked for at the same time.
  func uses(
    of names: [String], in session: HostSession, for peer: RealmCapability
  ) async -> PlanUses {
    var uses = PlanUses()
    var seen: Set<String> = []
    var level = names.filter { seen.insert($0).inserted }
    while !level.isEmpty {
      let settled = await settle(level, in: session, for: peer)
      var next: [String] = []
      for (name, outcome) in zip(level, settled) {
        switch outcome {
        case .success(let use):
          uses.releases[name] = use.release
          uses.facts[name] = use.facts
          next += use.facts.remotes.flatMap(\.locations).compactMap(\.remoteName)
        case .failure(let error): uses.failures[name] = error
        }
      }
      level = next.filter { seen.insert($0).inserted }
    }
    return uses
  }

  private typealias Use = (release: RemoteRelease, facts: ContainerFacts)

  private func settle(
    _ names: [String], in session: HostSession, for peer: RealmCapability
  ) async -> [Result<Use, ServiceError>] {
    await withTaskGroup(of: (Int, Result<Use, ServiceError>).self) { group in
      for (index, name) in names.enumerated() {
        group.addTask {
          let outcome = await Result { () async throws(ServiceError) in
            try await self.use(of: name, in: session, for: peer)
          }
          return (index, outcome)
        }
      }
      var settled: [Int: Result<Use, ServiceError>] = [:]
      for await (index, outcome) in group { settled[index] = outcome }
      return names.indices.map { settled[$0] ?? .failure(.unknownRemote(names[$0])) }
    }
  }

  private func use(
    of name: String, in session: HostSession, for peer: RealmCapability
  ) async throws(ServiceError) -> Use {
    let release = try await release(named: name, in: session, for: peer)
    guard let facts = release.facts(for: session.target) else {
      throw ServiceError(
        .notFound, "'\(name)' has no build for \(session.target.rawValue)",
        remedy: "build and publish that target as well", subject: name)
    }
    return (release, facts)
  }

  /// The release that the session uses of a remote, settled now if it was not before.
  func release(
    named name: String, in session: HostSession, for peer: RealmCapability
  ) async throws(ServiceError) -> RemoteRelease {
    guard let remote = RemoteName(name) else { throw ServiceError.unknownRemote(name) }
    guard let kept = session.release(of: name) else {
      let home = try await home(of: remote, for: peer)
      return session.keep(try await release(of: remote, in: home), of: name)
    }
    // Once it is a release, it has an id, and needs its origin no more.
    guard case .candidate(let candidate) = kept, let id = await candidate.release,
      let release = try await recorded.release(id, of: remote, in: kept.realm, from: registry)
    else { return kept }
    session.settle(candidate, as: release, of: name)
    return .recorded(release)
  }

  /// Lets the session go on with what an origin has now, where the deploy that the session began
  /// with is gone and its host runs nothing of it; false if that is not so.
  func renew(
    _ name: String, in session: HostSession, for peer: RealmCapability
  ) async -> Bool {
    guard case .candidate(let old) = session.release(of: name), !session.hasHandedOut(name) else {
      return false
    }
    if await candidates.isOver(old) { return session.forget(old, of: name) }
    return await candidates.successor(of: old) != nil && session.forget(old, of: name)
  }
}
