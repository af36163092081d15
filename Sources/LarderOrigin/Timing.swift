/// Time and chance for back-off and rests, given from outside so that tests need not wait.
package struct Timing: Sendable {
  /// The time of a clock that never goes back.
  package let now: @Sendable () -> ContinuousClock.Instant
  /// Waits; throws `CancellationError` when the task is cancelled.
  package let sleep: @Sendable (Duration) async throws -> Void
  /// A number from 0 up to 1, uniform.
  package let random: @Sendable () -> Double

  package init(
    now: @escaping @Sendable () -> ContinuousClock.Instant,
    sleep: @escaping @Sendable (Duration) async throws -> Void,
    random: @escaping @Sendable () -> Double
  ) {
    self.now = now
    self.sleep = sleep
    self.random = random
  }

  /// The machine's clock and generator.
  package static let system = Timing(
    now: { ContinuousClock.now }, sleep: { try await Task.sleep(for: $0) },
    random: { Double.random(in: 0..<1) })
}

extension OriginLimits {
  /// How long to wait before attempt number `attempt` + 1: anything from nothing to an
  /// exponentially growing bound ("full jitter"), so that those who failed together do not come
  /// back together.
  func backoff(after attempt: Int, random: Double) -> Duration {
    var bound = backoffFirst
    for _ in 1..<max(attempt, 1) where bound < backoffMax { bound = bound * 2 }
    return min(bound, backoffMax) * random
  }
}
