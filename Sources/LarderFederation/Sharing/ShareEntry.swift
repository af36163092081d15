/// One provided version of one shared package in a share scope.
package struct ShareEntry: Hashable, Sendable, Codable {
  /// As the provider registered it; `0` where its build knew none.
  package let version: String
  /// The provider's `output.uniqueName`.
  package let from: String
  /// Whether the provider carries the module in its entry, available without loading.
  package let eager: Bool
  /// Whether somebody selected it; from then on nobody replaces it.
  package var isLoaded: Bool

  package init(version: String, from: String, eager: Bool = false, isLoaded: Bool = false) {
    self.version = version
    self.from = from
    self.eager = eager
    self.isLoaded = isLoaded
  }
}
