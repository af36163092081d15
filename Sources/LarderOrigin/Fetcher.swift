import AsyncHTTPClient
import LarderCore
package import Logging
import NIOCore
import NIOSSL

/// Asks origins for bytes, as often and as long as the limits say, and never where the policy
/// forbids.
///
/// One per daemon: it holds the connections, what is known of each origin's failures, and the
/// counters. Several fetches run at once; asking twice for one thing is the caller's to avoid.
/// HTTP/1.1 only, GET only, no proxies.
package final class Fetcher: Sendable {
  let configuration: OriginConfiguration
  let timing: Timing
  /// Origins that are listed may have addresses that others may not, so each kind has connections
  /// of its own.
  private let listedClient: HTTPClient
  private let unlistedClient: HTTPClient
  let gate: OriginGate
  private let logger: Logger
  private let breakers = Locked<[Origin: Breaker]>([:])
  private let counted = Locked(FetchCounters())

  /// What an address is that a connection may not go to, given whether the origin is listed; nil if
  /// it may.
  typealias Judge = @Sendable (HostAddress, Bool) -> String?

  var limits: OriginLimits { configuration.limits }

  /// Makes a fetcher without connections; `shutdown` must come before it is let go.
  ///
  /// Reads the trust roots. Does not look at the network.
  /// - Throws: `insecure` if the file of trust roots cannot be read.
  package convenience init(
    _ configuration: OriginConfiguration = OriginConfiguration(), timing: Timing = .system,
    logger: Logger
  ) throws(OriginError) {
    let policy = configuration.policy
    try self.init(configuration, timing: timing, logger: logger) { address, isListed in
      policy.objection(to: address, isListed: isListed)
    }
  }

  /// As above, with a judge of the addresses that connections go to.
  init(
    _ configuration: OriginConfiguration, timing: Timing, logger: Logger, judge: @escaping Judge
  ) throws(OriginError) {
    self.configuration = configuration
    self.timing = timing
    self.logger = logger
    gate = OriginGate(limits: configuration.limits)
    let tls = try Self.tlsConfiguration(configuration)
    let limits = configuration.limits
    let clients = [true, false].map { isListed in
      HTTPClient(
        eventLoopGroupProvider: .singleton,
        configuration: Self.clientConfiguration(limits, tls) { judge($0, isListed) })
    }
    (listedClient, unlistedClient) = (clients[0], clients[1])
  }

  /// Closes the connections; fetches that are under way fail. Idle afterwards.
  package func shutdown() async {
    for client in [listedClient, unlistedClient] {
      do {
        try await client.shutdown()
      } catch {
        logger.warning("closing connections to origins failed", metadata: ["error": "\(error)"])
      }
    }
  }

  /// What was done up to now.
  package var counters: FetchCounters { counted.withLock { $0 } }

  /// How many of the origins that are remembered are in each phase.
  package var phases: [Breaker.Phase: Int] {
    breakers.withLock { breakers in
      breakers.values.reduce(into: [:]) { $0[$1.phase, default: 0] += 1 }
    }
  }

  /// Asks for a URL and hands its bytes to `sink`.
  ///
  /// What may pass by itself (no connection, a time limit, 429, 502, 503, 504, a body that was cut)
  /// is tried up to `attemptsMax` times, with growing random waits, as long as the sink has got no
  /// bytes or can begin anew. Cancelling the task closes the connection.
  package func fetch(
    _ request: FetchRequest, into sink: some FetchSink
  ) async throws(OriginError) -> FetchResult {
    let url = try OriginURL(request.url)
    try check(request, url)
    let hasDelivered = Locked(false)
    var attempt = 1
    while true {
      do throws(OriginError) {
        return try await watched(request, url, sink, hasDelivered)
      } catch {
        if error.code != .cancelled, error.code != .resting { count { $0.failures += 1 } }
        let mayRetry = !hasDelivered.withLock { $0 } || sink.canRestart
        guard error.isTransient, mayRetry, attempt < limits.attemptsMax,
          let pause = pause(after: attempt, error)
        else { throw error }
        logger.debug(
          "trying an origin again",
          metadata: ["url": "\(url.redacted)", "attempt": "\(attempt)", "error": "\(error)"])
        do { try await timing.sleep(pause) } catch { throw .cancelled(url.description) }
        count { $0.retries += 1 }
        attempt += 1
      }
    }
  }

  /// The connections that a request to `origin` may use.
  func client(for origin: Origin) -> HTTPClient {
    configuration.policy.listed.contains(origin) ? listedClient : unlistedClient
  }

  /// How long to wait before the next attempt; nil if the origin asks for more patience than we
  /// have.
  private func pause(after attempt: Int, _ error: OriginError) -> Duration? {
    let backoff = limits.backoff(after: attempt, random: timing.random())
    guard let seconds = error.retryAfterSeconds else { return backoff }
    return seconds <= limits.retryAfterMaxSeconds ? max(backoff, .seconds(seconds)) : nil
  }

  /// One attempt, ended when a time limit passes.
  private func watched(
    _ request: FetchRequest, _ url: OriginURL, _ sink: some FetchSink,
    _ hasDelivered: Locked<Bool>
  ) async throws(OriginError) -> FetchResult {
    let watch = AttemptWatch(limits: limits, url: url)
    do {
      return try await withThrowingTaskGroup(of: FetchResult.self) { group in
        defer { group.cancelAll() }
        group.addTask {
          try await self.exchange(request, url, sink, watch, hasDelivered)
        }
        group.addTask { throw try await watch.passed() }
        guard let result = try await group.next() else { throw CancellationError() }
        return result
      }
    } catch {
      try rethrow(error, url)
    }
  }

  private func rethrow(_ error: any Error, _ url: OriginURL) throws(OriginError) -> Never {
    if Task.isCancelled { throw .cancelled(url.description) }
    throw OriginError.transport(error, of: url, limits: limits)
  }

  func count(_ change: (inout FetchCounters) -> Void) {
    counted.withLock { change(&$0) }
  }

  /// Judges a request before anything is sent.
  private func check(_ request: FetchRequest, _ url: OriginURL) throws(OriginError) {
    if let objection = objection(to: url.origin, request) {
      throw .refused(url, objection, remedy: Self.listing)
    }
    let values = [request.authorization, request.etag, request.lastModified].compactMap(\.self)
    guard values.allSatisfy({ $0.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f } }) else {
      throw .refused(
        url, "a header value has control characters", remedy: "send visible text only")
    }
    if let size = request.expectedSize, size > sizeMax(request) {
      throw .tooLarge(url, max: sizeMax(request))
    }
  }

  /// Why an origin may not be asked for this; nil if it may.
  func objection(to origin: Origin, _ request: FetchRequest) -> String? {
    configuration.policy.objection(to: origin) ?? request.origins.objection(to: origin)
  }

  static let listing = "list the origin in the daemon's settings"

  /// The most bytes that this request takes.
  func sizeMax(_ request: FetchRequest) -> ByteCount {
    min(request.sizeMax ?? limits.blobSizeMax, limits.blobSizeMax)
  }

  private static func tlsConfiguration(
    _ configuration: OriginConfiguration
  ) throws(OriginError) -> TLSConfiguration {
    var tls = TLSConfiguration.makeClientConfiguration()
    tls.minimumTLSVersion = .tlsv12
    if let file = configuration.trustRootsFile {
      do {
        tls.additionalTrustRoots = [.certificates(try NIOSSLCertificate.fromPEMFile(file))]
      } catch {
        throw OriginError(
          .insecure, "the certificates to trust in \(file) cannot be read: \(error)",
          remedy: "give a readable PEM file", url: "", cause: error)
      }
    }
    return tls
  }

  private static func clientConfiguration(
    _ limits: OriginLimits, _ tls: TLSConfiguration,
    objection: @escaping @Sendable (HostAddress) -> String?
  ) -> HTTPClient.Configuration {
    var client = HTTPClient.Configuration(
      tlsConfiguration: tls, redirectConfiguration: .disallow,
      timeout: .init(connect: .init(limits.connectMax)), decompression: .disabled)
    client.httpVersion = .http1Only
    client.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit =
      limits.requestsPerOriginMax
    // Attempts are ours to count.
    client.connectionPool.retryConnectionEstablishment = false
    client.http1_1ConnectionDebugInitializer = { channel in
      let address = channel.remoteAddress?.ipAddress.flatMap(HostAddress.init(_:))
      let found = address.map(objection) ?? "no IP address"
      guard let found else { return channel.eventLoop.makeSucceededVoidFuture() }
      // The pool drops the connection, but leaves it to us to close it.
      channel.eventLoop.execute { channel.close(promise: nil) }
      return channel.eventLoop.makeFailedFuture(
        RefusedAddress(objection: "its host resolves to \(found)"))
    }
    return client
  }
}

// MARK: - Origins that fail

extension Fetcher {
  /// Asks leave to send a request to the origin.
  ///
  /// - Throws: `resting`.
  func admit(_ url: OriginURL) throws(OriginError) {
    let now = timing.now()
    let limits = limits
    let admission = breakers.withLock { breakers in
      var breaker = breakers[url.origin] ?? Breaker(now: now)
      let admission = breaker.admit(now: now)
      breakers[url.origin] = breaker
      if breakers.count > limits.originsMax,
        let stalest = breakers.min(by: { $0.value.isStaler(than: $1.value) })?.key
      {
        breakers[stalest] = nil
      }
      return admission
    }
    guard case .resting(let rest) = admission else { return }
    count { $0.rested += 1 }
    throw OriginError(
      .resting, "\(url.origin) failed \(limits.failuresMax) times in a row and is left alone",
      remedy: rest > .zero ? "try again in \(rest)" : "try again in a moment",
      url: url.description)
  }

  /// Reports how a request that had leave ended.
  func report(_ url: OriginURL, _ change: (inout Breaker) -> Void) {
    breakers.withLock { breakers in
      guard var breaker = breakers[url.origin] else { return }
      change(&breaker)
      breakers[url.origin] = breaker
    }
  }
}

extension Breaker {
  /// Whether to forget this one first: those that know of no failure go before those that do.
  fileprivate func isStaler(than other: Breaker) -> Bool {
    isAtRest != other.isAtRest ? isAtRest : lastUse < other.lastUse
  }
}
