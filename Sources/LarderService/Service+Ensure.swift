import LarderCore
package import LarderMessages
import LarderOrigin
import LarderRegistry

extension Service {
  /// ENSURE: makes a URL present, from the store if an integrity value names what is here, else
  /// from its origin.
  ///
  /// Without an integrity value bytes are delivered as they arrive, with one after they were
  /// verified. An error after a delivery voids what was delivered.
  /// - Parameter deliver: nil where only the digest is wanted.
  /// - Throws: `badRequest` for an integrity list that cannot be read, `notPermitted` where the peer
  ///   may not write and the content is not here, `integrityMismatch`, and what the origin's answer
  ///   leads to.
  package func ensure(
    _ request: EnsureMessage.Request, for peer: RealmCapability, deliver: Delivery?
  ) async throws(ServiceError) -> EnsureMessage.Reply {
    let fetch = SharedFetch(
      realm: peer.realm, url: request.url, variant: request.variant ?? "",
      authorization: request.authorization)
    guard let text = request.integrity else {
      return try await ensureCurrent(fetch, for: peer, deliver: deliver)
    }
    let integrity: Integrity
    do { integrity = try Integrity(text) } catch {
      throw ServiceError(error)
    }
    if let stat = try await known(integrity, fetch, for: peer) {
      try await send(stat, after: 0, of: fetch, for: peer, to: deliver)
      return EnsureMessage.Reply(
        digest: stat.digest, size: stat.size, source: .store, verified: true, stale: false)
    }
    try peer.require(.write, to: "fetch")
    let stat = try await fetches.verified(fetch, integrity)
    try await send(stat, after: 0, of: fetch, for: peer, to: deliver)
    return EnsureMessage.Reply(
      digest: stat.digest, size: stat.size, source: .origin, verified: true, stale: false)
  }

  /// What an integrity value names, if it is here: by digest, or by what was verified against that
  /// value before.
  private func known(
    _ integrity: Integrity, _ fetch: SharedFetch, for peer: RealmCapability
  ) async throws(ServiceError) -> BlobStat? {
    for digest in integrity.digests {
      if let stat = stat(digest, for: peer) { return stat }
    }
    guard let known = try await remembered(fetch, for: peer),
      !Set(known.integrity).isDisjoint(with: integrity.names)
    else { return nil }
    return known.blob
  }

  /// What the origin gave last time, in the peer's realm or a parent, if it is here still.
  private func remembered(
    _ fetch: SharedFetch, for peer: RealmCapability
  ) async throws(ServiceError) -> Fetch? {
    for realm in peer.readable {
      guard let known = try await fetches.remembered(fetch.asked(in: realm)) else { continue }
      if stat(known.blob.digest, for: peer) != nil { return known }
    }
    return nil
  }

  /// What the origin gives now or, if it is down, what it gave last.
  private func ensureCurrent(
    _ fetch: SharedFetch, for peer: RealmCapability, deliver: Delivery?
  ) async throws(ServiceError) -> EnsureMessage.Reply {
    let known = try await remembered(fetch, for: peer)
    // Who may not ask is answered as if the origin were down.
    if let known, !peer.rights.contains(.write) || !fetches.mayAsk(fetch) {
      return try await reply(known.blob, isStale: true, of: fetch, for: peer, to: deliver)
    }
    try peer.require(.write, to: "fetch")
    let terms = FetchTerms(
      validators: known.map { Validators(entityTag: $0.etag, lastModified: $0.lastModified) })
    var delivered: Int64 = 0
    do throws(ServiceError) {
      while true {
        let boarding = try fetches.board(fetch, terms, for: .ensured)
        defer { boarding.flight.leave() }
        let others = boarding.flight.terms
        let landing: Flight.Landing
        do throws(ServiceError) {
          landing = try await follow(boarding.flight, &delivered, deliver)
        } catch {
          if delivered == 0, others != terms, others.mayExplain(error) { continue }
          throw error
        }
        switch landing {
        case .fetched(let fetched):
          if boarding.flight.purpose != .ensured { try await fetches.remember(fetched, fetch) }
          try await send(
            fetched.stat, after: delivered, of: fetch, for: peer, to: deliver)
          return EnsureMessage.Reply(
            digest: fetched.stat.digest, size: fetched.stat.size, source: .origin,
            verified: false, stale: false)
        case .notModified:
          // The answer to another's question: the next flight asks ours.
          guard let known, others.validators == terms.validators else { continue }
          return try await reply(known.blob, isStale: false, of: fetch, for: peer, to: deliver)
        }
      }
    } catch {
      let isDown = [.originUnavailable, .originTimeout].contains(error.code)
      guard isDown, delivered == 0, let known else { throw error }
      return try await reply(known.blob, isStale: true, of: fetch, for: peer, to: deliver)
    }
  }

  /// Delivers what a flight brings while it comes, as far as the caller keeps up.
  private func follow(
    _ flight: Flight, _ delivered: inout Int64, _ deliver: Delivery?
  ) async throws(ServiceError) -> Flight.Landing {
    guard let deliver, flight.terms.integrity == nil else { return try await flight.landing() }
    while true {
      switch try await flight.next(after: delivered) {
      case .bytes(let bytes):
        try await deliver(bytes)
        delivered += Int64(bytes.count)
      case .landed(let landing): return landing
      }
    }
  }

  /// Answers with what the origin gave last.
  private func reply(
    _ stat: BlobStat, isStale: Bool, of fetch: SharedFetch, for peer: RealmCapability,
    to deliver: Delivery?
  ) async throws(ServiceError) -> EnsureMessage.Reply {
    try await send(stat, after: 0, of: fetch, for: peer, to: deliver)
    return EnsureMessage.Reply(
      digest: stat.digest, size: stat.size, source: .store, verified: false, stale: isStale)
  }
}
