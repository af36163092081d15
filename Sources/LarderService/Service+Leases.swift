package import LarderCore
package import LarderStore

extension Service {
  /// LEASE without a time: blobs that stay for as long as somebody holds the answer, those that are
  /// read from a parent included; the peer's own realm has the budget.
  ///
  /// - Throws: `notPermitted`; `notFound` for the first that is not here, `tooLarge` and `busy` where the realm's
  ///   budget does not allow it; then none is leased.
  package func lease(
    _ digests: [Digest], for peer: RealmCapability
  ) async throws(ServiceError) -> Lease {
    try await leasing(digests, for: peer) { (store) throws(StoreError) in
      try store.lease(digests, in: peer.readable)
    }
  }

  /// LEASE with a time, which outlives the connection that asked, not the daemon.
  ///
  /// - Throws: as above; `badRequest` for a time that is none, or above a day.
  package func lease(
    _ digests: [Digest], seconds: Int64, for peer: RealmCapability
  ) async throws(ServiceError) -> TimedLease {
    let secondsMax = Store.Options.leaseLifeMax.components.seconds
    guard (1...secondsMax).contains(seconds) else {
      throw ServiceError(
        .badRequest, "a lease lasts 1 to \(secondsMax) seconds, not \(seconds)",
        remedy: "take it again before it ends, or PIN the release")
    }
    return try await leasing(digests, for: peer) { (store) throws(StoreError) in
      try store.lease(digests, in: peer.readable, for: .seconds(seconds), user: peer.user)
    }
  }

  /// RELEASE of a lease with a time. Looks at memory only.
  ///
  /// - Throws: `notFound` unless this user took it in this realm and it has not ended.
  package func endLease(_ number: UInt64, for peer: RealmCapability) throws(ServiceError) {
    guard content.store.endLease(number, in: peer.realm, user: peer.user) else {
      throw ServiceError(
        .notFound, "no lease \(number) runs, or it is not yours to end", subject: "\(number)")
    }
  }

  private func leasing<Value: Sendable>(
    _ digests: [Digest], for peer: RealmCapability,
    _ body: @escaping @Sendable (Store) throws(StoreError) -> Value
  ) async throws(ServiceError) -> Value {
    try peer.require(.write, to: "lease")
    guard !digests.isEmpty else {
      throw ServiceError(.badRequest, "a lease names at least one blob")
    }
    do throws(ServiceError) {
      return try await content.run(body)
    } catch {
      guard error.code == .notFound else { throw error }
      let missing = try await content.run { (store) throws(StoreError) in
        digests.first { store.stat($0, in: peer.readable) == nil }
      }
      throw ServiceError(
        .notFound, error.message, remedy: error.remedy, subject: missing?.hex)
    }
  }
}
