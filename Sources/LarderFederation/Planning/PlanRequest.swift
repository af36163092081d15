/// One exposed module that a host asks for.
package struct PlanRequest: Codable, Hashable, Sendable {
  /// The container's registered name.
  package var remote: String
  /// As the container's `get` takes it: `./Button`.
  package var expose: String

  /// Checks neither name: a plan says what is wrong with them.
  package init(remote: String, expose: String) {
    self.remote = remote
    self.expose = expose
  }
}
