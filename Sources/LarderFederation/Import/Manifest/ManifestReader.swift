/// Reads the facts of a container out of a manifest of Module Federation 2.
struct ManifestReader {
  private let manifest: ManifestFile
  private let source: Reading.Source
  private let path: String

  /// - Parameter path: the file's own, which is one of the build.
  init(_ manifest: ManifestFile, source: Reading.Source, path: String) {
    self.manifest = manifest
    self.source = source
    self.path = path
  }

  func facts(of entry: ManifestFile.Entry) -> ContainerFacts {
    var facts = ContainerFacts(
      name: name, ruleSet: .mf2VersionFirst, publicPath: publicPath,
      hash: manifest.metaData.buildInfo?.hash ?? "", entry: entry.file)
    let isModule = entry.type == "module" || entry.type == "esm"
    facts.target = isModule ? .module : .web
    facts.libraryType = isModule ? "module" : nil
    var chunks = [ChunkFacts(id: entry.file, files: [entry.file])]
    for expose in manifest.exposes {
      guard let key = expose.key else { continue }
      facts.exposes.append(ExposeFacts(name: key, chunks: [key]))
      chunks += self.chunks(key, expose.assets, entry: entry.file)
    }
    for shared in manifest.shared {
      chunks += self.chunks(Self.chunk(of: shared), shared.assets, entry: entry.file)
    }
    facts.chunks = chunks
    facts.provides = manifest.shared.compactMap(provide)
    facts.consumes = manifest.shared.map(consume)
    facts.remotes = (manifest.remotes ?? []).compactMap(remote)
    var names: Set<String> = []
    let files = chunks.flatMap(\.files) + (manifest.metaData.types?.files ?? []) + [path]
    facts.assets = files.filter { names.insert($0).inserted }
      .map { AssetFacts(name: $0, size: nil) }
    facts.reading = Reading(source: source, unknown: unknown(isModule: isModule))
    return facts
  }

  /// Of the entry for servers only names are known: the lists are those of the browser's files.
  func serverFacts(of entry: ManifestFile.Entry) -> ContainerFacts {
    var facts = facts(of: entry)
    facts.target = entry.type == "commonjs-module" ? .asyncNode : facts.target
    facts.chunks = facts.chunks.map { ChunkFacts(id: $0.id, files: []) }
    facts.chunks[0].files = [entry.file]
    facts.assets = [AssetFacts(name: entry.file, size: nil), AssetFacts(name: path, size: nil)]
    let files = UnknownFact(.files, "the manifest lists those of browsers")
    facts.reading = Reading(source: source, unknown: unknown(isModule: false) + [files])
    return facts
  }

  private var name: String { manifest.metaData.name ?? manifest.name ?? manifest.id ?? "" }

  private var publicPath: String {
    let path = manifest.metaData.publicPath ?? ""
    return path.isEmpty ? "auto" : path
  }

  // MARK: - What is left open

  private func unknown(isModule: Bool) -> [UnknownFact] {
    let manifest = source.rawValue
    var unknown = [
      UnknownFact(.uniqueName, "\(manifest) lacks it; assumed to be the name"),
      UnknownFact(.ruleSet, "\(manifest) lacks the share strategy; assumed to be the usual one"),
      UnknownFact(.shareScope, "\(manifest) lacks it; assumed to be 'default'"),
      UnknownFact(.provides, "\(manifest) has one version of a package, and may have guessed it"),
      UnknownFact(.consumes, "\(manifest) has one range for a package, and no strictness"),
      UnknownFact(.remotes, "\(manifest) does not say which exposed module needs them"),
      UnknownFact(.needs, "\(manifest) tells files, not chunks"),
      UnknownFact(.order, "the code of the chunks was not read"),
    ]
    if !isModule {
      unknown.append(UnknownFact(.target, "\(manifest) lacks it; assumed to be the web"))
      unknown.append(UnknownFact(.library, "\(manifest) lacks it"))
    }
    if name.isEmpty { unknown.append(UnknownFact(.name, "\(manifest) lacks it")) }
    if let code = self.manifest.metaData.getPublicPath {
      unknown.append(UnknownFact(.publicPath, "it is set at run time: \(code.prefix(80))"))
    }
    if facts(withoutFiles: self.manifest.exposes) {
      unknown.append(UnknownFact(.files, "\(manifest) was written without lists of files"))
    }
    for remote in self.manifest.remotes ?? [] where locations(of: remote).isEmpty {
      let name = remote.alias ?? remote.federationContainerName ?? ""
      unknown.append(UnknownFact(.locations, "\(manifest) does not say where '\(name)' is"))
    }
    return unknown
  }

  private func facts(withoutFiles exposes: [ManifestFile.Expose]) -> Bool {
    exposes.contains { ($0.assets?.atOnce ?? []).isEmpty }
  }

  // MARK: - Files

  /// One chunk for what is loaded at once, and one for what `import()` in it loads later.
  private func chunks(
    _ id: String, _ assets: ManifestFile.Assets?, entry: String
  ) -> [ChunkFacts] {
    // What is in the entry is here already.
    let atOnce = (assets?.atOnce ?? []).filter { $0 != entry }
    let later = (assets?.later ?? []).filter { $0 != entry && !atOnce.contains($0) }
    let first = ChunkFacts(id: id, files: atOnce, opens: later.isEmpty ? [] : ["\(id) later"])
    return later.isEmpty ? [first] : [first, ChunkFacts(id: "\(id) later", files: later)]
  }

  // MARK: - Sharing

  private static func chunk(of shared: ManifestFile.Shared) -> String { "shared \(shared.name)" }

  /// Nil where the plugin has put a range in place of the version that it does not know.
  private func version(of shared: ManifestFile.Shared) -> String? {
    shared.version?.text.flatMap { $0.first?.isNumber == true ? $0 : nil }
  }

  private func provide(_ shared: ManifestFile.Shared) -> ProvideFacts? {
    version(of: shared).map { version in
      ProvideFacts(
        scope: shared.shareScope?.text ?? "default", key: shared.name, version: version,
        eager: shared.eager ?? false, chunks: shared.eager == true ? [] : [Self.chunk(of: shared)])
    }
  }

  private func consume(_ shared: ManifestFile.Shared) -> ConsumeFacts {
    let isNeeded = { (expose: ManifestFile.Expose) in
      shared.usedIn.map { $0.contains(expose.key ?? "") }
        ?? expose.requires?.contains(shared.name) ?? true
    }
    let guesses = ["^undefined", "^*", "*", "false"]
    return ConsumeFacts(
      module: Self.chunk(of: shared), scope: shared.shareScope?.text ?? "default",
      key: shared.name,
      range: shared.requiredVersion?.text.flatMap { guesses.contains($0) ? nil : $0 },
      strict: shared.strictVersion ?? false, singleton: shared.singleton ?? false,
      eager: shared.eager ?? false,
      fallback: FallbackFacts(version: version(of: shared), chunks: [Self.chunk(of: shared)]),
      chunks: manifest.exposes.filter(isNeeded).compactMap(\.key))
  }

  // MARK: - Remotes

  private func remote(_ remote: ManifestFile.Remote) -> RemoteFacts? {
    guard let alias = remote.alias ?? remote.federationContainerName else { return nil }
    let module = remote.moduleName ?? ""
    let expose = module.isEmpty || module == "." ? "." : "./\(module)"
    return RemoteFacts(
      module: "\(alias)/\(module)", expose: expose, locations: locations(of: remote),
      chunks: manifest.exposes.compactMap(\.key))
  }

  /// Some plugins put the URL where others put the name.
  private func locations(of remote: ManifestFile.Remote) -> [RemoteLocation] {
    let places = [remote.entry, remote.version, remote.federationContainerName]
    let url = places.compactMap(\.self).first { $0.contains("/") && $0 != "*" }
    let names = [remote.federationContainerName, remote.alias].compactMap(\.self)
    guard let name = names.first(where: { !$0.contains("://") && !$0.isEmpty }), let url else {
      return []
    }
    return [RemoteLocation(type: "script", location: "\(name)@\(url)")]
  }
}
