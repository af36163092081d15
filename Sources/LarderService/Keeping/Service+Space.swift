package import LarderCore
import LarderRegistry
import LarderStore
import Logging

extension Service {
  /// Gives the realm of a peer a quota of its own.
  package func setQuota(_ quota: ByteCount, for peer: RealmCapability) {
    content.store.setQuota(quota, of: peer.realm)
  }

  /// Tells the store what the registry's releases name, then collects whenever that is due, until
  /// the task is cancelled.
  ///
  /// Before the first of this nothing is evicted. A collection runs on a worker.
  func keepSpace() async {
    let (due, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    content.store.whenCollectionIsDue { signal.yield() }
    // The store may have been left full.
    signal.yield()
    for await _ in due {
      do throws(ServiceError) {
        try await keepReleases()
        note(try await collect(freeing: nil))
      } catch {
        if Task.isCancelled { return }
        log.warning("space was not collected", metadata: ["reason": "\(error)"])
      }
    }
  }

  /// Collects, then forgets the fetches of what went.
  func collect(freeing bytes: ByteCount?) async throws(ServiceError) -> CollectReport {
    let report = try await content.run { (store) throws(StoreError) in
      try store.collect(freeing: bytes)
    }
    if report.evictedRecords > 0 { try await forgetEvicted() }
    return report
  }

  /// Forgets the fetches whose bytes are gone: they must not promise them. What proved damaged
  /// stays known, since it can be fetched again so.
  func forgetEvicted() async throws(ServiceError) {
    for realm in try await ServiceError.mapping(await registry.realms()).map(\.id) {
      let fetched = try await ServiceError.mapping(await registry.fetchedDigests(in: realm))
      let gone = try await content.run { (store) throws(StoreError) in
        let damaged = store.quarantine.filter { $0.realm == realm }.map(\.digest)
        return fetched.subtracting(damaged).filter { !store.contains($0, in: realm) }
      }
      if gone.isEmpty { continue }
      try await ServiceError.mapping(await registry.forgetFetches(of: gone, in: realm))
    }
  }

  /// Has the store keep what releases name, those that were removed under a session among them, and
  /// nothing else: for every realm that has content.
  func keepReleases() async throws(ServiceError) {
    var realms = Set(content.store.statistics.realms.keys)
    realms.formUnion(try await ServiceError.mapping(await registry.realms()).map(\.id))
    for realm in realms.sorted() {
      // What is committed after the registry was asked is marked later.
      let mark = content.store.markKept()
      let digests = try await ServiceError.mapping(await registry.referencedDigests(in: realm))
        .union(sessions.digests(in: realm))
      try await content.run { (store) throws(StoreError) in
        try store.replaceKept(in: realm, by: digests, since: mark)
      }
    }
  }

  private func note(_ report: CollectReport) {
    guard report.segments > 0 || !report.isEnough else { return }
    log.info(
      "space collected",
      metadata: [
        "freed": "\(ByteCount(max(0, report.freedBytes)))",
        "moved": "\(ByteCount(report.movedBytes))", "segments": "\(report.segments)",
        "enough": "\(report.isEnough)",
      ])
  }
}
