/// How long to leave a daemon alone that could not be reached: twice as long after each failure,
/// up to a bound, and by chance down to half of it, so that clients that lost a daemon at the same
/// moment do not come back at the same moment.
struct Backoff {
  /// A daemon that is being restarted is back after some 20 ms.
  static let first = Duration.milliseconds(20)

  let pauseMax: Duration
  private var pause = Backoff.first

  init(pauseMax: Duration) { self.pauseMax = pauseMax }

  /// The pause after one more failure.
  mutating func next(using generator: inout some RandomNumberGenerator) -> Duration {
    let whole = min(pause, pauseMax)
    pause = min(pause * 2, max(pauseMax, Backoff.first))
    return whole * Double.random(in: 0.5...1, using: &generator)
  }

  /// Notes that the daemon answers.
  mutating func reset() { pause = Backoff.first }
}
