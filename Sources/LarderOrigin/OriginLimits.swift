package import LarderCore

/// How long, how often and how much an origin is asked; each is finite.
package struct OriginLimits: Sendable {
  /// Until a connection stands: three tries of a lost SYN (1, 2 and 4 s) less the last.
  package var connectMax: Duration = .seconds(5)
  /// From asking to the head of the answer, connecting included: a cold server-side build takes
  /// seconds.
  package var headMax: Duration = .seconds(15)
  /// Between two pieces of the body, while we are ready to take one.
  package var stallMax: Duration = .seconds(15)
  /// For one attempt with its redirects and its body: 100 MB at 1 MB/s, with room.
  package var attemptMax: Duration = .seconds(120)
  /// Attempts at one fetch.
  package var attemptsMax = 3
  /// Redirects of one attempt.
  package var redirectsMax = 3
  /// The first back-off is between 0 and this, the next up to twice as long.
  package var backoffFirst: Duration = .milliseconds(100)
  /// No back-off is longer.
  package var backoffMax: Duration = .seconds(2)
  /// Seconds for which an origin may put us off (`Retry-After`) before we give up at once instead.
  package var retryAfterMaxSeconds = 10
  /// Failures in a row after which an origin is left alone.
  package var failuresMax = 5
  /// For how long at first; doubles with each probe that fails.
  package var restFirst: Duration = .seconds(1)
  /// No rest is longer: an origin that is back is found within this.
  package var restMax: Duration = .seconds(30)
  /// Origins whose failures are remembered: 1,024 of some 100 bytes.
  package var originsMax = 1024
  /// Requests to one origin at a time, the rest wait for their turn: what browsers do (6), and
  /// some.
  package var requestsPerOriginMax = 8
  /// Requests that wait for their turn at one origin: a release of 10,000 files, asked for at once.
  package var waitingPerOriginMax = 10_000
  /// Bytes of a body, unless the request says less.
  package var blobSizeMax: ByteCount = .gibibytes(1)

  package init() {}
}
