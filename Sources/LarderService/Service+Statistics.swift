import LarderCore
package import LarderMessages
import LarderStore

extension Service {
  /// STATS, without what the face counts. Looks at counters only.
  package func statistics(for peer: RealmCapability) -> StatisticsMessage {
    let statistics = content.store.statistics
    return StatisticsMessage(
      realm: peer.name, uptimeSeconds: uptime.components.seconds,
      store: StatisticsMessage.Store(
        statistics.realms[peer.realm], content.store.space(of: peer.realm)),
      memory: StatisticsMessage.Memory(content.store.hotStatistics(of: peer.realm)),
      origin: fetches.counters.message(for: peer.realm),
      machine: peer.rights.contains(.observe)
        ? StatisticsMessage.Machine(statistics, lastScrub: lastScrub.withLock { $0 }) : nil,
      gateways: gateways.withLock { $0[peer.realm] },
      consoles: peer.rights.isSuperset(of: .console) ? consoles.withLock { $0[peer.realm] } : nil)
  }
}

extension StatisticsMessage.Store {
  init(_ own: LarderStore.Store.Content?, _ space: (used: ByteCount, quota: ByteCount)) {
    self.init(
      blobs: Int64(own?.blobs ?? 0), chunks: Int64(own?.chunks ?? 0),
      logicalBytes: own?.logicalBytes ?? 0, storedBytes: own?.storedBytes ?? 0,
      diskBytes: space.used.value, quotaBytes: space.quota.value)
  }
}

extension StatisticsMessage.Machine {
  init(_ statistics: Store.Statistics, lastScrub: Int64?) {
    let counters = statistics.counters
    self.init(
      segments: Int64(statistics.segments), diskBytes: statistics.diskBytes.value,
      quotaBytes: statistics.quota.value, deduplicatedBytes: counters.deduplicatedBytes,
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
