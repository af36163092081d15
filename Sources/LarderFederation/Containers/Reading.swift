/// What a container's facts were read from, and which of them that source leaves open.
package struct Reading: Codable, Hashable, Sendable {
  /// Sources, from the best to the poorest.
  package enum Source: String, Codable, Sendable, CaseIterable, Comparable {
    /// The statistics of the build.
    case stats
    /// `mf-stats.json`, which a plugin of the build wrote.
    case federationStats = "mf-stats"
    /// `mf-manifest.json`, likewise, for browsers.
    case manifest = "mf-manifest"
    /// The code of the entry and, where they are at hand, of the chunks.
    case code
    /// `remoteEntry.json` of Native Federation.
    case nativeFederation = "native-federation"

    package static func < (left: Source, right: Source) -> Bool {
      (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
    }
  }

  package var source: Source
  /// In the order of `Fact`, each at most once.
  package var unknown: [UnknownFact]
  /// How much is known of the files; nil where nobody looked for them.
  package var completeness: Completeness?
  /// What keeps the files open, for people.
  package var openEnds: [String]?

  /// Nothing is said of the files.
  package init(source: Source, unknown: [UnknownFact] = []) {
    self.source = source
    self.unknown = unknown
  }

  /// How much of a build's files is known.
  package enum Completeness: String, Codable, Sendable, CaseIterable {
    /// Every file, from the build's own list.
    case exact
    /// A scan of the code found every name.
    case closed
    /// Something is put together at run time, or was not found.
    case open
  }
}

/// What an importer has to tell of a container: each of these is known, is absent in the build, or
/// is unknown for a reason that is said.
package enum Fact: String, Codable, Sendable, CaseIterable {
  /// The name that others refer to it by.
  case name
  /// What decides ties between equal versions.
  case uniqueName
  /// How its runtime negotiates.
  case ruleSet
  /// How its chunks are loaded.
  case target
  /// How the entry hands out the container.
  case library
  /// What chunk URLs begin with.
  case publicPath
  /// The scope that it takes from the host.
  case shareScope
  case exposes
  case provides
  case consumes
  case remotes
  /// Where those remotes are.
  case locations
  /// Which chunk needs which shared package and which remote module.
  case needs
  /// Which files a chunk has, code and styles.
  case files
  /// Which chunks `import()` in a chunk can open later.
  case opens
  /// What executes before what.
  case order
}

/// A fact that the source leaves open.
package struct UnknownFact: Codable, Hashable, Sendable {
  package var fact: Fact
  /// Why, and about what: `public path is set at run time: n.p = window.base`.
  package var reason: String

  package init(_ fact: Fact, _ reason: String) {
    self.fact = fact
    self.reason = reason
  }
}
