/// How execution departed from plans, as hosts reported it: one difference, however often it was
/// seen.
package struct ReportedDifference: Codable, Hashable, Sendable {
  /// The exposed module that hosts had loaded when they saw it; nil where they did not say.
  package var request: PlanRequest?
  /// The container that departed, or the host's name for what the host did itself.
  package var container: String
  /// The release of that container, or of the module's where the host itself departed; nil where
  /// the remote had none yet.
  package var release: String?
  /// `entry`, `file`, `shared`, `order` or `error`.
  package var kind: String
  /// What the plan has; nil where it has nothing.
  package var planned: String?
  /// What happened; nil where nothing did.
  package var seen: String?
  /// The host that saw it last.
  package var host: String
  /// How often it was reported.
  package var count: Int64
  /// Seconds since 1970 of the first and the last report.
  package var firstAt: Int64
  package var lastAt: Int64

  /// Checks nothing: a host's words, cut to their limits before.
  package init(
    request: PlanRequest?, container: String, release: String?, kind: String, planned: String?,
    seen: String?, host: String, count: Int64 = 1, firstAt: Int64, lastAt: Int64
  ) {
    self.request = request
    self.container = container
    self.release = release
    self.kind = kind
    self.planned = planned
    self.seen = seen
    self.host = host
    self.count = count
    self.firstAt = firstAt
    self.lastAt = lastAt
  }
}
