import LarderCore
import LarderOrigin

/// Which origins were asked lately on behalf of pages, so that however many begin with a remote one
/// of them asks.
///
/// ```
///   asked within `fresh` ─────────────> go on
///   an origin that failed rests ──────> go on with what is here
///   else ask, unless somebody does ───> wait, for `patience` at most; within `staleWhileRevalidate` not at all
/// ```
actor Revalidations {
  typealias Subject = UpdateSchedule.Subject

  /// How long a page waits: a new deploy that takes longer is shown to who comes when it is whole.
  static let patience = Duration.seconds(5)

  /// An origin that failed is not asked again for this long, and twice as long after each further
  /// failure, up to `restMax`.
  static let restFirst = Duration.seconds(1)
  static let restMax = Duration.seconds(30)

  private struct State {
    /// When the origin last said what it has.
    var heardAt: ContinuousClock.Instant?
    var restsUntil: ContinuousClock.Instant?
    var failures = 0
    var running: Task<Void, Never>?
    var waiting: [AsyncStream<Void>.Continuation] = []
  }

  private let timing: Timing
  private var states: [Subject: State] = [:]
  private var hasEnded = false

  init(timing: Timing) { self.timing = timing }

  /// Returns when what is here may be given.
  ///
  /// - Parameter ask: whether the origin answered, and what it has is current here if it may be; run
  ///   by one caller for all.
  func revalidate(
    _ subject: Subject, within freshness: Freshness, ask: @escaping @Sendable () async -> Bool
  ) async {
    let now = timing.now()
    let state = states[subject] ?? State()
    if let heardAt = state.heardAt, now < heardAt + freshness.fresh { return }
    if state.running == nil {
      if let rest = state.restsUntil, now < rest { return }
      guard !hasEnded else { return }
      states[subject, default: State()].running = Task {
        let answered = await ask()
        self.end(subject, answered: answered)
      }
    }
    if let heardAt = state.heardAt,
      now < heardAt + freshness.fresh + freshness.staleWhileRevalidate
    {
      return
    }
    await wait(for: subject)
  }

  /// Asks nobody any more, and returns when what is under way is over.
  func end() async {
    hasEnded = true
    for task in states.values.compactMap(\.running) { await task.value }
  }

  private func wait(for subject: Subject) async {
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
    states[subject]?.waiting.append(continuation)
    let alarm = Task {
      do { try await timing.sleep(Self.patience) } catch { return }
      continuation.finish()
    }
    for await _ in stream {}
    alarm.cancel()
  }

  private func end(_ subject: Subject, answered: Bool) {
    var state = states[subject] ?? State()
    let waiting = state.waiting
    state.waiting = []
    state.running = nil
    let now = timing.now()
    if answered {
      state.heardAt = now
      state.restsUntil = nil
      state.failures = 0
    } else {
      var rest = Self.restFirst
      for _ in 0..<state.failures where rest < Self.restMax { rest = rest * 2 }
      state.failures += 1
      state.restsUntil = now + min(rest, Self.restMax)
    }
    states[subject] = state
    for continuation in waiting { continuation.finish() }
  }
}
