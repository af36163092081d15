import LarderCore
import LarderOrigin
import LarderRegistry

/// When each remote's origin is asked for a new deploy, and what came of it.
///
/// ```
///   start, or a new interval ──> pause ──> turn (a few at a time) ──> ask ──> pause ──> …
///                                                                      │
///                 good: the interval, a tenth more or less  <──────────┤
///                 bad: anything up to 2, 4, 8, … times the interval <──┘
/// ```
///
/// Intervals are the registry's and the policy's; what happened is remembered until the daemon
/// ends.
actor UpdateSchedule {
  /// A remote of a realm.
  struct Subject: Hashable, Sendable {
    let realm: RealmID
    let remote: RemoteName
  }

  /// What is known of one remote's updates.
  struct State: Sendable, Equatable {
    /// Nil where it is updated on demand only.
    var every: Duration?
    /// Seconds since 1970 when its origin was last asked, and when it will be.
    var askedAt: Int64?
    var nextAt: Int64?
    /// Seconds since 1970 of the first of the failures since the last success.
    var failingSince: Int64?
    var failures = 0
    /// Why the last attempt failed, or why its deploy did not become current.
    var message: String?
  }

  /// Asks an origin once; the answer says why its deploy is not made current, where it is not.
  typealias Ask = @Sendable (Subject) async -> Result<String?, ServiceError>

  private struct Plan {
    let every: Duration
    let task: Task<Void, Never>
  }

  /// Remotes that are updated at a time: each fetches two files at a time, so that plans that come
  /// meanwhile find a way.
  static let runningMax = 4

  /// From one update to the next: an origin has to bear it, and a month is as good as never.
  static let intervals: ClosedRange<Duration> = .seconds(10)...(.seconds(30 * 86_400))

  /// The first update after a start, or a change of the interval, comes within this time or the
  /// interval, so that all that are registered do not ask at once.
  static let firstPauseMax = Duration.seconds(60)

  /// How far failures stretch an interval: an origin that comes back after a night is noticed
  /// before noon.
  static let backoffMax = Duration.seconds(6 * 3_600)

  private let timing: Timing
  private let now: @Sendable () -> Int64
  private var ask: Ask?
  private var plans: [Subject: Plan] = [:]
  private var states: [Subject: State] = [:]
  private var running = 0
  private var waiting: [CheckedContinuation<Void, Never>] = []

  /// - Parameter now: seconds since 1970, for people; pauses are `timing`'s.
  init(timing: Timing, now: @escaping @Sendable () -> Int64) {
    self.timing = timing
    self.now = now
  }

  /// Begins with the remotes that were set before, and with those that are set from now on.
  func begin(_ ask: @escaping Ask) {
    self.ask = ask
    for (subject, state) in states { plan(subject, state.every) }
  }

  /// Asks nobody any more; what is under way is not waited for.
  func end() {
    ask = nil
    for plan in plans.values { plan.task.cancel() }
    plans = [:]
  }

  /// Has a remote updated at this interval from now on; nil for on demand only.
  func set(_ every: Duration?, for subject: Subject) {
    let every = every.map {
      min(max($0, Self.intervals.lowerBound), Self.intervals.upperBound)
    }
    states[subject, default: State()].every = every
    if plans[subject]?.every != every { plan(subject, every) }
  }

  /// Forgets a remote.
  func remove(_ subject: Subject) {
    plan(subject, nil)
    states[subject] = nil
  }

  func state(of subject: Subject) -> State { states[subject] ?? State() }

  /// Remotes whose last update failed.
  struct Failures: Sendable, Equatable {
    var count = 0
    /// Seconds since 1970 when the one began that fails longest.
    var since: Int64?
  }

  /// How many of a realm's remotes fail.
  func failures(in realm: RealmID) -> Failures {
    let times = states.compactMap { $0.key.realm == realm ? $0.value.failingSince : nil }
    return Failures(count: times.count, since: times.min())
  }

  /// Writes down what came of an update, on whoever's behalf.
  func note(_ outcome: Result<String?, ServiceError>, of subject: Subject) {
    let time = now()
    var state = states[subject] ?? State()
    state.askedAt = time
    switch outcome {
    case .success(let message):
      state.failingSince = nil
      state.failures = 0
      state.message = message
    case .failure(let error):
      state.failingSince = state.failingSince ?? time
      state.failures += 1
      state.message = error.message
    }
    states[subject] = state
  }

  // MARK: - One remote's updates

  private func plan(_ subject: Subject, _ every: Duration?) {
    plans[subject]?.task.cancel()
    plans[subject] = nil
    states[subject]?.nextAt = nil
    guard let ask, let every else { return }
    plans[subject] = Plan(every: every, task: Task { await self.run(subject, every, ask) })
  }

  private func run(_ subject: Subject, _ every: Duration, _ ask: Ask) async {
    var pause = min(every, Self.firstPauseMax) * timing.random()
    while !Task.isCancelled {
      states[subject]?.nextAt = now() + pause.components.seconds
      do { try await timing.sleep(pause) } catch { return }
      await takeTurn()
      defer { giveTurn() }
      // A new interval, or the daemon's end, may have come meanwhile.
      if Task.isCancelled { return }
      let outcome = await ask(subject)
      if Task.isCancelled { return }
      note(outcome, of: subject)
      pause = Self.pause(every, failures: states[subject]?.failures ?? 0, timing.random())
    }
  }

  /// The time to the next update.
  ///
  /// After failures anything from nothing to an exponentially growing bound ("full jitter"), the
  /// least interval aside: hosts that lost one origin together do not come back to it together.
  /// - Parameters:
  ///   - failures: in a row, before now.
  ///   - random: from 0 up to 1, uniform.
  static func pause(_ every: Duration, failures: Int, _ random: Double) -> Duration {
    guard failures > 0 else { return every * (0.9 + 0.2 * random) }
    var bound = every
    for _ in 0..<failures where bound < backoffMax { bound = bound * 2 }
    return max(min(bound, max(backoffMax, every)) * random, intervals.lowerBound)
  }

  private func takeTurn() async {
    if running < Self.runningMax {
      running += 1
      return
    }
    await withCheckedContinuation { waiting.append($0) }
  }

  /// Hands the turn on, so that the number that run stays.
  private func giveTurn() {
    if waiting.isEmpty { running -= 1 } else { waiting.removeFirst().resume() }
  }
}
