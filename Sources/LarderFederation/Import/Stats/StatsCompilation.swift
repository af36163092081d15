/// One compilation's statistics with everything present that the importer needs.
struct StatsCompilation {
  struct Chunk {
    let id: String
    let names: [String]
    let files: [String]
    let auxiliaryFiles: [String]
    let isEntry: Bool
    let isInitial: Bool
    let runtimes: [String]
    let origins: [StatsChunk.Origin]
  }

  struct Module {
    let identifier: String
    let type: String
    /// Nil for a module that became part of another.
    let id: String?
    let chunks: [String]
    let preOrderIndex: Int
    let reasons: [StatsModule.Reason]
  }

  struct ContainerEntry {
    let module: Module
    let identifier: ModuleIdentifier.ContainerEntry
  }

  let label: String
  let version: String
  let hash: String
  let publicPath: String
  let assets: [StatsAsset]
  let chunks: [Chunk]
  let modules: [Module]
  let entrypoints: [String: [String]]
  let graph: ModuleGraph

  init(_ file: StatsFile, version: String?) throws(ImportError) {
    let label = file.name.map { "compilation '\($0)'" } ?? "the build"
    func missing(_ field: String, _ option: String) -> ImportError {
      .missing(field, of: label, option: option)
    }
    guard let version else { throw missing("version", "version: true") }
    guard let statsModules = file.modules else { throw missing("modules", "modules: true") }
    guard let statsChunks = file.chunks else { throw missing("chunks", "chunks: true") }
    guard let assets = file.assets else { throw missing("assets", "assets: true") }
    guard let publicPath = file.publicPath else { throw missing("publicPath", "publicPath: true") }
    if let count = file.filteredModules, count > 0 {
      throw missing("modules (\(count) left out)", "modulesSpace: Infinity, nestedModules: true")
    }

    var chunks: [Chunk] = []
    for chunk in statsChunks {
      guard let id = chunk.id else { throw missing("chunks[].id", "ids: true") }
      guard let origins = chunk.origins else {
        throw missing("chunks[].origins", "chunkOrigins: true")
      }
      guard let files = chunk.files, let runtimes = chunk.runtime else {
        throw missing("chunks[].files", "chunks: true")
      }
      chunks.append(
        Chunk(
          id: id.text, names: chunk.names ?? [], files: files.map(BuildPath.withoutQuery),
          auxiliaryFiles: (chunk.auxiliaryFiles ?? []).map(BuildPath.withoutQuery),
          isEntry: chunk.entry ?? false,
          isInitial: chunk.initial ?? false, runtimes: runtimes, origins: origins))
    }

    var modules: [Module] = []
    for module in statsModules {
      guard let identifier = module.identifier, let type = module.moduleType else {
        throw missing("modules[].identifier", "modules: true")
      }
      guard let reasons = module.reasons else {
        throw missing("modules[].reasons", "reasons: true")
      }
      guard let moduleChunks = module.chunks else { throw missing("modules[].chunks", "ids: true") }
      if Self.isConcatenated(identifier, type), module.modules == nil, !moduleChunks.isEmpty {
        throw missing("modules[].modules", "nestedModules: true")
      }
      modules.append(
        Module(
          identifier: identifier, type: type, id: module.id?.text,
          chunks: moduleChunks.map(\.text), preOrderIndex: module.preOrderIndex ?? .max,
          reasons: reasons))
    }

    self.label = label
    self.version = version
    hash = file.hash ?? ""
    self.publicPath = publicPath
    self.assets = assets
    self.chunks = chunks
    self.modules = modules
    entrypoints = (file.entrypoints ?? [:]).mapValues { ($0.chunks ?? []).map(\.text) }
    graph = ModuleGraph(statsModules)
  }

  var containerEntries: [ContainerEntry] {
    modules.compactMap { module in
      guard !module.chunks.isEmpty else { return nil }
      return ModuleIdentifier.containerEntry(module.identifier).map {
        ContainerEntry(module: module, identifier: $0)
      }
    }
  }

  /// A concatenated module's identifier ends in the hash of its parts.
  private static func isConcatenated(_ identifier: String, _ type: String) -> Bool {
    guard type == "javascript/esm" || type == "javascript/auto",
      let bar = identifier.lastIndex(of: "|")
    else { return false }
    let hash = identifier[identifier.index(after: bar)...]
    return hash.count == 32 && hash.allSatisfy(\.isHexDigit)
  }
}
