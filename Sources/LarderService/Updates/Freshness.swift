/// How sure pages of the public are to get an origin's newest deploy (RFC 9111, 4.2; RFC 5861).
package struct Freshness: Hashable, Sendable {
  /// For how long an origin's last word is not doubted; zero asks it each time that somebody begins
  /// with a remote.
  package var fresh: Duration
  /// For how long after that nobody waits for the origin, which is asked all the same.
  package var staleWhileRevalidate: Duration

  /// Either from zero to this: what is older than a week somebody should decide about.
  package static let max = Duration.seconds(7 * 86_400)

  package init(fresh: Duration = .zero, staleWhileRevalidate: Duration = .zero) {
    self.fresh = fresh
    self.staleWhileRevalidate = staleWhileRevalidate
  }
}
