/// Which files of a build of ECMAScript modules import which, and so what is loaded with a file and
/// what it may load later.
///
/// Such builds have no chunks: the browser follows `import` from file to file.
struct ModuleImports {
  private var atOnce: [String: [String]] = [:]
  private var later: [String: [String]] = [:]

  /// Takes what a file imports: paths from the root of the build.
  mutating func add(_ path: String, atOnce: [String], later: [String]) {
    self.atOnce[path] = atOnce
    self.later[path] = later
  }

  /// Completes the files of each chunk by what they import, and makes each file that `import()`
  /// names a chunk of its own, which others open.
  ///
  /// The entry opens nothing: what it can import is what it exposes and shares, which `get` and the
  /// share scope decide about. For the same reason nobody opens the build's own copy of a package.
  func complete(_ facts: inout ContainerFacts) {
    if !facts.chunks.contains(where: { $0.id == facts.entry }) {
      facts.chunks.insert(ChunkFacts(id: facts.entry, files: [facts.entry]), at: 0)
    }
    let packages = Set(
      facts.provides.flatMap(\.chunks) + facts.consumes.flatMap { $0.fallback?.chunks ?? [] })
    var ids = facts.chunks.reduce(into: [String: String]()) { ids, chunk in
      if let file = chunk.files.first, ids[file] == nil { ids[file] = chunk.id }
    }
    // Chunks are added to it as they are found.
    var place = 0
    while place < facts.chunks.count {
      defer { place += 1 }
      facts.chunks[place].files = closure(of: facts.chunks[place].files)
      let chunk = facts.chunks[place]
      guard chunk.id != facts.entry else { continue }
      var opens = chunk.opens
      var seen = Set(opens + [chunk.id])
      let imported = chunk.files.filter { [entry = facts.entry] in $0 != entry }
      for file in imported.flatMap({ later[$0] ?? [] }) {
        let id = ids[file] ?? file
        guard !packages.contains(id), seen.insert(id).inserted else { continue }
        opens.append(id)
        guard ids[file] == nil else { continue }
        ids[file] = id
        facts.chunks.append(ChunkFacts(id: id, files: [file]))
      }
      facts.chunks[place].opens = opens
    }
  }

  /// Files with all that they import at once, each once, in the order in which they are met.
  private func closure(of paths: [String]) -> [String] {
    var found: [String] = []
    var seen: Set<String> = []
    var level = paths
    while !level.isEmpty {
      let new = level.filter { seen.insert($0).inserted }
      found += new
      level = new.flatMap { atOnce[$0] ?? [] }
    }
    return found
  }
}
