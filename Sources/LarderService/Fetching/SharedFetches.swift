import CoreMetrics
import LarderCore
import LarderMessages
import LarderMetrics
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
  /// What each realm may have asked, and with which authorization.
  private let realms: RealmRules
  private let instruments: ServiceInstruments
  private let clock = ContinuousClock()

  init(
    fetcher: Fetcher, content: Content, registry: Registry, realms: RealmRules,
    instruments: ServiceInstruments = ServiceInstruments(Instruments()), log: Logger,
    flightsMax: Int = flightsMax
  ) {
    self.instruments = instruments
    self.fetcher = fetcher
    self.content = content
    self.registry = registry
    self.realms = realms
    self.log = log
    self.flightsMax = flightsMax
  }

  /// Whether the realm fetches from the URL's origin.
  func mayAsk(_ fetch: SharedFetch) -> Bool {
    // What is wrong with a URL is for the fetch to say.
    guard let url = try? OriginURL(fetch.url) else { return true }
    return realms.rules(of: fetch.realm).origins.objection(to: url.origin) == nil
  }

  /// The key under which a fetch is shared, and the registry remembers what came.
  private func key(of fetch: SharedFetch) -> FetchKey {
    guard fetch.authorization == nil, let url = try? OriginURL(fetch.url) else {
      return fetch.key(credential: "")
    }
    return fetch.key(credential: realms.rules(of: fetch.realm).credentials.name(for: url.origin))
  }

  /// Whether what a key names was fetched with nothing, or with a credential that its realm has.
  func isOwn(_ key: FetchKey) -> Bool {
    self.key(of: SharedFetch(realm: key.realm, url: key.url)).credential == key.credential
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
    let key = key(of: fetch)
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

  /// What the origin has now; asked with what it gave last, one that has nothing newer sends no
  /// body.
  func current(
    _ fetch: SharedFetch, sizeMax: ByteCount, for purpose: FetchPurpose
  ) async throws(ServiceError) -> Flight.Fetched {
    let known = try await remembered(fetch).flatMap { known in
      content.store.stat(known.blob.digest, in: [fetch.realm]) == nil ? nil : known
    }
    let terms = FetchTerms(
      validators: known.map { Validators(entityTag: $0.etag, lastModified: $0.lastModified) },
      sizeMax: sizeMax)
    switch try await landing(fetch, terms, for: purpose).landing {
    case .fetched(let fetched):
      let isNew = known.map {
        $0.blob != fetched.stat || $0.etag != fetched.entityTag
          || $0.lastModified != fetched.lastModified
      }
      if isNew ?? true { try await remember(fetched, fetch) }
      return fetched
    case .notModified:
      guard let known else {
        throw ServiceError(.internal, "\(fetch.url) is unchanged, though nothing of it is known")
      }
      return Flight.Fetched(
        stat: known.blob, entityTag: known.etag, lastModified: known.lastModified,
        contentType: known.type)
    }
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
    _ = try await ask(SharedFetch(realm: realm, url: url), FetchTerms(sizeMax: sizeMax), sink)
    if let finding = CodeEvidence.against(sink.bytes, path: url) { throw finding }
    return sink.bytes
  }

  /// What the origin gave last time, as the registry has it.
  func remembered(_ fetch: SharedFetch) async throws(ServiceError) -> Fetch? {
    do { return try await registry.fetch(key(of: fetch)) } catch { throw ServiceError(error) }
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
          key: key(of: fetch), blob: fetched.stat, type: fetched.contentType ?? "",
          etag: fetched.entityTag, lastModified: fetched.lastModified,
          integrity: earlier + integrity.filter { !earlier.contains($0) },
          fetchedAt: registry.now())
      ])
    } catch {
      throw ServiceError(error)
    }
  }

  /// Adds what all origins have in common.
  func measure(into page: inout Exposition) {
    OriginMetrics.add(fetcher, flights: flights.withLock { $0.count }, to: &page)
  }

  private func run(
    _ fetch: SharedFetch, _ flight: Flight
  ) async -> Result<Flight.Landing, ServiceError> {
    let start = clock.now
    do throws(ServiceError) {
      let sink = FlightSink(flight: flight, fetch: fetch, content: content)
      let result: FetchResult
      do throws(ServiceError) { result = try await ask(fetch, flight.terms, sink) } catch {
        await sink.cancel()
        throw error
      }
      switch result {
      case .notModified:
        counters.add(revalidations: 1, for: fetch.realm)
        instruments.unchanged.record(clock.now - start)
        return .success(.notModified)
      case .complete(let head, _):
        let stat = try await sink.finish()
        counters.add(bytes: stat.size.value, flight.purpose, for: fetch.realm)
        instruments.fetched.record(clock.now - start)
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
      // One that was given up did not fail: its callers went away. That one of the files that may
      // describe a build is not there is an answer.
      let isAnswer = flight.purpose == .description && error.isAbsence
      if error.code != .shuttingDown, !isAnswer {
        counters.add(failures: 1, for: fetch.realm)
        instruments.failed.record(clock.now - start)
      }
      log.info("fetch failed", metadata: ["url": "\(fetch.url)", "reason": "\(error.message)"])
      return .failure(error)
    }
  }

  /// Asks the origin, with the realm's credential where the caller has none of its own.
  private func ask(
    _ fetch: SharedFetch, _ terms: FetchTerms, _ sink: some FetchSink
  ) async throws(ServiceError) -> FetchResult {
    let rules = realms.rules(of: fetch.realm)
    // What is wrong with a URL, and whom a realm may not ask, is for the fetcher to say: before a
    // program is asked for a token.
    let url = try? OriginURL(fetch.url)
    guard fetch.authorization == nil, let origin = url?.origin, mayAsk(fetch) else {
      return try await ask(fetch.request(terms, from: rules.origins), sink)
    }
    var request = fetch.request(terms, from: rules.origins)
    request.authorization = try await rules.credentials.authorization(for: origin)
    do throws(ServiceError) { return try await ask(request, sink) } catch {
      // A token that its program gave a while ago may have ended meanwhile; nothing of a body came.
      guard error.originStatus == 401, let old = request.authorization else { throw error }
      rules.credentials.forget(origin)
      request.authorization = try await rules.credentials.authorization(for: origin)
      guard request.authorization != old else { throw error }
      return try await ask(request, sink)
    }
  }

  private func ask(
    _ request: FetchRequest, _ sink: some FetchSink
  ) async throws(ServiceError) -> FetchResult {
    do { return try await fetcher.fetch(request, into: sink) } catch { throw ServiceError(error) }
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
