import Glibc

/// Slows work that moves bytes down to a rate: sleeps off what was done too fast.
struct Pace {
  private let bytesPerSecond: Int64
  private let start = ContinuousClock.now
  private var spent: Int64 = 0

  init(bytesPerSecond: Int64) { self.bytesPerSecond = bytesPerSecond }

  mutating func spend(_ byteCount: Int) {
    if byteCount == 0 { return }
    spent += Int64(byteCount)
    let due = Duration.milliseconds(spent * 1000 / bytesPerSecond)
    let ahead = due - (ContinuousClock.now - start)
    // Shorter sleeps cost more than they give back.
    if ahead > .milliseconds(10) {
      usleep(UInt32(min(ahead / .microseconds(1), 1_000_000)))
    }
  }
}
