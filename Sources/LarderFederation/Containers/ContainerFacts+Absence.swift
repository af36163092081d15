extension ContainerFacts {
  /// Whether a release is whole without the file: code names files that nobody has loaded for years,
  /// and source maps that were never deployed. What the build itself lists, and what the exposed
  /// modules load, has to be there.
  package func mayLack(_ path: String) -> Bool {
    guard reading?.completeness ?? .exact != .exact else { return false }
    return !needed.contains(path)
  }

  /// The files without which no host can run the container, or some exposed module.
  private var needed: [String] {
    let exposed = Set(exposes.flatMap(\.chunks))
    return [entry] + entryPrerequisites
      + chunks.filter { exposed.contains($0.id) }.flatMap(\.files)
  }

  /// A file that is needed and was nowhere to be found, as when a deploy is half way there.
  package var lostFile: String? {
    guard reading?.completeness ?? .exact != .exact else { return nil }
    let known = Set(assets.map(\.name))
    return needed.first { !known.contains($0) }
  }

  /// The same without files that are nowhere; what else than a source map is missing keeps the end
  /// open.
  package func without(_ lost: Set<String>) -> ContainerFacts {
    var facts = self
    facts.assets.removeAll { lost.contains($0.name) }
    let missed = lost.filter { AssetKind(path: $0) != .sourceMap }.sorted()
    guard !missed.isEmpty, reading != nil else { return facts }
    facts.reading?.completeness = .open
    facts.reading?.openEnds =
      (reading?.openEnds ?? []) + missed.map { "'\($0)' is named and not there" }
    return facts
  }
}
