import LarderCore
import LarderRegistry

/// Where a blob of a realm came from, by what names it in the registry.
struct ContentSource: Sendable {
  /// Requests that may give it again: what an authorization was needed for is not among them.
  let fetches: [SharedFetch]
  /// For people: `'route.js' of 'nav'`, or a URL.
  let name: String
  /// What brings it back where no origin does.
  let remedy: String

  /// - Returns: nil where nothing names the blob.
  ///
  /// - Parameter isOwn: whether the daemon can ask as it did then: without an authorization of
  ///   somebody's own.
  init?(
    of digest: Digest, in realm: RealmID, by registry: Registry, where isOwn: (FetchKey) -> Bool
  ) async throws(RegistryError) {
    let (releases, fetches) = try await registry.references(to: digest, in: realm)
    if let use = releases.first {
      let remote = use.remote.name
      name = "'\(use.path ?? Description.fileName)' of '\(remote)'"
      remedy =
        use.remote.urls.isEmpty
        ? "publish '\(remote)' again with 'larder publish \(remote) DIR'"
        : "'larder remote update \(remote)' takes the deploy that its origin has"
    } else if let fetch = fetches.first {
      name = fetch.key.url
      remedy = "fetch it again, with the authorization that it needs"
    } else {
      return nil
    }
    // What a URL gave is surer than what a remote's URL may have given: which of a remote's URLs a
    // variant is from is not recorded.
    var urls = fetches.filter { isOwn($0.key) }.map(\.key.url)
    for use in releases {
      urls += use.remote.urls.map {
        Description.url(of: use.path ?? Description.fileName, below: Description.base(of: $0))
      }
    }
    var seen: Set<String> = []
    self.fetches = urls.filter { seen.insert($0).inserted }
      .map { SharedFetch(realm: realm, url: $0) }
  }
}
