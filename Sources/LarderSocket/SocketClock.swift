/// Where the face takes the time from, for its deadlines only.
package struct SocketClock: Sendable {
  /// Time since any fixed moment; never goes back.
  package let now: @Sendable () -> Duration

  package init(now: @escaping @Sendable () -> Duration) { self.now = now }

  /// The machine's clock, counting from now.
  package static func monotonic() -> SocketClock {
    let start = ContinuousClock.now
    return SocketClock { ContinuousClock.now - start }
  }
}
