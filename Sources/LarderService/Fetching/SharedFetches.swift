import LarderCore
import LarderMessages
import LarderOrigin
import LarderRegistry
import LarderStore
import Logging

/// Fetches from origins: one for each (realm, authorization, URL, variant) at a time, however many
/// wait.
final class SharedFetches: Sendable {
  /// Flights at a time: 128 origins with the eight requests that each is asked at a time. Those of
  /// ENSURE keep at most 4 MiB each for their callers, and connections bound their number.
  static let flightsMax = 1024

  let counters = FetchCounts()
  private let fetcher: Fetcher
  private let content: Content
  private let registry: Registry
  private let log: Logger
  private let flightsMax: Int
  private let flights = Locked<[FetchKey: Flight]>([:])
  /// What each realm may have asked; one that nobody was admitted to has nothing asked.
  private let origins = Locked<[RealmID: OriginRules]>([:])

  init(
    fetcher: Fetcher, content: Content, registry: Registry, log: Logger,
    flightsMax: Int = flightsMax
  ) {
    self.fetcher = fetcher
    self.content = content
    self.registry = registry
    self.log = log
    self.flightsMax = flightsMax
  }

  /// Says which origins are asked on behalf of a realm, by whom and why ever.
  func allow(_ rules: OriginRules, in realm: RealmID) {
    origins.withLock { $0[realm] = rules }
  }

  /// Whether the realm fetches from the URL's origin.
  func mayAsk(_ fetch: SharedFetch) -> Bool {
    // What is wrong with a URL is for the fetch to say.
    guard let url = try? OriginURL(fetch.url) else { return true }
    return rules(of: fetch.realm).objection(to: url.origin) == nil
  }

  private func rules(of realm: RealmID) -> OriginRules {
    origins.withLock { $0[realm] ?? .none }
  }

  /// A caller's place in a flight; `flight.leave()` gives it up.
  struct Boarding {
    let flight: Flight
    /// Whether this call made the daemon ask the origin.
    let isFirst: Bool
  }

  /// Joins the flight for this fetch, or starts one with these terms.
  ///
  /// - Throws: `busy` past `flightsMax`.
  func board(
    _ fetch: SharedFetch, _ terms: FetchTerms = FetchTerms(), for purpose: FetchPurpose
  ) throws(ServiceError) -> Boarding {
    let key = fetch.key
    let boarding: Boarding? = flights.withLock { flights in
      if let flight = flights[key], flight.board() {
        return Boarding(flight: flight, isFirst: false)
      }
      guard flights.count < flightsMax else { return nil }
      let flight = Flight(terms, for: purpose)
      _ = flight.board()
      flights[key] = flight
      return Boarding(flight: flight, isFirst: true)
    }
    guard let boarding else {
      throw ServiceError(
        .busy, "\(flightsMax) fetches are under way", remedy: "try again in a moment",
        subject: fetch.url)
    }
    guard boarding.isFirst else {
      counters.add(coalesced: 1, for: fetch.realm)
      return boarding
    }
    let flight = boarding.flight
    flight.fly(
      Task {
        let outcome = await run(fetch, flight)
        flights.withLock { flights in
          if flights[key] === flight { flights[key] = nil }
        }
        flight.landed(outcome)
      })
    return boarding
  }

  /// How a flight under the caller's terms ended, and whether the caller started it.
  ///
  /// `notModified` answers the caller's own validators, never those of another.
  func landing(
    _ fetch: SharedFetch, _ terms: FetchTerms, for purpose: FetchPurpose
  ) async throws(ServiceError) -> (landing: Flight.Landing, isFirst: Bool) {
    // Each further round joins or starts another flight: one for each of the terms that callers
    // wait with at most.
    while true {
      let boarding = try board(fetch, terms, for: purpose)
      defer { boarding.flight.leave() }
      let others = boarding.flight.terms
      let landing: Flight.Landing
      do throws(ServiceError) { landing = try await boarding.flight.landing() } catch {
        if others != terms, others.mayExplain(error) { continue }
        throw error
      }
      switch landing {
      case .fetched(let fetched):
        if others != terms { try await check(fetched.stat, terms, fetch) }
      case .notModified:
        if others.validators != terms.validators { continue }
      }
      return (landing, boarding.isFirst)
    }
  }

  /// A whole body, stored.
  ///
  /// - Parameters:
  ///   - expectedSize: what the body must have, where it is known.
  ///   - integrity: likewise.
  func blob(
    _ fetch: SharedFetch, expectedSize: Int64? = nil, sizeMax: ByteCount? = nil,
    integrity: Integrity? = nil, for purpose: FetchPurpose
  ) async throws(ServiceError) -> Flight.Fetched {
    let terms = FetchTerms(integrity: integrity, expectedSize: expectedSize, sizeMax: sizeMax)
    guard case .fetched(let fetched) = try await landing(fetch, terms, for: purpose).landing else {
      throw ServiceError(.internal, "\(fetch.url) is unchanged, though nobody asked whether it is")
    }
    return fetched
  }

  /// A body that has the integrity value, stored; the check runs for each caller, whoever started
  /// the flight.
  func verified(
    _ fetch: SharedFetch, _ integrity: Integrity
  ) async throws(ServiceError) -> BlobStat {
    let terms = FetchTerms(integrity: integrity)
    let (landing, isFirst) = try await landing(fetch, terms, for: .ensured)
    guard case .fetched(let fetched) = landing else {
      throw ServiceError(.internal, "\(fetch.url) is unchanged, though nobody asked whether it is")
    }
    if isFirst || fetched.integrity != integrity {
      try await remember(fetched, fetch, integrity: integrity.names)
    }
    return fetched.stat
  }

  /// Whether the origin still has what it had; a body that came instead is compared by digest.
  ///
  /// Answers for a moment after the call: an answer that was under way already is not taken.
  func isUnchanged(
    _ fetch: SharedFetch, since stat: BlobStat, _ validators: Validators
  ) async throws(ServiceError) -> Bool {
    let terms = FetchTerms(validators: validators)
    var answer = try await landing(fetch, terms, for: .description)
    // Whichever flight follows the one that was joined was asked for later than this call.
    if !answer.isFirst { answer = try await landing(fetch, terms, for: .description) }
    switch answer.landing {
    case .notModified: return true
    case .fetched(let fetched): return fetched.stat == stat
    }
  }

  /// A whole body in memory, nothing stored and nobody sharing it.
  func bytes(
    of url: String, sizeMax: ByteCount, in realm: RealmID
  ) async throws(ServiceError) -> [UInt8] {
    let sink = MemorySink(url: url)
    do {
      _ = try await fetcher.fetch(
        FetchRequest(url: url, origins: rules(of: realm), sizeMax: sizeMax), into: sink)
    } catch {
      throw ServiceError(error)
    }
    if let finding = CodeEvidence.against(sink.bytes, path: url) { throw finding }
    return sink.bytes
  }

  /// What the origin gave last time, as the registry has it.
  func remembered(_ fetch: SharedFetch) async throws(ServiceError) -> Fetch? {
    do { return try await registry.fetch(fetch.key) } catch { throw ServiceError(error) }
  }

  /// Writes down what the origin gave, and the integrity values that it was checked against, those
  /// of earlier checks of the same bytes included.
  func remember(
    _ fetched: Flight.Fetched, _ fetch: SharedFetch, integrity: [String] = []
  ) async throws(ServiceError) {
    let known = try await remembered(fetch)
    let earlier = known?.blob == fetched.stat ? known?.integrity ?? [] : []
    do {
      try await registry.recordFetches([
        Fetch(
          key: fetch.key, blob: fetched.stat, type: fetched.contentType ?? "",
          etag: fetched.entityTag, lastModified: fetched.lastModified,
          integrity: earlier + integrity.filter { !earlier.contains($0) },
          fetchedAt: registry.now())
      ])
    } catch {
      throw ServiceError(error)
    }
  }

  private func run(
    _ fetch: SharedFetch, _ flight: Flight
  ) async -> Result<Flight.Landing, ServiceError> {
    do throws(ServiceError) {
      let sink = FlightSink(flight: flight, fetch: fetch, content: content)
      let result: FetchResult
      let request = fetch.request(flight.terms, from: rules(of: fetch.realm))
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
        counters.add(bytes: stat.size.value, flight.purpose, for: fetch.realm)
        let fetched = Flight.Fetched(
          stat: stat, entityTag: head.etag, lastModified: head.lastModified,
          contentType: head.contentType, integrity: flight.terms.integrity)
        // Before the end: who asks when the flight is over finds it.
        if flight.purpose == .ensured, flight.terms.integrity == nil {
          try await remember(fetched, fetch)
        }
        return .success(.fetched(fetched))
      }
    } catch {
      // One that was given up did not fail: its callers went away.
      if error.code != .shuttingDown { counters.add(failures: 1, for: fetch.realm) }
      log.info("fetch failed", metadata: ["url": "\(fetch.url)", "reason": "\(error.message)"])
      return .failure(error)
    }
  }

  /// Holds what another's flight brought against one's own terms.
  private func check(
    _ stat: BlobStat, _ terms: FetchTerms, _ fetch: SharedFetch
  ) async throws(ServiceError) {
    if let size = terms.expectedSize, size != stat.size.value {
      throw ServiceError(
        .truncated, "\(fetch.url) has \(stat.size.value) bytes, its build wrote \(size)",
        remedy: "check that the deploy is whole, then ask again", subject: fetch.url)
    }
    if let sizeMax = terms.sizeMax, stat.size > sizeMax {
      throw ServiceError(
        .tooLarge, "\(fetch.url) has \(stat.size), more than \(sizeMax)",
        remedy: "check what the URL gives", subject: fetch.url)
    }
    guard let integrity = terms.integrity else { return }
    let matches = try await content.matches(stat, integrity, in: [fetch.realm])
    guard matches else {
      throw ServiceError(
        .integrityMismatch, "\(fetch.url) has other bytes than its integrity value names",
        remedy: "check the value, and whether the file was deployed anew", subject: fetch.url)
    }
  }
}
