import LarderCore
package import LarderFederation
import LarderRegistry

extension Service {
  /// PLAN: what must be loaded to run the exposes that the session has asked for, with the digest of every file.
  ///
  /// Fetches what is not here: required files first, then those behind `import()`. What concerns one remote or expose alone is an
  /// error in the plan.
  /// - Throws: `busy` past the session's limit.
  package func plan(
    _ requests: [PlanRequest], consumes: [HostConsume], in session: HostSession,
    for peer: RealmCapability
  ) async throws(ServiceError) -> Plan {
    try await plan(
      requests, consumes, including: [.required, .reachable], in: session, for: peer)
  }

  /// As `plan`, for phases of choice; files of other phases have a digest only if they are here.
  func plan(
    _ requests: [PlanRequest], _ consumes: [HostConsume], including phases: Set<PlanPhase>,
    in session: HostSession, for peer: RealmCapability
  ) async throws(ServiceError) -> Plan {
    let all = try session.remember(requests, consumes)
    let uses = await resolve(
      session.host.remotes + all.requests.map(\.remote), in: session, for: peer)
    var host = session.host
    host.consumes = all.consumes
    var plan = Planner { uses.facts[$0] }.plan(all.requests, for: host)
    plan.explain(uses.failures)
    for index in plan.containers.indices {
      plan.containers[index].release = uses.releases[plan.containers[index].name]?.id?.description
    }
    await locateFiles(of: &plan, including: phases, from: uses, target: session.target)
    // A session that asked for no module yet has planned nothing that could come first.
    for case .candidate(let candidate) in uses.releases.values where !all.requests.isEmpty {
      let places = plan.files.filter { $0.container == candidate.remote.description }
      await completeInBackground(candidate, places.map(\.path), target: session.target)
    }
    return plan
  }

  /// What a plan is made of: the releases of all remotes that the given ones lead to.
  struct Uses {
    var releases: [String: RemoteRelease] = [:]
    var facts: [String: ContainerFacts] = [:]
    var failures: [String: ServiceError] = [:]
  }

  private func resolve(
    _ names: [String], in session: HostSession, for peer: RealmCapability
  ) async -> Uses {
    var uses = Uses()
    let target = session.target
    var queue = names[...]
    var seen: Set<String> = []
    while let name = queue.popFirst() {
      guard seen.insert(name).inserted else { continue }
      do throws(ServiceError) {
        let release = try await self.release(named: name, in: session, for: peer)
        guard let facts = release.facts(for: target) else {
          throw ServiceError(
            .notFound, "'\(name)' has no build for \(target.rawValue)",
            remedy: "build and publish that target as well", subject: name)
        }
        uses.releases[name] = release
        uses.facts[name] = facts
        queue += facts.remotes.flatMap(\.locations).compactMap(\.remoteName)
      } catch {
        uses.failures[name] = error
      }
    }
    return uses
  }

  /// The release that the session uses of a remote, settled now if it was not before.
  func release(
    named name: String, in session: HostSession, for peer: RealmCapability
  ) async throws(ServiceError) -> RemoteRelease {
    if let release = session.release(of: name) { return release }
    guard let remote = RemoteName(name) else { throw ServiceError.unknownRemote(name) }
    return session.keep(try await release(of: remote, in: peer.realm), of: name)
  }

  /// Gives the plan's files their digests, fetching those of `phases` that are not here.
  private func locateFiles(
    of plan: inout Plan, including phases: Set<PlanPhase>, from uses: Uses,
    target: ContainerTarget
  ) async {
    for phase in [PlanPhase.required, .reachable] {
      let indices = plan.files.indices.filter { plan.files[$0].phase == phase }
      let files = indices.map { plan.files[$0] }
      let isWanted = phases.contains(phase)
      let located = await locate(files, from: uses, target: target, fetching: isWanted)
      for (index, outcome) in zip(indices, located) {
        switch outcome {
        case .success(let file):
          plan.files[index].digest = file?.stat.digest
          if let size = file?.stat.size { plan.files[index].size = size.value }
          if let file, file.fetched {
            plan.cost.originRequests += 1
            plan.cost.networkBytes += file.stat.size.value
          }
        case .failure(let error):
          let file = plan.files[index]
          plan.errors.append(
            PlanError(
              kind: PlanError.Kind(error), container: file.container, phase: phase,
              message: error.message,
              remedy: error.remedy ?? "ask again"))
        }
      }
    }
  }

  private func locate(
    _ files: [PlannedFile], from uses: Uses, target: ContainerTarget, fetching: Bool
  ) async -> [Result<LocatedFile?, ServiceError>] {
    await withTaskGroup(of: (Int, Result<LocatedFile?, ServiceError>).self) { group in
      for (index, file) in files.enumerated() {
        guard let release = uses.releases[file.container] else { continue }
        group.addTask {
          guard fetching else {
            let stat = await release.present(file.path, target: target)
            return (index, .success(stat.map { LocatedFile(stat: $0, fetched: false) }))
          }
          do throws(ServiceError) {
            return (
              index, .success(try await release.file(file.path, target: target, for: .planned))
            )
          } catch {
            return (index, .failure(error))
          }
        }
      }
      var located = [Result<LocatedFile?, ServiceError>](
        repeating: .success(nil), count: files.count)
      for await (index, outcome) in group { located[index] = outcome }
      return located
    }
  }

  private func completeInBackground(
    _ candidate: Candidate, _ first: [String], target: ContainerTarget
  ) async {
    let variants = candidate.variants.map(\.facts)
    guard let variant = variants.place(suiting: target) else { return }
    _ = await candidates.completion(
      of: candidate, first: first.map { Candidate.Place(variant: variant, path: $0) })
  }
}

extension Plan {
  /// Puts the daemon's own reasons in place of the planner's bare "there is no such container".
  fileprivate mutating func explain(_ failures: [String: ServiceError]) {
    for index in errors.indices where errors[index].kind == .missingRemote {
      guard let remote = errors[index].remote, let failure = failures[remote] else { continue }
      errors[index].kind = PlanError.Kind(failure)
      errors[index].message = failure.message
      errors[index].remedy = failure.remedy ?? errors[index].remedy
    }
  }
}

extension PlanError.Kind {
  /// The protocol's code for what the daemon failed at.
  fileprivate init(_ error: ServiceError) { self.init(rawValue: error.code.rawValue) }
}
