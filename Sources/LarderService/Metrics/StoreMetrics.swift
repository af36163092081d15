import LarderCore
import LarderMetrics
import LarderStore

/// What the store tells of itself: what it holds, what went, what was damaged, what memory answers.
enum StoreMetrics {
  static let diskBytes = MetricFamily.gauge(
    "larder_store_disk_bytes", "Bytes that all files of the store take, databases included")
  static let quotaBytes = MetricFamily.gauge(
    "larder_store_quota_bytes", "Bytes that the files of the store may take")
  static let freeBytes = MetricFamily.gauge(
    "larder_store_free_bytes", "Bytes that are free on the file system of the store")
  static let segments = MetricFamily.gauge("larder_store_segments", "Segment files in use")
  static let unsynced = MetricFamily.gauge(
    "larder_store_unsynced_records", "Records that are accepted and not durable yet")
  static let leases = MetricFamily.gauge(
    "larder_store_leases", "Leases that run, of connections and of a time")
  static let realmDiskBytes = MetricFamily.gauge(
    "larder_realm_disk_bytes", "Bytes that a realm's segments take", by: "realm")
  static let realmQuotaBytes = MetricFamily.gauge(
    "larder_realm_quota_bytes", "Bytes that a realm's segments may take", by: "realm")
  static let realmBlobs = MetricFamily.gauge(
    "larder_realm_blobs", "Blobs that a realm holds", by: "realm")
  static let realmLogicalBytes = MetricFamily.gauge(
    "larder_realm_logical_bytes", "Bytes of a realm's blobs, each counted once", by: "realm")
  static let deduplicatedBytes = MetricFamily.counter(
    "larder_store_deduplicated_bytes_total", "Bytes that arrived and were here already")
  static let evictedSegments = MetricFamily.counter(
    "larder_store_evicted_segments_total",
    "Segments that were emptied: by collections, or at once because a write found no room",
    by: "reason")
  static let evictedRecords = MetricFamily.counter(
    "larder_store_evicted_records_total", "Records that were evicted")
  static let movedBytes = MetricFamily.counter(
    "larder_store_moved_bytes_total",
    "Bytes that collections copied, because they were used or held")
  static let damagedRecords = MetricFamily.counter(
    "larder_store_damaged_records_total", "Records that failed their check and became a miss")
  static let failedSegments = MetricFamily.counter(
    "larder_store_failed_segments_total", "Segments that were given up because a sync failed")
  static let syncs = MetricFamily.counter(
    "larder_store_syncs_total", "Syncs, each for all that waited")
  static let lastScrub = MetricFamily.gauge(
    "larder_store_last_scrub_timestamp_seconds",
    "When a scrub last came to its end; absent if none did")
  static let hits = MetricFamily.counter(
    "larder_hot_hits_total", "Records that were read from the hot tier", by: "realm")
  static let misses = MetricFamily.counter(
    "larder_hot_misses_total", "Records that were read from disk", by: "realm")
  static let admitted = MetricFamily.counter(
    "larder_hot_admitted_total", "Records that were copied to the hot tier", by: "realm")
  static let evictedSlabs = MetricFamily.counter(
    "larder_hot_evicted_slabs_total", "Slabs that left the hot tier", by: "realm")
  static let residentBytes = MetricFamily.gauge(
    "larder_hot_resident_bytes", "Bytes of the hot tier's slabs", by: "realm")
  static let handedOutBytes = MetricFamily.gauge(
    "larder_hot_handed_out_bytes", "Bytes of slabs that users hold, counted for each of them",
    by: "realm")

  /// Adds what the whole store tells.
  static func add(_ store: Store, lastScrub time: Int64?, to page: inout Exposition) {
    let statistics = store.statistics
    let counters = statistics.counters
    page.add(diskBytes, statistics.diskBytes.value)
    page.add(quotaBytes, statistics.quota.value)
    page.add(segments, statistics.segments)
    page.add(unsynced, statistics.unsyncedRecords)
    page.add(leases, statistics.leases)
    page.add(deduplicatedBytes, counters.deduplicatedBytes)
    page.add(evictedSegments, counters.collectedSegments, ["collected"])
    page.add(evictedSegments, counters.emergencyEvictions, ["full"])
    page.add(evictedRecords, counters.evictedRecords)
    page.add(movedBytes, counters.movedBytes)
    page.add(damagedRecords, counters.corruptRecords)
    page.add(failedSegments, counters.failedSegments)
    page.add(syncs, counters.syncs)
    page.declare(lastScrub)
    if let time { page.add(lastScrub, time) }
  }

  /// Adds what it tells of one realm.
  static func add(
    _ realm: RealmID, named name: String, of store: Store, to page: inout Exposition
  ) {
    let content = store.statistics.realms[realm]
    let space = store.space(of: realm)
    let hot = store.hotStatistics(of: realm)
    page.add(realmDiskBytes, space.used.value, [name])
    page.add(realmQuotaBytes, space.quota.value, [name])
    page.add(realmBlobs, content?.blobs ?? 0, [name])
    page.add(realmLogicalBytes, content?.logicalBytes ?? 0, [name])
    page.add(hits, hot.hits, [name])
    page.add(misses, hot.misses, [name])
    page.add(admitted, hot.admitted, [name])
    page.add(evictedSlabs, hot.evictedSlabs, [name])
    page.add(residentBytes, hot.residentBytes, [name])
    page.add(handedOutBytes, hot.handedOutBytes, [name])
  }
}
