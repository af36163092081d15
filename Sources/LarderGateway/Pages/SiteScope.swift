package import LarderService

/// What of a realm a site shows to the public.
package struct SiteScope: Sendable {
  /// Registered names; there is nothing else at the site.
  package var remotes: Set<String>
  package var freshness: Freshness
  /// Whether the builds' source maps are answered: with them goes the source.
  package var showsSourceMaps: Bool

  package init(
    remotes: Set<String>, freshness: Freshness = Freshness(), showsSourceMaps: Bool = false
  ) {
    self.remotes = remotes
    self.freshness = freshness
    self.showsSourceMaps = showsSourceMaps
  }

  /// Whether the site has anything there.
  func shows(_ route: Route) -> Bool {
    switch route {
    case .shim(let remote), .manifest(let remote), .plan(let remote, _, _):
      remotes.contains(remote)
    case .file(let remote, _, let path):
      remotes.contains(remote) && (showsSourceMaps || !path.hasSuffix(".map"))
    // By digest a realm's other content could be asked for.
    case .blob: false
    case .importMap, .library: true
    }
  }
}
