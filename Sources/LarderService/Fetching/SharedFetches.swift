import LarderCore
import LarderMessages
import LarderOrigin
import LarderRegistry
import LarderStore
import Logging

/// Fetches from origins: one for each (realm, authorization, URL, variant) at a time, however many wait.
final class SharedFetches: Sendable {
  /// Flights at a time: eight remotes that each fetch eight files at once, sixteen times over. A flight holds at most
  /// 4 MiB for its callers.
  static let flightsMax = 1024

  let counters = FetchCounts()
  private let fetcher: Fetcher
  private let content: Content
  private let registry: Registry
  private let log: Logger
  private let flights = Locked<[FetchKey: Flight]>([:])

  init(fetcher: Fetcher, content: Content, registry: Registry, log: Logger) {
    self.fetcher = fetcher
    self.content = content
    self.registry = registry
    self.log = log
  }

  /// A caller's place in a flight; `flight.leave()` gives it up.
  struct Boarding {
    let flight: Flight
    /// Whether this call made the daemon ask the origin.
    let isFirst: Bool
  }

  /// Joins the flight for this fetch, or starts one.
  ///
  /// - Parameters:
  ///   - validators: sent by the flight that this call starts; one that is under way has its own.
  ///   - integrity: as `validators`; the flight fails if the bytes differ.
  func board(
    _ fetch: SharedFetch, validators: Validators? = nil, integrity: Integrity? = nil,
    for purpose: FetchPurpose
  ) throws(ServiceError) -> Boarding {
    let key = fetch.key
    let boarding: Boarding? = flights.withLock { flights in
      if let flight = flights[key], flight.board() {
        return Boarding(flight: flight, isFirst: false)
      }
      guard flights.count < Self.flightsMax else { return nil }
      let flight = Flight()
      _ = flight.board()
      flights[key] = flight
      return Boarding(flight: flight, isFirst: true)
    }
    guard let boarding else {
      throw ServiceError(
        .busy, "\(Self.flightsMax) fetches are under way", remedy: "try again in a moment",
        subject: fetch.url)
    }
    guard boarding.isFirst else {
      counters.add(coalesced: 1, for: fetch.realm)
      return boarding
    }
    let flight = boarding.flight
    flight.fly(
      Task {
        let outcome = await run(
          fetch.request(validators: validators, integrity: integrity), fetch, flight, purpose)
        flights.withLock { flights in
          if flights[key] === flight { flights[key] = nil }
        }
        flight.landed(outcome)
      })
    return boarding
  }

  /// A whole body, stored.
  func blob(
    _ fetch: SharedFetch, for purpose: FetchPurpose
  ) async throws(ServiceError) -> Flight.Fetched {
    let boarding = try board(fetch, for: purpose)
    defer { boarding.flight.leave() }
    switch try await boarding.flight.landing() {
    case .fetched(let fetched): return fetched
    case .notModified:
      // Joined a flight that asked conditionally: whoever started it has the bytes, the store says which.
      guard let known = try await remembered(fetch) else {
        throw ServiceError(
          .originUnavailable, "\(fetch.url) is unchanged, and what it was is no longer here",
          remedy: "ask again", subject: fetch.url)
      }
      return Flight.Fetched(
        stat: known.blob, entityTag: known.etag, lastModified: known.lastModified)
    }
  }

  /// A body that has the integrity value, stored; the check runs for each caller, whoever started the flight.
  func verified(
    _ fetch: SharedFetch, _ integrity: Integrity
  ) async throws(ServiceError) -> BlobStat {
    while true {
      let boarding = try board(fetch, integrity: integrity, for: .ensured)
      defer { boarding.flight.leave() }
      let landing: Flight.Landing
      do throws(ServiceError) { landing = try await boarding.flight.landing() } catch {
        // Another caller's value was wrong; ours may be right.
        if error.code == .integrityMismatch, !boarding.isFirst { continue }
        throw error
      }
      // A flight that found nothing newer was started without integrity; the next one is ours.
      guard case .fetched(let fetched) = landing else { continue }
      if !boarding.isFirst { try await check(fetched.stat, integrity, fetch) }
      try await remember(fetched, fetch, integrity: integrity.names)
      return fetched.stat
    }
  }

  /// Whether the origin still has what it had; a body that came instead is compared by digest.
  func isUnchanged(
    _ fetch: SharedFetch, since stat: BlobStat, _ validators: Validators
  ) async throws(ServiceError) -> Bool {
    let boarding = try board(fetch, validators: validators, for: .description)
    defer { boarding.flight.leave() }
    switch try await boarding.flight.landing() {
    case .notModified: return true
    case .fetched(let fetched): return fetched.stat == stat
    }
  }

  /// A whole body in memory, nothing stored and nobody sharing it.
  func bytes(of url: String, sizeMax: ByteCount) async throws(ServiceError) -> [UInt8] {
    let sink = MemorySink()
    do {
      _ = try await fetcher.fetch(FetchRequest(url: url, sizeMax: sizeMax), into: sink)
    } catch {
      throw ServiceError(error)
    }
    return sink.bytes
  }

  /// What the origin gave last time, as the registry has it.
  func remembered(_ fetch: SharedFetch) async throws(ServiceError) -> Fetch? {
    do { return try await registry.fetch(fetch.key) } catch { throw ServiceError(error) }
  }

  private func run(
    _ request: FetchRequest, _ fetch: SharedFetch, _ flight: Flight, _ purpose: FetchPurpose
  ) async -> Result<Flight.Landing, ServiceError> {
    do throws(ServiceError) {
      let sink = FlightSink(flight: flight, fetch: fetch, content: content)
      let result: FetchResult
      do { result = try await fetcher.fetch(request, into: sink) } catch {
        await sink.cancel()
        throw ServiceError(error)
      }
      switch result {
      case .notModified:
        counters.add(revalidations: 1, for: fetch.realm)
        return .success(.notModified)
      case .complete(let head, _):
        let stat = try await sink.finish()
        counters.add(bytes: stat.size.value, purpose, for: fetch.realm)
        let fetched = Flight.Fetched(
          stat: stat, entityTag: head.etag, lastModified: head.lastModified,
          contentType: head.contentType)
        if purpose == .ensured, request.integrity == nil {
          try await remember(fetched, fetch, integrity: [])
        }
        return .success(.fetched(fetched))
      }
    } catch {
      counters.add(failures: 1, for: fetch.realm)
      log.info("fetch failed", metadata: ["url": "\(fetch.url)", "reason": "\(error.message)"])
      return .failure(error)
    }
  }

  private func check(
    _ stat: BlobStat, _ integrity: Integrity, _ fetch: SharedFetch
  ) async throws(ServiceError) {
    let matches = try await content.run { (store) throws(StoreError) in
      var verifier = integrity.verifier()
      try store.read(stat.digest, in: [fetch.realm]) { (piece) throws(StoreError) in
        verifier.update(piece)
      }
      return verifier.matches()
    }
    guard matches else {
      throw ServiceError(
        .integrityMismatch, "\(fetch.url) has other bytes than its integrity value names",
        remedy: "check the value, and whether the file was deployed anew", subject: fetch.url)
    }
  }

  private func remember(
    _ fetched: Flight.Fetched, _ fetch: SharedFetch, integrity: [String]
  ) async throws(ServiceError) {
    do {
      try await registry.recordFetches([
        Fetch(
          key: fetch.key, blob: fetched.stat, type: fetched.contentType ?? "",
          etag: fetched.entityTag, lastModified: fetched.lastModified, integrity: integrity,
          fetchedAt: registry.now())
      ])
    } catch {
      throw ServiceError(error)
    }
  }
}
