/// Leaves an origin alone after failures in a row: fails fast for a while, then lets one request
/// probe.
///
/// Pure: the time comes with each call.
package struct Breaker: Sendable {
  /// Whether a request may go now.
  enum Admission: Hashable, Sendable {
    case admitted
    /// Not before this much time has passed, or until the probe that is under way has ended (then
    /// zero).
    case resting(Duration)
  }

  /// What is known of an origin, as operators are told it.
  package enum Phase: String, CaseIterable, Sendable {
    /// It answers, or its failures are too few to matter.
    case closed
    /// It is left alone, and requests to it fail at once.
    case open
    /// One request finds out whether it is back.
    case probing
  }

  private enum State {
    case closed(failures: Int)
    case open(until: ContinuousClock.Instant, rest: Duration)
    case probing(rest: Duration)
  }

  private var state = State.closed(failures: 0)
  /// The last time something was asked of this breaker; the stalest is forgotten first.
  private(set) var lastUse: ContinuousClock.Instant

  init(now: ContinuousClock.Instant) { lastUse = now }

  /// Whether nothing would be lost with this breaker.
  var isAtRest: Bool {
    if case .closed(failures: 0) = state { true } else { false }
  }

  var phase: Phase {
    switch state {
    case .closed: .closed
    case .open: .open
    case .probing: .probing
    }
  }

  /// Asks for leave; who gets it reports `succeeded`, `failed` or `abandoned`.
  mutating func admit(now: ContinuousClock.Instant) -> Admission {
    lastUse = now
    switch state {
    case .closed: return .admitted
    case .probing: return .resting(.zero)
    case .open(let until, let rest):
      guard now >= until else { return .resting(now.duration(to: until)) }
      state = .probing(rest: rest)
      return .admitted
    }
  }

  /// The origin answered.
  mutating func succeeded(now: ContinuousClock.Instant) {
    lastUse = now
    state = .closed(failures: 0)
  }

  /// The origin did not answer, or said that it cannot.
  mutating func failed(now: ContinuousClock.Instant, limits: OriginLimits) {
    lastUse = now
    switch state {
    case .closed(let failures):
      state =
        failures + 1 < limits.failuresMax
        ? .closed(failures: failures + 1)
        : .open(until: now + limits.restFirst, rest: limits.restFirst)
    case .probing(let rest):
      let longer = min(rest * 2, limits.restMax)
      state = .open(until: now + longer, rest: longer)
    case .open: break
    }
  }

  /// Whoever had leave went away without learning anything.
  mutating func abandoned(now: ContinuousClock.Instant) {
    lastUse = now
    if case .probing(let rest) = state { state = .open(until: now, rest: rest) }
  }
}
