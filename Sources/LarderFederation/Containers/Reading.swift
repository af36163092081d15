/// What a container's facts were read from, and which of them that source leaves open.
package struct Reading: Codable, Hashable, Sendable {
  /// Sources, from the best to the poorest.
  package enum Source: String, Codable, Sendable, CaseIterable, Comparable {
    /// `larder-lock.json`, which Larder wrote beside the build.
    case lockfile
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
    /// An import map (HTML, 4.12.5), which names modules and where they are.
    case importMap = "import map"

    package static func < (left: Source, right: Source) -> Bool {
      (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
    }
  }

  /// The best one that the build has.
  package var source: Source
  /// The path of the file that this is, below the root of the build; nil in facts that were stored
  /// before this was asked.
  package var file: String?
  /// What else was read, held against it, and asked for what it leaves open; best first. Nil for
  /// none.
  package var others: [Source]?
  /// Where the sources say different things; nil where they agree.
  package var disagreements: [Disagreement]?
  /// In the order of `Fact`.
  package var unknown: [UnknownFact]
  /// How much is known of the files; nil where nobody looked for them.
  package var completeness: Completeness?
  /// What keeps the files open, for people.
  package var openEnds: [String]?

  /// Nothing is said of the files, and no other source was read.
  package init(source: Source, file: String? = nil, unknown: [UnknownFact] = []) {
    self.source = source
    self.file = file
    self.unknown = Fact.allCases.flatMap { fact in unknown.filter { $0.fact == fact } }
  }

  /// Whether the source leaves the fact open, wholly or in part.
  package func leavesOpen(_ fact: Fact) -> Bool { unknown.contains { $0.fact == fact } }

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

/// A fact on which two sources of one build differ. The better one is believed.
package struct Disagreement: Codable, Hashable, Sendable {
  package var fact: Fact
  /// What of it: an exposed module, a package; empty for a fact of the whole container.
  package var subject: String
  package var better: Statement
  package var other: Statement

  /// What one source says.
  package struct Statement: Codable, Hashable, Sendable {
    package var source: Reading.Source
    /// For people.
    package var value: String

    package init(_ source: Reading.Source, _ value: String) {
      self.source = source
      self.value = value
    }
  }

  package init(_ fact: Fact, _ subject: String = "", better: Statement, other: Statement) {
    self.fact = fact
    self.subject = subject
    self.better = better
    self.other = other
  }
}

extension Disagreement: CustomStringConvertible {
  /// `provides react: 18.2.0 (mf-manifest), 18.3.1 (code)`.
  package var description: String {
    let about = subject.isEmpty ? fact.rawValue : "\(fact.rawValue) \(subject)"
    return "\(about): \(better.value) (\(better.source.rawValue)), "
      + "\(other.value) (\(other.source.rawValue))"
  }
}
