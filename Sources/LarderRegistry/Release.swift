package import LarderCore

/// How much of a remote a release is known to hold.
package enum ReleaseCompleteness: String, Sendable, Codable, CaseIterable {
  /// Every asset is known, from the build's own list.
  case exact
  /// A scan of the code to a fixpoint found every name.
  case closed
  /// Something is only known at run time.
  case open

  /// Whether less is known than with `other`.
  package func isLess(than other: ReleaseCompleteness) -> Bool { rank > other.rank }

  private var rank: Int {
    switch self {
    case .exact: 0
    case .closed: 1
    case .open: 2
    }
  }
}

/// One file of a variant.
package struct ReleaseAsset: Hashable, Sendable {
  /// Below the variant's base URL, with `/`, never escaping it.
  package let path: String
  package let blob: BlobStat
  /// The media type, as the origin or the importer gave it; may be empty.
  package let type: String

  package init(path: String, blob: BlobStat, type: String) {
    self.path = path
    self.blob = blob
    self.type = type
  }
}

/// One build of a remote for one target.
package struct ReleaseVariant: Hashable, Sendable {
  /// As webpack names it: `web`, `async-node`, …; a release has each once.
  package let target: String
  /// The name of the rules by which its runtime shares.
  package let ruleSet: String
  /// The version of the webpack that built it; empty if unknown.
  package let webpack: String
  /// The path of its entry, which is one of `assets`.
  package let entry: String
  /// What the importer read from the build, as JSON text that the registry does not look into.
  package let facts: String
  /// The build's `stats.json`, where there was one.
  package let stats: Digest?
  /// Sorted by the bytes of `path`, each path once.
  package let assets: [ReleaseAsset]

  /// Sorts `assets`.
  package init(
    target: String, ruleSet: String, webpack: String, entry: String, facts: String, stats: Digest?,
    assets: [ReleaseAsset]
  ) {
    self.target = target
    self.ruleSet = ruleSet
    self.webpack = webpack
    self.entry = entry
    self.facts = facts
    self.stats = stats
    self.assets = assets.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
  }
}

/// What `commitRelease` is given: a release that is not in the registry yet.
package struct ReleaseDraft: Hashable, Sendable {
  package let id: ReleaseID
  package let completeness: ReleaseCompleteness
  package let variants: [ReleaseVariant]

  package init(id: ReleaseID, completeness: ReleaseCompleteness, variants: [ReleaseVariant]) {
    self.id = id
    self.completeness = completeness
    self.variants = variants
  }

  /// What the release cannot do without: its assets, and the stats that it was read from.
  package var digests: Set<Digest> {
    var answer: Set<Digest> = []
    for variant in variants {
      if let stats = variant.stats { answer.insert(stats) }
      for asset in variant.assets { answer.insert(asset.blob.digest) }
    }
    return answer
  }
}

/// An immutable revision of a remote: all its variants, switched together.
package struct Release: Hashable, Sendable {
  package let id: ReleaseID
  package let remote: RemoteName
  package let completeness: ReleaseCompleteness
  /// Seconds since 1970 when it was first committed.
  package let createdAt: Int64
  /// Grows with each commit to the remote; one that comes back moves to the front.
  package let ordinal: Int64
  /// In the order in which they were committed.
  package let variants: [ReleaseVariant]
}

/// A registered remote.
package struct Remote: Hashable, Sendable {
  package let realm: RealmID
  package let name: RemoteName
  /// Base URLs, one per variant or one for all; empty for what is only published on this machine.
  package let urls: [String]
  /// Seconds since 1970.
  package let addedAt: Int64
}

/// A trust domain.
package struct Realm: Hashable, Sendable {
  /// Never given to another realm, even after this one is gone.
  package let id: RealmID
  package let name: RealmName
  /// Seconds since 1970.
  package let createdAt: Int64
}
