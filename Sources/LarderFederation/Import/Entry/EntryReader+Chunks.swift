extension EntryReader {
  /// The chunk that the entry itself is: the one that its runtime counts as here from the start, or
  /// that it reports as to a runtime in another file.
  var entryChunk: String {
    if runtimePath != nil || lacksRuntime {
      // A chunk says its identifiers within its first few words.
      return ChunkCode(entry.head).declaredIDs?.first ?? path
    }
    return presentChunk ?? path
  }

  /// The chunk that the runtime counts as here from the start.
  private var presentChunk: String? {
    let code = shapes.code
    for name in ["j", "readFileVm", "require", "i"] {
      guard let handler = runtime.handler(name) else { continue }
      // The table of what is here stands just before.
      for place in (max(0, handler.lowerBound - 400)..<handler.lowerBound).reversed()
      where code.is(place, "{") {
        guard let members = code.members(place), !members.isEmpty,
          members.allSatisfy({ code.number($0.value.lowerBound) != nil && $0.value.count == 1 })
        else { continue }
        return members[0].key
      }
    }
    return nil
  }

  /// What names the files of chunks.
  var chunkNames: ChunkNames { ChunkNames(shapes, runtime) }

  /// Every chunk that the entry names, with its files.
  mutating func readChunks(into facts: inout ContainerFacts) {
    var ids = facts.exposes.flatMap(\.chunks)
    ids += facts.provides.flatMap(\.chunks)
    ids += facts.consumes.flatMap { $0.chunks + ($0.fallback?.chunks ?? []) }
    ids += facts.remotes.flatMap(\.chunks)
    ids += shapes.chunks(in: shapes.code.all)
    let names = chunkNames
    let entryChunk = entryChunk
    var seen: Set<String> = [entryChunk]
    var chunks = [ChunkFacts(id: entryChunk, files: [path])]
    if let runtimePath, let id = presentChunk, seen.insert(id).inserted {
      chunks.append(ChunkFacts(id: id, files: [runtimePath]))
    }
    var unnamed: [String] = []
    for id in ids where seen.insert(id).inserted {
      guard let files = names.files(of: id) else {
        unnamed.append(id)
        chunks.append(ChunkFacts(id: id, files: []))
        continue
      }
      chunks.append(ChunkFacts(id: id, files: files))
    }
    if !unnamed.isEmpty {
      let list = unnamed.prefix(5).joined(separator: ", ")
      note(.files, "the entry's code does not give the names of chunks \(list)")
    }
    facts.chunks = chunks
    facts.assets = chunks.flatMap(\.files).reduce(into: []) { assets, name in
      if !assets.contains(where: { $0.name == name }) {
        assets.append(AssetFacts(name: name, size: nil))
      }
    }
  }
}
