import LarderCore

/// The time limits of one attempt: whoever works says what it waits for, and a watching task ends
/// the attempt when a limit has passed.
///
/// The client's own time-outs do not serve: its read time-out also runs while our sink is the slow
/// one.
final class AttemptWatch: Sendable {
  /// What the attempt waits for.
  enum Phase: Sendable {
    case head
    case body
    /// For ourselves: only the limit of the whole attempt runs.
    case sink
  }

  private struct State {
    var limit: OriginError.TimeLimit
    var deadline: ContinuousClock.Instant
    var url: OriginURL
    /// The error of the limit that has passed.
    var verdict: OriginError?
  }

  private let limits: OriginLimits
  private let end: ContinuousClock.Instant
  private let state: Locked<State>

  init(limits: OriginLimits, url: OriginURL) {
    self.limits = limits
    let now = ContinuousClock.now
    end = now + limits.attemptMax
    state = Locked(State(limit: .head, deadline: now + limits.headMax, url: url))
  }

  /// Starts the clock of `phase` anew.
  func enter(_ phase: Phase, url: OriginURL) {
    let now = ContinuousClock.now
    let (limit, deadline): (OriginError.TimeLimit, ContinuousClock.Instant) =
      switch phase {
      case .head: (.head, now + limits.headMax)
      case .body: (.stall, now + limits.stallMax)
      case .sink: (.attempt, end)
      }
    state.withLock { state in
      state.limit = limit
      state.deadline = deadline
      state.url = url
    }
  }

  /// The limit that has passed, which tells an attempt that was cut off from one that nobody wants
  /// any longer.
  var verdict: OriginError? { state.withLock { $0.verdict } }

  /// Waits until a limit has passed; throws only when its task is cancelled.
  ///
  /// A phase may begin while this sleeps, so it looks again at each quarter of the shortest limit:
  /// a limit is noticed late by that much at most, and by a second at most.
  func passed() async throws -> OriginError {
    let shortest = min(limits.headMax, limits.stallMax, limits.attemptMax)
    let step = min(max(shortest / 4, .milliseconds(1)), .seconds(1))
    while true {
      let now = ContinuousClock.now
      let current = state.withLock { $0 }
      if now >= end { return settle(.timeout(.attempt, limits.attemptMax, of: current.url)) }
      if now >= current.deadline {
        let duration = current.limit == .head ? limits.headMax : limits.stallMax
        return settle(.timeout(current.limit, duration, of: current.url))
      }
      try await Task.sleep(for: step)
    }
  }

  private func settle(_ verdict: OriginError) -> OriginError {
    state.withLock { $0.verdict = verdict }
    return verdict
  }
}
