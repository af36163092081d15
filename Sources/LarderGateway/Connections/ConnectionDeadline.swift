import NIOCore

/// When a connection is closed for what its peer does not do: a pure state machine over the loop's
/// time.
struct ConnectionDeadline {
  private enum Phase {
    /// Nothing has come since the last answer, or since the connection began.
    case idle(since: NIODeadline)
    /// A request's head has begun.
    case reading(since: NIODeadline)
    /// A request waits for its answer, which takes as long as it takes.
    case answering
    /// Nothing more is said; the peer may still take what was.
    case ended(since: NIODeadline)
  }

  private let limits: GatewayLimits
  private var phase: Phase
  /// Since when the socket takes nothing more.
  private var blockedSince: NIODeadline?
  private var answeredCount = 0

  init(_ limits: GatewayLimits, now: NIODeadline) {
    self.limits = limits
    phase = .idle(since: now)
  }

  /// When the connection is closed if nothing happens until then; nil while it is being answered.
  var deadline: NIODeadline? {
    let phaseEnd: NIODeadline? =
      switch phase {
      case .idle(let since):
        since + (answeredCount == 0 ? limits.headTimeout : limits.idleTimeout)
      case .reading(let since): since + limits.headTimeout
      case .answering: nil
      case .ended(let since): since + limits.lingerTimeout
      }
    let writeEnd = blockedSince.map { $0 + limits.writeTimeout }
    guard let phaseEnd, let writeEnd else { return phaseEnd ?? writeEnd }
    return min(phaseEnd, writeEnd)
  }

  mutating func bytesCame(at now: NIODeadline) {
    if case .idle = phase { phase = .reading(since: now) }
  }

  mutating func requestBegan() { phase = .answering }

  mutating func answered(at now: NIODeadline) {
    answeredCount += 1
    phase = .idle(since: now)
  }

  mutating func ended(at now: NIODeadline) { phase = .ended(since: now) }

  mutating func writabilityChanged(to isWritable: Bool, at now: NIODeadline) {
    blockedSince = isWritable ? nil : blockedSince ?? now
  }
}
