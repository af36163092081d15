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

  /// Not eager and not loaded, unless told.
  package init(version: String, from: String, eager: Bool = false, isLoaded: Bool = false) {
    self.version = version
    self.from = from
    self.eager = eager
    self.isLoaded = isLoaded
  }

  /// Whether a registration of the same version takes this one's place (rule R-TIE): never once it
  /// is loaded; else the eager one wins, and among equals the greater unique name.
  package func yields(to new: ShareEntry) -> Bool {
    if isLoaded { return false }
    return eager == new.eager ? JavaScriptNumber.precedes(from, new.from) : new.eager
  }
}
