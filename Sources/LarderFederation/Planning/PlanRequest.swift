/// One exposed module that a host asks for.
package struct PlanRequest: Codable, Hashable, Sendable {
  /// The container's registered name.
  package var remote: String
  /// As the container's `get` takes it: `./Button`.
  package var expose: String

  package init(remote: String, expose: String) {
    self.remote = remote
    self.expose = expose
  }
}
