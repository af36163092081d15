import LarderCore
import LarderFederation
import LarderMessages
import LarderRegistry

/// Plans that were made before and would be made again: a host asks the same each time it starts,
/// and so does each of its processes.
///
/// A plan follows from what was asked, from the releases that names lead to, and from which files
/// are here. So one that lacked nothing is kept with the count of moves in the registry: while no
/// channel moves, the names lead where they led. The files are looked up again each time.
final class PlanMemo: Sendable {
  /// What a plan answers.
  struct Question: Hashable, Sendable {
    let realms: [RealmID]
    /// With what it provides and consumes.
    let host: HostFacts
    let requests: [PlanRequest]
    /// Those that the session used before: it stays with them.
    let releases: [String: ReleaseID]
    let isExplained: Bool
  }

  private struct Entry {
    let plan: KnownPlan
    let moves: UInt64
    var lastUse: UInt64
  }

  private struct State {
    var entries: [Question: Entry] = [:]
    var files = 0
    var uses: UInt64 = 0

    mutating func remove(_ question: Question) {
      guard let entry = entries.removeValue(forKey: question) else { return }
      files -= entry.plan.reply.body.files.count
    }
  }

  /// Plans kept: the hosts of one machine with some questions each.
  static let plansMax = 64
  /// Files of all of them together. One takes some 600 bytes with its JSON: 24 MiB.
  static let filesMax = 40_000

  private let state = Locked(State())

  /// The plan that was kept for the question while the registry has not moved since.
  func plan(for question: Question, at moves: UInt64) -> KnownPlan? {
    state.withLock { state in
      guard let entry = state.entries[question] else { return nil }
      guard entry.moves == moves else {
        state.remove(question)
        return nil
      }
      state.uses += 1
      state.entries[question]?.lastUse = state.uses
      return entry.plan
    }
  }

  /// Keeps a plan; those that nobody asked for longest make room.
  ///
  /// - Parameter moves: as they were before the first name was looked up.
  func keep(_ plan: KnownPlan, for question: Question, at moves: UInt64) {
    let files = plan.reply.body.files.count
    guard files <= Self.filesMax else { return }
    state.withLock { state in
      state.remove(question)
      while state.entries.count >= Self.plansMax || state.files + files > Self.filesMax,
        let oldest = state.entries.min(by: { $0.value.lastUse < $1.value.lastUse })?.key
      {
        state.remove(oldest)
      }
      state.uses += 1
      state.files += files
      state.entries[question] = Entry(plan: plan, moves: moves, lastUse: state.uses)
    }
  }
}

/// A plan that lacks nothing, and what a session takes over with it.
final class KnownPlan: Sendable {
  let reply: PreparedReply<Plan>
  /// All of them are recorded.
  let releases: [String: RemoteRelease]
  let digests: [Digest]
  private let openings = Locked<[Set<PlanPhase>: PreparedReply<OpenMessage.Head>]>([:])

  /// Nil for a plan that another moment may make better: one with a release that is on its way, a
  /// remote that could not be had, or a file that is not here.
  init?(_ plan: Plan, from uses: PlanUses) {
    guard uses.failures.isEmpty, plan.cost.originRequests == 0,
      plan.files.allSatisfy({ $0.digest != nil }),
      uses.releases.values.allSatisfy({ $0.isRecorded })
    else { return nil }
    reply = PreparedReply(plan)
    releases = uses.releases
    digests = Array(Set(plan.files.compactMap(\.digest)))
  }

  /// OPEN's reply for a host that has nothing yet.
  func opening(
    _ phases: Set<PlanPhase>, _ make: () -> OpenMessage.Head
  ) -> PreparedReply<OpenMessage.Head> {
    if let known = openings.withLock({ $0[phases] }) { return known }
    let opening = PreparedReply(make())
    openings.withLock { $0[phases] = opening }
    return opening
  }
}
