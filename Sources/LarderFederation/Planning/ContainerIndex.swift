/// A container's facts with the look-ups that planning makes many times.
struct ContainerIndex {
  /// As registered, which may differ from the name in the build.
  let name: String
  let facts: ContainerFacts
  /// By what hosts ask for: a module that the build exposes as `Button` is `./Button` as well, which
  /// is what every request is made into.
  let exposes: [String: ExposeFacts]
  let chunks: [String: ChunkFacts]
  let consumes: [String: ConsumeFacts]
  let remotes: [String: RemoteFacts]
  /// In the order of the runtime's tables.
  let consumesByChunk: [String: [ConsumeFacts]]
  let remotesByChunk: [String: [RemoteFacts]]
  let sizes: [String: Int64]

  init(name: String, _ facts: ContainerFacts) {
    self.name = name
    self.facts = facts
    // Where a table repeats a name, the last one wins, as in a JavaScript object literal.
    let named = Dictionary(facts.exposes.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
    let bare = facts.exposes.filter { !$0.name.hasPrefix(".") }
    exposes = named.merging(bare.map { ("./" + $0.name, $0) }) { exact, _ in exact }
    chunks = Dictionary(facts.chunks.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
    consumes = Dictionary(facts.consumes.map { ($0.module, $0) }, uniquingKeysWith: { $1 })
    remotes = Dictionary(facts.remotes.map { ($0.module, $0) }, uniquingKeysWith: { $1 })
    sizes = Dictionary(
      facts.assets.compactMap { asset in asset.size.map { (asset.name, $0) } },
      uniquingKeysWith: { $1 })
    var consumesByChunk: [String: [ConsumeFacts]] = [:]
    for consume in facts.consumes {
      for chunk in consume.chunks { consumesByChunk[chunk, default: []].append(consume) }
    }
    self.consumesByChunk = consumesByChunk
    var remotesByChunk: [String: [RemoteFacts]] = [:]
    for remote in facts.remotes {
      for chunk in remote.chunks { remotesByChunk[chunk, default: []].append(remote) }
    }
    self.remotesByChunk = remotesByChunk
  }
}
