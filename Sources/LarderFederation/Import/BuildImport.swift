/// Reads the containers of a build from everything in it that tells of them.
///
/// The best source is believed. What it leaves open is taken from the next one that knows it, and
/// where two say different things both are noted. The code of the entry is read in any case, if it
/// is at hand: it is what runs.
package struct BuildImport {
  /// In the order of trust; told apart in this order, too.
  static let importers: [any Importer] = [
    LockfileImporter(), StatsImporter(), ManifestImporter(.federationStats),
    ManifestImporter(.manifest),
    EntryImporter(), NativeFederationImporter(), ImportMapImporter(),
  ]

  /// Where a build usually has what tells of it, the best first.
  package static var usualPaths: [String] { importers.flatMap(\.usualPaths) }

  /// Whether some importer takes the file.
  package static func recognises(_ file: BuildFile) -> Bool {
    importers.contains { $0.recognises(file) }
  }

  let files: BuildFiles

  /// - Parameter files: of the build, from its root.
  package init(_ files: BuildFiles) { self.files = files }

  /// The containers of the build, in the order of its best source.
  ///
  /// - Parameter path: the file that is to be believed, if somebody names it; nil takes the best one
  ///   that lies where it usually does, and where none does the entries that a search finds.
  /// - Throws: what the best source throws; `noSource` where there is none.
  package func containers(at path: String? = nil) throws(ImportError) -> [ImportedContainer] {
    var sources: [Source] = []
    if let path { sources = [try source(at: path)] }
    sources += usual(below: sources.first?.importer.source)
    guard let best = sources.first else { return try foundContainers() }
    var containers: [ImportedContainer] = []
    for var container in try best.importer.containers(in: best.file, of: files) {
      container.facts.reading?.file = best.file.path
      containers.append(container)
    }
    for source in sources.dropFirst() { add(source, to: &containers) }
    if best.importer.source != .code {
      for index in containers.indices { addCode(to: &containers[index]) }
    }
    return containers
  }

  /// The same with all their files: those that no source lists are found by a scan of the code.
  ///
  /// - Throws: as `containers(at:)`.
  package func wholeContainers(at path: String? = nil) throws(ImportError) -> [ContainerFacts] {
    let present = Set(files.paths())
    return try containers(at: path).map { container in
      guard var scan = container.scan else { return container.facts }
      while let next = scan.next() {
        if AssetScan.reads(next), let text = files.text(next) {
          scan.read(next, text)
        } else if !present.contains(next) {
          scan.miss(next)
        }
      }
      return scan.outcome()
    }
  }

  // MARK: - Sources

  private typealias Source = (importer: any Importer, file: BuildFile)

  private func source(at path: String) throws(ImportError) -> Source {
    guard let file = files.file(path) else { throw .noFile(path) }
    guard let importer = Self.importers.first(where: { $0.recognises(file) }) else {
      throw .unknownForm(path)
    }
    return (importer, file)
  }

  /// Those that lie where they usually do, and are poorer than `source`. Code is not among them, but
  /// where nothing better is: it is asked for the entry that a better source names. What is poorer
  /// than code counts where there is none.
  private func usual(below source: Reading.Source?) -> [Source] {
    var found: [Source] = []
    for importer in Self.importers where source.map({ $0 < importer.source }) ?? true {
      guard importer.source < .code || (found.isEmpty && source == nil) else { continue }
      let file = importer.usualPaths.lazy.compactMap { files.file($0) }
        .first(where: importer.recognises)
      if let file { found.append((importer, file)) }
    }
    return found
  }

  // MARK: - Completion

  private func add(_ source: Source, to containers: inout [ImportedContainer]) {
    // The better source is enough; that a poorer one cannot be read is no fact of the build.
    guard let others = try? source.importer.containers(in: source.file, of: files) else { return }
    for index in containers.indices {
      let entry = containers[index].facts.entry
      guard let same = others.first(where: { $0.facts.entry == entry }) else { continue }
      containers[index].complete(from: same)
    }
  }

  private func addCode(to container: inout ImportedContainer) {
    let entry = container.facts.entry
    let importer = EntryImporter()
    guard let file = files.file(entry), importer.recognises(file) else { return }
    let assets = container.facts.assets.map(\.name)
    let files = BuildFiles(paths: { [files] in
      let listed = files.paths()
      return listed.isEmpty ? assets : listed
    }) { [files] in files.file($0)?.bytes }
    // An entry of another form tells nothing; what only it could tell stays open.
    guard let code = try? importer.containers(in: file, of: files).first else { return }
    container.complete(from: code)
  }
}

extension ImportedContainer {
  /// Finds the files that no source lists; nil where all are known.
  package var scan: AssetScan? {
    facts.reading?.completeness == .exact ? nil : AssetScan(facts, names: names)
  }

  fileprivate mutating func complete(from other: ImportedContainer) {
    facts.complete(from: other.facts)
    names = names ?? other.names
  }
}

extension ImportError {
  static let noSource = ImportError(
    .noSource, "no file there tells of a container",
    remedy: "name the file of the entry, or build with 'webpack --json=stats.json' in the folder")

  static func noFile(_ path: String) -> ImportError {
    ImportError(.noSource, "'\(path)' is not there", remedy: "check the name")
  }

  static func unknownForm(_ path: String) -> ImportError {
    ImportError(
      .malformed, "'\(path)' is nothing that tells of a container",
      remedy: "name the entry of a build, its stats.json, mf-manifest.json or remoteEntry.json")
  }
}
