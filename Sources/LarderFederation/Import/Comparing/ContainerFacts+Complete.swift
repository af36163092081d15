extension ContainerFacts {
  /// Takes from another source of the same container what this one leaves open, and notes where the
  /// two differ.
  ///
  /// Of lists both count: what only the other has is added, since a list that is too long costs a
  /// file or two, one that is too short a module that cannot be loaded.
  mutating func complete(from other: ContainerFacts) {
    guard var reading, let read = other.reading else { return }
    let comparison = FactsComparison(self, other)
    reading.others = (reading.others ?? []) + [read.source]
    let differences = (reading.disagreements ?? []) + comparison.disagreements
    reading.disagreements = differences.isEmpty ? nil : differences
    let found = Fact.allCases.filter { reading.leavesOpen($0) && !read.leavesOpen($0) }
    for fact in found { take(fact, from: other) }
    takeUnasked(from: other)
    reading.unknown.removeAll { found.contains($0.fact) }
    if reading.completeness != .exact { addMissing(from: other) }
    self.reading = reading
  }

  private mutating func take(_ fact: Fact, from other: ContainerFacts) {
    switch fact {
    case .name: name = other.name
    case .uniqueName: (uniqueName, uniqueNameSource) = (other.uniqueName, other.uniqueNameSource)
    case .ruleSet: ruleSet = other.ruleSet
    case .target: target = other.target
    case .library: libraryType = other.libraryType
    case .publicPath: publicPath = other.publicPath
    case .shareScope: shareScope = other.shareScope
    case .exposes: exposes = other.exposes
    case .provides: provides = other.provides
    case .consumes: consumes = other.consumes
    case .remotes: remotes = other.remotes
    case .locations: locate(from: other)
    case .needs: takeChunks(from: other)
    case .files, .opens: takeFiles(from: other)
    case .order: break
    }
  }

  /// What has no fact of its own, and no source but the code.
  private mutating func takeUnasked(from other: ContainerFacts) {
    bundler = bundler ?? other.bundler
    chunkGlobal = chunkGlobal ?? other.chunkGlobal
    libraryType = libraryType ?? other.libraryType
    // Statistics have the container's name, the code that of the library.
    if libraryPath == nil, let global = other.global, global != [name] { libraryPath = global }
    if entryPrerequisites.isEmpty { entryPrerequisites = other.entryPrerequisites }
  }

  private mutating func locate(from other: ContainerFacts) {
    for index in remotes.indices {
      let same = other.remotes.first { $0.module == remotes[index].module }
      if let same, remotes[index].locations.isEmpty { remotes[index].locations = same.locations }
    }
  }

  /// The other's chunks in place of one for each exposed module.
  private mutating func takeChunks(from other: ContainerFacts) {
    let own = chunks
    chunks = other.chunks
    for index in exposes.indices {
      let expose = exposes[index]
      if let same = other.exposes.first(where: { $0.name == expose.name }) {
        exposes[index].chunks = same.chunks
        exposes[index].executes = same.executes
      } else {
        chunks += own.filter { expose.chunks.contains($0.id) }
      }
    }
  }

  private mutating func takeFiles(from other: ContainerFacts) {
    for index in chunks.indices {
      guard let same = other.chunks.first(where: { $0.id == chunks[index].id }) else { continue }
      if chunks[index].files.isEmpty { chunks[index].files = same.files }
      if chunks[index].opens.isEmpty { chunks[index].opens = same.opens }
    }
  }

  /// Rows that only the other source has, where chunks mean the same in both.
  private mutating func addMissing(from other: ContainerFacts) {
    let known = Set(exposes.map(\.name))
    exposes += other.exposes.filter { !known.contains($0.name) }
    let ids = Set(chunks.map(\.id))
    let asked = Set(
      (exposes.flatMap(\.chunks) + provides.flatMap(\.chunks)).filter { !ids.contains($0) })
    chunks += other.chunks.filter { asked.contains($0.id) }
    let names = Set(assets.map(\.name))
    assets += other.assets.filter { !names.contains($0.name) }
  }
}
