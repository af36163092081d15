/// Reads the facts of one container out of its compilation.
struct ContainerReader {
  private let compilation: StatsCompilation
  private let entry: StatsCompilation.ContainerEntry
  private let entryChunk: StatsCompilation.Chunk
  /// The chunks of the container's runtime. A build that is a host too has others.
  private let chunks: [StatsCompilation.Chunk]
  private let chunkIDs: Set<String>
  private let runtime: String

  init(
    _ compilation: StatsCompilation, _ entry: StatsCompilation.ContainerEntry
  ) throws(ImportError) {
    self.compilation = compilation
    self.entry = entry
    let holding = compilation.chunks.filter { entry.module.chunks.contains($0.id) }
    guard let chunk = holding.first(where: \.isInitial) ?? holding.first,
      let runtime = chunk.runtimes.first
    else {
      throw .malformed("the chunk of the container entry is not listed in \(compilation.label)")
    }
    entryChunk = chunk
    self.runtime = runtime
    chunks = compilation.chunks.filter { $0.runtimes.contains(runtime) }
    chunkIDs = Set(chunks.map(\.id))
  }

  /// What statistics tell; they lack `output.uniqueName`, `library` and the global of the chunks,
  /// which the code of the entry has.
  func facts() throws(ImportError) -> ContainerFacts {
    guard let file = entryChunk.files.first(where: { AssetKind(path: $0) == .script }) else {
      throw .malformed("the container entry of \(compilation.label) was emitted into no file")
    }
    let name =
      entry.module.reasons.first { $0.type == "container entry" }?.loc ?? entryChunk.names.first
      ?? runtime
    return ContainerFacts(
      name: name, webpackVersion: compilation.version, bundler: .webpack,
      ruleSet: RuleSet(webpackVersion: compilation.version), target: target,
      publicPath: compilation.publicPath, hash: compilation.hash,
      shareScope: entry.identifier.scope, runtime: runtime, entry: file,
      entryPrerequisites: prerequisites(of: file), exposes: exposes, provides: provides,
      consumes: consumes, remotes: remotes, chunks: chunkFacts,
      assets: compilation.assets.flatMap(Self.assets), reading: reading)
  }

  private var reading: Reading {
    var unknown = [
      UnknownFact(.uniqueName, "statistics lack it; assumed to be the name"),
      UnknownFact(.library, "statistics lack it"),
    ]
    if target == nil {
      unknown.insert(UnknownFact(.target, "no chunk is loaded by the build"), at: 1)
    }
    var reading = Reading(source: .stats, unknown: unknown)
    reading.completeness = .exact
    return reading
  }

  // MARK: - Entry

  private var target: ContainerTarget? {
    let names = Set(
      compilation.modules.filter { !chunkIDs.isDisjoint(with: $0.chunks) }.map(\.identifier))
    let loaders: [(String, ContainerTarget)] = [
      ("jsonp", .web), ("readFile", .asyncNode), ("require", .node), ("import", .module),
      ("importScripts", .webworker),
    ]
    return loaders.first { names.contains("webpack/runtime/\($0.0) chunk loading") }?.1
  }

  private func prerequisites(of file: String) -> [String] {
    let group =
      compilation.entrypoints.values.first { $0.contains(entryChunk.id) && $0.count > 1 } ?? []
    return group.flatMap { id in
      chunks.first { $0.id == id }?.files.filter { AssetKind(path: $0) == .script } ?? []
    }
    .filter { $0 != file }
  }

  // MARK: - Exposes

  private var exposes: [ExposeFacts] {
    let identifier = entry.module.identifier
    return entry.identifier.exposes.map { name in
      let group = chunks.filter { chunk in
        chunk.origins.contains { $0.moduleIdentifier == identifier && $0.loc == name }
      }
      return ExposeFacts(
        name: name, chunks: group.map(\.id),
        executes: compilation.graph.steps(from: roots(of: name)))
    }
  }

  /// The modules that an expose runs, in the order of its list: their reasons say `./X[0]`,
  /// `./X[1]`, …
  private func roots(of expose: String) -> [String] {
    var roots: [(index: Int, identifier: String)] = []
    for module in compilation.modules {
      for reason in module.reasons
      where reason.type == "container exposed" && reason.moduleIdentifier == entry.module.identifier
      {
        guard let loc = reason.loc, loc.hasPrefix(expose + "["), loc.hasSuffix("]"),
          let index = Int(loc.dropFirst(expose.count + 1).dropLast())
        else { continue }
        roots.append((index, module.identifier))
      }
    }
    return roots.sorted { $0.index < $1.index }.map(\.identifier)
  }

  // MARK: - Sharing

  /// Modules of `type` that the container's runtime knows, with their chunks in it.
  private func modules(_ type: String) -> [(
    module: StatsCompilation.Module, id: String, chunks: [String]
  )] {
    compilation.modules.compactMap { module in
      guard module.type == type, let id = module.id else { return nil }
      let own = module.chunks.filter(chunkIDs.contains)
      return own.isEmpty ? nil : (module, id, own)
    }
  }

  private var provides: [ProvideFacts] {
    // The runtime registers in the order of identifiers.
    modules("provide-module")
      .sorted { JavaScriptNumber.precedes($0.module.identifier, $1.module.identifier) }
      .compactMap { item in
        guard let parts = ModuleIdentifier.provide(item.module.identifier) else { return nil }
        let roots = targets(of: item.module.identifier, type: "provide module for shared")
        let loaded = chunksOpened(by: item.module.identifier)
        return ProvideFacts(
          scope: parts.scope, key: parts.key, version: parts.version, eager: loaded.isEmpty,
          chunks: loaded, executes: compilation.graph.steps(from: roots))
      }
  }

  private var consumes: [ConsumeFacts] {
    let versions = Dictionary(
      modules("provide-module").compactMap { ModuleIdentifier.provide($0.module.identifier) }
        .map { (Provided(scope: $0.scope, key: $0.key, path: $0.path), $0.version) },
      uniquingKeysWith: { first, _ in first })
    return inLoadOrder(modules("consume-shared-module")).compactMap { item in
      guard let parts = ModuleIdentifier.consume(item.module.identifier) else { return nil }
      var fallback: FallbackFacts?
      if let path = parts.path {
        let roots = targets(of: item.module.identifier, type: "consume shared fallback")
        fallback = FallbackFacts(
          version: versions[Provided(scope: parts.scope, key: parts.key, path: path)],
          chunks: chunksOpened(by: item.module.identifier),
          executes: compilation.graph.steps(from: roots))
      }
      return ConsumeFacts(
        module: item.id, scope: parts.scope, key: parts.key, range: parts.range,
        strict: parts.strict, singleton: parts.singleton, eager: parts.eager, fallback: fallback,
        chunks: item.chunks)
    }
  }

  private struct Provided: Hashable {
    let scope: String
    let key: String
    let path: String
  }

  private var remotes: [RemoteFacts] {
    var locations: [String: RemoteLocation] = [:]
    for module in compilation.modules {
      guard let external = ModuleIdentifier.external(module.identifier) else { continue }
      for reason in module.reasons {
        if let request = reason.userRequest { locations[request] = external }
      }
    }
    return inLoadOrder(modules("remote-module")).compactMap { item in
      guard let parts = ModuleIdentifier.remote(item.module.identifier) else { return nil }
      // What is no external is a module of the same build, behind the prefix `internal `.
      let places = parts.references.map {
        locations[$0] ?? RemoteLocation(type: "internal", location: $0)
      }
      return RemoteFacts(
        module: item.id, expose: parts.expose, scope: parts.scope, locations: places,
        chunks: item.chunks)
    }
  }

  /// Order of the runtime's tables within one chunk: by module identifier since 5.107; before, by a
  /// walk over the chunk graph that statistics show as the order in which modules were first met.
  private func inLoadOrder(
    _ items: [(module: StatsCompilation.Module, id: String, chunks: [String])]
  ) -> [(module: StatsCompilation.Module, id: String, chunks: [String])] {
    let numbers = compilation.version.split(separator: ".").prefix(2).map { Int($0) ?? 0 }
    let isByID = numbers.count == 2 && (numbers[0], numbers[1]) >= (5, 107)
    return items.sorted { left, right in
      if isByID {
        if let first = Int(left.id), let second = Int(right.id) { return first < second }
        return JavaScriptNumber.precedes(left.id, right.id)
      }
      return (left.module.preOrderIndex, left.id) < (right.module.preOrderIndex, right.id)
    }
  }

  private func targets(of identifier: String, type: String) -> [String] {
    compilation.modules.filter { module in
      module.reasons.contains { $0.type == type && $0.moduleIdentifier == identifier }
    }
    .map(\.identifier)
  }

  private func chunksOpened(by identifier: String) -> [String] {
    chunks.filter { $0.origins.contains { $0.moduleIdentifier == identifier } }.map(\.id)
  }

  // MARK: - Chunks and assets

  private var chunkFacts: [ChunkFacts] {
    var opens: [String: [String]] = [:]
    for chunk in chunks where !chunk.isInitial {
      var openers: Set<String> = []
      for identifier in Set(chunk.origins.compactMap(\.moduleIdentifier)) {
        // Shared packages and exposes open chunks too, but not by themselves: only when chosen or
        // asked for.
        let isPlain =
          !identifier.isEmpty && !identifier.hasPrefix("container entry (")
          && !identifier.hasPrefix("consume-shared-module|")
          && !identifier.hasPrefix("provide module (")
        if isPlain { openers.formUnion(compilation.graph.chunks(of: identifier)) }
      }
      for opener in openers where opener != chunk.id { opens[opener, default: []].append(chunk.id) }
    }
    return chunks.map { chunk in
      ChunkFacts(
        id: chunk.id, names: chunk.names, files: chunk.files,
        auxiliaryFiles: chunk.auxiliaryFiles, opens: opens[chunk.id] ?? [])
    }
  }

  private static func assets(_ asset: StatsAsset) -> [AssetFacts] {
    let facts = AssetFacts(
      name: BuildPath.withoutQuery(asset.name), size: asset.size,
      immutable: asset.info?.immutable ?? false,
      contentHash: asset.info?.contenthash?.values.first)
    let measured = asset.related.flatMap(assets)
    let named = (asset.info?.related?.sourceMap?.values ?? []).filter { name in
      !measured.contains { $0.name == BuildPath.withoutQuery(name) }
    }
    return [facts] + measured
      + named.map { AssetFacts(name: BuildPath.withoutQuery($0), size: nil) }
  }
}
