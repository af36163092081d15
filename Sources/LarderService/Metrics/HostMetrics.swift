import LarderMetrics

/// What is registered, and who uses it.
enum HostMetrics {
  static let remotes = MetricFamily.gauge(
    "larder_remotes", "Remotes that a realm has registered", by: "realm")
  static let releases = MetricFamily.gauge(
    "larder_releases", "Releases that a realm keeps", by: "realm")
  static let pins = MetricFamily.gauge(
    "larder_pins", "Releases that a realm has pinned", by: "realm")
  static let sessions = MetricFamily.gauge("larder_sessions", "Host sessions that are open")
  static let watchers = MetricFamily.gauge(
    "larder_watchers", "Requests of a realm that wait for a move", by: "realm")
}
