import LarderCore
import LarderMessages
import LarderMetrics
import LarderOrigin

/// What is told of origins: of all of them together, and by realm; never which ones they are.
enum OriginMetrics {
  static let requests = MetricFamily.counter(
    "larder_origin_requests_total", "Requests sent to origins, redirects and retries included")
  static let retries = MetricFamily.counter(
    "larder_origin_retries_total", "Attempts at a fetch after its first")
  static let failures = MetricFamily.counter(
    "larder_origin_failed_attempts_total", "Attempts at a fetch that failed")
  static let refused = MetricFamily.counter(
    "larder_origin_rested_total",
    "Requests that were not sent, because their origin failed too often and is left alone")
  static let breakers = MetricFamily.gauge(
    "larder_origin_breakers",
    "Origins by what is known of them: closed (asked), open (left alone), probing (one request finds out)",
    by: "state")
  static let flights = MetricFamily.gauge(
    "larder_origin_flights", "Fetches that are under way")
  static let fetches = MetricFamily.counter(
    "larder_origin_fetches_total",
    "Fetches of a realm by what came of them: fetched, unchanged, failed, or shared with one that was under way",
    by: "realm", "outcome")
  static let bytes = MetricFamily.counter(
    "larder_origin_received_bytes_total", "Bytes of whole bodies by why they were fetched",
    by: "realm", "purpose")
  static let failing = MetricFamily.gauge(
    "larder_updates_failing", "Remotes of a realm whose last update failed", by: "realm")
  static let failingSince = MetricFamily.gauge(
    "larder_updates_failing_since_timestamp_seconds",
    "Since when the update of one of them fails, of the one that fails longest; absent if none does",
    by: "realm")

  /// Adds what origins have in common.
  static func add(_ fetcher: Fetcher, flights count: Int, to page: inout Exposition) {
    let counters = fetcher.counters
    page.add(requests, counters.requests)
    page.add(retries, counters.retries)
    page.add(failures, counters.failures)
    page.add(refused, counters.rested)
    let phases = fetcher.phases
    for phase in Breaker.Phase.allCases {
      page.add(breakers, phases[phase] ?? 0, [phase.rawValue])
    }
    page.add(flights, count)
  }

  /// Adds what one realm took from them.
  static func add(
    _ counts: StatisticsMessage.Origin, of name: String, to page: inout Exposition
  ) {
    page.add(fetches, counts.requests, [name, "fetched"])
    page.add(fetches, counts.revalidations, [name, "unchanged"])
    page.add(fetches, counts.failures, [name, "failed"])
    page.add(fetches, counts.coalesced, [name, "shared"])
    page.add(bytes, counts.descriptionBytes, [name, "description"])
    page.add(bytes, counts.plannedBytes, [name, "planned"])
    page.add(bytes, counts.backgroundBytes, [name, "background"])
    page.add(bytes, counts.ensuredBytes, [name, "ensured"])
    page.add(bytes, counts.refetchedBytes, [name, "refetched"])
  }

  /// Adds how a realm's updates fare.
  static func add(
    _ failures: UpdateSchedule.Failures, of name: String, to page: inout Exposition
  ) {
    page.add(failing, failures.count, [name])
    page.declare(failingSince)
    if let since = failures.since { page.add(failingSince, since, [name]) }
  }
}
