import LarderCore
package import LarderMessages
import LarderStore

extension Service {
  /// STATS, without what the face counts. Looks at counters only.
  package func statistics(for peer: RealmCapability) -> StatisticsMessage {
    StatisticsMessage(
      realm: peer.name, uptimeSeconds: uptime.components.seconds,
      store: StatisticsMessage.Store(
        content.store, realm: peer.realm, lastScrub: lastScrub.withLock { $0 }),
      memory: StatisticsMessage.Memory(content.store.hotStatistics(of: peer.realm)),
      origin: fetches.counters.message(for: peer.realm))
  }
}

extension StatisticsMessage.Store {
  /// One realm's share of what the store holds; other figures are those of all realms.
  init(_ store: LarderStore.Store, realm: RealmID, lastScrub: Int64?) {
    let statistics = store.statistics
    let counters = statistics.counters
    let own = statistics.realms[realm]
    let space = store.space(of: realm)
    self.init(
      blobs: Int64(own?.blobs ?? 0), chunks: Int64(own?.chunks ?? 0),
      logicalBytes: own?.logicalBytes ?? 0, storedBytes: own?.storedBytes ?? 0,
      deduplicatedBytes: counters.deduplicatedBytes,
      segments: Int64(statistics.segments), diskBytes: statistics.diskBytes.value,
      quotaBytes: statistics.quota.value, realmDiskBytes: space.used.value,
      realmQuotaBytes: space.quota.value,
      evictedSegments: Int64(counters.collectedSegments + counters.emergencyEvictions),
      movedBytes: counters.movedBytes, damagedRecords: Int64(counters.corruptRecords),
      failedSegments: Int64(counters.failedSegments), lastScrub: lastScrub)
  }
}

extension StatisticsMessage.Memory {
  init(_ hot: LarderStore.Store.HotStatistics) {
    self.init(
      hits: Int64(hot.hits), misses: Int64(hot.misses), residentBytes: Int64(hot.residentBytes),
      handedOutBytes: Int64(hot.handedOutBytes))
  }
}
