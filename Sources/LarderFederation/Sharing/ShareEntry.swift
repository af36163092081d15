/// One provided version of one shared package in a share scope.
package struct ShareEntry: Hashable, Sendable {
  /// As the provider registered it; `0` where its build knew none (rule P2).
  package let version: String
  /// The provider's `output.uniqueName`, or the name of its Module Federation 2 instance.
  package let from: String
  /// Whether the provider carries the module in its entry, available without loading.
  package let eager: Bool
  /// Whether somebody selected it; from then on nobody replaces it.
  package var isLoaded: Bool
  /// Whether a Module Federation 2 instance with the strategy `loaded-first` registered it, which
  /// others of its kind then do not replace (rule M5).
  package let isLoadedFirst: Bool
  /// The version as webpack reads it: once, since every choice compares it.
  let readVersion: PackageVersion

  /// Not eager and not loaded, unless told.
  package init(
    version: String, from: String, eager: Bool = false, isLoaded: Bool = false,
    isLoadedFirst: Bool = false
  ) {
    self.version = version
    self.from = from
    self.eager = eager
    self.isLoaded = isLoaded
    self.isLoadedFirst = isLoadedFirst
    readVersion = PackageVersion(version)
  }
}
