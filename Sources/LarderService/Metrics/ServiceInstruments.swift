import CoreMetrics
import LarderMetrics

/// What the service counts that nothing else knows.
struct ServiceInstruments: Sendable {
  static let plans = MetricFamily.counter(
    "larder_plans_total", "Plans told: made anew, or remembered from before", by: "outcome")
  static let fetches = MetricFamily.durations(
    "larder_origin_fetch_seconds",
    "Time from asking an origin to having all it sent in the store, retries included",
    by: "outcome")

  let plansMade: Counter
  let plansRemembered: Counter
  /// By what came of a fetch.
  let fetched: Timer
  let unchanged: Timer
  let failed: Timer

  init(_ instruments: Instruments) {
    plansMade = instruments.counter(Self.plans, "made")
    plansRemembered = instruments.counter(Self.plans, "remembered")
    fetched = instruments.timer(Self.fetches, "fetched")
    unchanged = instruments.timer(Self.fetches, "unchanged")
    failed = instruments.timer(Self.fetches, "failed")
  }
}
