import CoreMetrics
import LarderCore
package import LarderFederation
import LarderRegistry
import LarderStore

extension Service {
  /// PLAN: what must be loaded to run the exposes that the session has asked for, with the digest
  /// of every file.
  ///
  /// Fetches what is not here: required files first, then those behind `import()`. What concerns
  /// one remote or expose alone is an error in the plan.
  ///
  /// - Throws: `busy` past the session's limit.
  package func plan(
    _ requests: [PlanRequest], consumes: [HostConsume], telling details: PlanDetails = [],
    in session: HostSession, for peer: RealmCapability
  ) async throws(ServiceError) -> PreparedReply<Plan> {
    let made = try await plan(
      requests, consumes, including: [.required, .reachable],
      explained: details.contains(.imports), in: session, for: peer)
    guard details.contains(.differences) else { return made.reply }
    var plan = made.reply.body
    plan.differences = differences(of: plan, for: peer)
    return PreparedReply(plan)
  }

  /// What a plan tells besides what a host needs.
  package struct PlanDetails: OptionSet, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Which modules import which.
    package static let imports = PlanDetails(rawValue: 1)
    /// Where hosts departed from it.
    package static let differences = PlanDetails(rawValue: 2)
  }

  /// A plan, and what is kept of it if the next who asks gets the same.
  typealias MadePlan = (reply: PreparedReply<Plan>, known: KnownPlan?)

  /// As `plan`, for phases of choice; files of other phases have a digest only if they are here.
  func plan(
    _ requests: [PlanRequest], _ consumes: [HostConsume], including phases: Set<PlanPhase>,
    explained: Bool = false, in session: HostSession, for peer: RealmCapability
  ) async throws(ServiceError) -> MadePlan {
    let all = try session.remember(requests, consumes)
    var host = session.host
    host.consumes = all.consumes
    let question = session.settledReleases.map { releases in
      PlanMemo.Question(
        realms: peer.readable, host: host, requests: all.requests, releases: releases,
        isExplained: explained)
    }
    // Before the first name is looked up: what moves meanwhile makes the plan one of the past.
    let moves = registry.moves
    if let question, let known = plans.plan(for: question, at: moves),
      known.digests.allSatisfy({ stat($0, for: peer) != nil }), session.adopt(known.releases)
    {
      instruments.plansRemembered.increment()
      session.handOut(known.releases.keys)
      noteUses(known.reply.body, in: session, for: peer)
      return (known.reply, known)
    }
    var draft = await draft(
      all.requests, for: host, including: phases, explained: explained, in: session, for: peer)
    var renewed = false
    for name in draft.outdated.sorted() where await renew(name, in: session, for: peer) {
      renewed = true
    }
    if renewed {
      let cost = draft.plan.cost
      draft = await self.draft(
        all.requests, for: host, including: phases, explained: explained, in: session, for: peer)
      draft.plan.cost.originRequests += cost.originRequests
      draft.plan.cost.networkBytes += cost.networkBytes
    }
    instruments.plansMade.increment()
    withhold(from: &draft, in: session)
    session.handOut(draft.plan.files.filter { $0.digest != nil }.map(\.container))
    // A session that asked for no module yet has planned nothing that could come first.
    for case .candidate(let candidate) in draft.uses.releases.values where !all.requests.isEmpty {
      let places = draft.plan.files.filter { $0.container == candidate.remote.description }
      await completeInBackground(candidate, places.map(\.path), target: session.target)
    }
    noteUses(draft.plan, in: session, for: peer)
    guard let question, let known = KnownPlan(draft.plan, from: draft.uses) else {
      return (PreparedReply(draft.plan), nil)
    }
    plans.keep(known, for: question, at: moves)
    return (known.reply, known)
  }

  /// A plan, what it is made of, and the remotes whose files are not those of their descriptions.
  private struct Draft {
    var plan: Plan
    let uses: PlanUses
    var outdated: Set<String> = []
    /// Those of them that cannot run so.
    var broken: Set<String> = []
  }

  /// Keeps back the files of deploys that cannot run as they are, unless their host has some
  /// already: a host that has none can go on with the next deploy.
  private func withhold(from draft: inout Draft, in session: HostSession) {
    let withheld = draft.broken.filter { !session.hasHandedOut($0) }
    for index in draft.plan.files.indices where withheld.contains(draft.plan.files[index].container)
    {
      draft.plan.files[index].digest = nil
    }
  }

  private func draft(
    _ requests: [PlanRequest], for host: HostFacts, including phases: Set<PlanPhase>,
    explained: Bool, in session: HostSession, for peer: RealmCapability
  ) async -> Draft {
    let uses = await uses(
      of: host.remotes + requests.map(\.remote), in: session, for: peer)
    let permits = await permits(among: uses, for: peer)
    var plan = Planner(permits: permits) { uses.facts[$0] }
      .plan(requests, for: host, explained: explained)
    plan.explain(uses.failures)
    for index in plan.containers.indices {
      plan.containers[index].release = uses.releases[plan.containers[index].name]?.id?.description
    }
    var draft = Draft(plan: plan, uses: uses)
    for phase in [PlanPhase.required, .reachable] {
      await locate(phase, of: &draft, fetching: phases.contains(phase), session.target, for: peer)
    }
    return draft
  }

  /// Gives the plan's files of one phase their digests, fetching what is not here if asked to.
  private func locate(
    _ phase: PlanPhase, of draft: inout Draft, fetching: Bool, _ target: ContainerTarget,
    for peer: RealmCapability
  ) async {
    let indices = draft.plan.files.indices.filter { draft.plan.files[$0].phase == phase }
    let files = indices.map { draft.plan.files[$0] }
    let located = await locate(files, from: draft.uses, target, fetching: fetching, for: peer)
    for (index, outcome) in zip(indices, located) {
      let file = draft.plan.files[index]
      switch outcome {
      case .success(let found):
        guard let found else { continue }
        draft.plan.files[index].digest = found.stat.digest
        draft.plan.files[index].size = found.stat.size.value
        guard found.fetched else { continue }
        draft.plan.cost.originRequests += 1
        draft.plan.cost.networkBytes += found.stat.size.value
      case .failure(let error):
        if error.mayMeanRedeploy { draft.outdated.insert(file.container) }
        if error.mayMeanRedeploy, phase == .required { draft.broken.insert(file.container) }
        draft.plan.errors.append(
          PlanError(
            kind: PlanError.Kind(error), container: file.container, phase: phase,
            message: error.message, remedy: error.remedy ?? "ask again"))
      }
    }
  }

  private func locate(
    _ files: [PlannedFile], from uses: PlanUses, _ target: ContainerTarget, fetching: Bool,
    for peer: RealmCapability
  ) async -> [Result<LocatedFile?, ServiceError>] {
    var located = [Result<LocatedFile?, ServiceError>](repeating: .success(nil), count: files.count)
    var candidates: [(candidate: Candidate, indices: [Int])] = []
    var lacking: [Int: LocatedFile] = [:]
    for (container, indices) in Dictionary(grouping: files.indices, by: { files[$0].container }) {
      switch uses.releases[container] {
      case nil: continue
      // The warm case stays in this task: nothing of it waits.
      case .recorded(let release):
        for index in indices {
          do throws(ServiceError) {
            let file = try release.file(files[index].path, target: target)
            located[index] = .success(file)
            if stat(file.stat.digest, for: peer) == nil { lacking[index] = file }
          } catch { located[index] = .failure(error) }
        }
      case .candidate(let candidate): candidates.append((candidate, indices))
      }
    }
    return await withTaskGroup(of: [(Int, Result<LocatedFile?, ServiceError>)].self) { group in
      for (candidate, indices) in candidates {
        let paths = indices.map { files[$0].path }
        group.addTask {
          let found = await self.candidateFiles(paths, of: candidate, target, fetching: fetching)
          return Array(zip(indices, found))
        }
      }
      if !lacking.isEmpty {
        let lacking = lacking
        group.addTask { await self.restored(lacking, for: peer) }
      }
      for await found in group {
        for (index, outcome) in found { located[index] = outcome }
      }
      return located
    }
  }

  /// Fetches files of releases again that should be here.
  private func restored(
    _ files: [Int: LocatedFile], for peer: RealmCapability
  ) async -> [(Int, Result<LocatedFile?, ServiceError>)] {
    let failures = await refetches.restore(
      Set(files.values.map(\.stat.digest)), in: peer.readable)
    return files.map { index, file in
      if let failure = failures[file.stat.digest] { return (index, .failure(failure)) }
      return (index, .success(LocatedFile(stat: file.stat, fetched: true)))
    }
  }

  private func candidateFiles(
    _ paths: [String], of candidate: Candidate, _ target: ContainerTarget, fetching: Bool
  ) async -> [Result<LocatedFile?, ServiceError>] {
    do throws(ServiceError) {
      let places = try paths.map { (path) throws(ServiceError) in
        try candidate.place(of: path, target: target)
      }
      guard fetching else {
        return await candidate.present(places).map { stat in
          .success(stat.map { LocatedFile(stat: $0, fetched: false) })
        }
      }
      let outcomes = await candidate.files(places, for: .planned)
      return places.indices.map { outcomes[$0]?.map { $0 } ?? .success(nil) }
    } catch { return paths.map { _ in .failure(error) } }
  }

  private func completeInBackground(
    _ candidate: Candidate, _ first: [String], target: ContainerTarget
  ) async {
    let variants = candidate.variants.map(\.facts)
    guard let variant = variants.place(suiting: target), await completes(candidate) else { return }
    _ = await candidates.recording(
      of: candidate, first: first.map { Candidate.Place(variant: variant, path: $0) })
  }

  /// Whether the realm's policy has the rest of a deploy fetched.
  private func completes(_ candidate: Candidate) async -> Bool {
    realms.rules(of: candidate.realm).completion.covers(
      missingBytes: await candidate.missingBytes,
      of: content.store.space(of: candidate.realm).quota.value)
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
