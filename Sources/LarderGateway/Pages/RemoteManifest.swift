import LarderFederation
import LarderService

/// What runtimes of Module Federation 2 read of a remote before anything else, in the form of their
/// plugins' `mf-manifest.json`; made of what is known of the release, whatever built it.
///
/// The form has one entry for a package, so of several versions it tells the highest.
struct RemoteManifest: Encodable {
  struct MetaData: Encodable {
    let name: String
    let type = "app"
    /// The global under which the entry leaves the container.
    let globalName: String
    let buildInfo: BuildInfo
    let remoteEntry: Entry
    /// Where the release's files are.
    let publicPath: String
  }
  struct BuildInfo: Encodable {
    let buildVersion: String
    let buildName: String
  }
  struct Entry: Encodable {
    let name: String
    let path: String
    let type: String
  }
  /// Files that are loaded at once, and those that come later, if at all.
  struct Assets: Encodable {
    struct Kind: Encodable {
      let sync: [String]
      let async: [String]
    }
    let js: Kind
    let css: Kind
  }
  struct Expose: Encodable {
    let id: String
    let name: String
    let path: String
    let assets: Assets
  }
  struct Shared: Encodable {
    let id: String
    let name: String
    let version: String?
    let singleton: Bool
    let requiredVersion: String?
    let strictVersion: Bool
    let eager: Bool
    let shareScope: String
    let assets: Assets
  }
  struct Remote: Encodable {
    let federationContainerName: String
    let moduleName: String
    let alias: String
    let entry: String
  }

  let id: String
  let name: String
  let metaData: MetaData
  let exposes: [Expose]
  let shared: [Shared]
  let remotes: [Remote]

  /// - Parameters:
  ///   - base: the gateway's URL, which ends in `/`.
  ///   - others: remotes that are to be had there; of the rest only the name is told.
  init(_ release: PageRelease, base: String, others: Set<String>) {
    let facts = release.facts
    let chunks = ChunkTable(facts)
    let name = facts.name.isEmpty ? release.remote : facts.name
    self.name = name
    id = name
    let folder = "\(base)remotes/\(PercentCoding.encoded(path: release.remote))@\(release.id)/"
    metaData = MetaData(
      name: name, globalName: (facts.global ?? [name]).joined(separator: "."),
      buildInfo: BuildInfo(buildVersion: release.id, buildName: facts.uniqueName),
      remoteEntry: Entry(
        name: PercentCoding.encoded(path: facts.entry), path: "",
        type: facts.isModule ? "module" : "global"),
      publicPath: folder)
    exposes = facts.exposes.map { expose in
      let short = expose.name.hasPrefix("./") ? String(expose.name.dropFirst(2)) : expose.name
      return Expose(
        id: "\(name):\(short)", name: short, path: expose.name, assets: chunks.assets(expose.chunks)
      )
    }
    shared = Self.packages(facts).map { key in Shared(key, of: facts, named: name, chunks) }
    remotes = release.remotes.map { remote in
      let module = facts.remotes.first { $0.locations.contains { $0.remoteName == remote } }
      let expose = module?.expose ?? "."
      return Remote(
        federationContainerName: remote,
        moduleName: expose.hasPrefix("./") ? String(expose.dropFirst(2)) : expose, alias: remote,
        entry: others.contains(remote)
          ? "\(base)remotes/\(PercentCoding.encoded(path: remote))/\(Route.manifestName)" : "*")
    }
  }

  /// Each once, in the order of the build.
  private static func packages(_ facts: ContainerFacts) -> [String] {
    var seen: Set<String> = []
    return (facts.provides.map(\.key) + facts.consumes.map(\.key))
      .filter { seen.insert($0).inserted }
  }
}

extension RemoteManifest.Shared {
  fileprivate init(
    _ key: String, of facts: ContainerFacts, named container: String, _ chunks: ChunkTable
  ) {
    let provided = facts.provides.filter { $0.key == key }
      .max { PackageVersion($0.version).isLower(than: PackageVersion($1.version)) }
    let consumed = facts.consumes.first { $0.key == key }
    id = "\(container):\(key)"
    name = key
    version = provided?.version ?? consumed?.fallback?.version
    singleton = consumed?.singleton ?? false
    requiredVersion = consumed?.range
    strictVersion = consumed?.strict ?? false
    eager = provided?.eager ?? consumed?.eager ?? false
    shareScope = provided?.scope ?? consumed?.scope ?? facts.shareScope
    assets = chunks.assets(provided?.chunks ?? consumed?.fallback?.chunks ?? [])
  }
}

/// The chunks of a build by their names, as lists of files.
private struct ChunkTable {
  private let chunks: [String: ChunkFacts]
  /// What is there before any chunk is asked for.
  private let present: Set<String>

  init(_ facts: ContainerFacts) {
    chunks = Dictionary(facts.chunks.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    present = Set(facts.entryPrerequisites + [facts.entry])
  }

  func assets(_ first: [String]) -> RemoteManifest.Assets {
    var seen: Set<String> = []
    let atOnce = files(first, &seen)
    var opened: [String] = []
    var next = first
    var known = Set(first)
    while !next.isEmpty {
      next = next.flatMap { chunks[$0]?.opens ?? [] }.filter { known.insert($0).inserted }
      opened += next
    }
    let later = files(opened, &seen)
    return RemoteManifest.Assets(
      js: .init(sync: atOnce.filter(isCode), async: later.filter(isCode)),
      css: .init(sync: atOnce.filter(isStyle), async: later.filter(isStyle)))
  }

  private func files(_ ids: [String], _ seen: inout Set<String>) -> [String] {
    ids.flatMap { chunks[$0]?.files ?? [] }
      .filter { !present.contains($0) && seen.insert($0).inserted }
      .map { PercentCoding.encoded(path: $0) }
  }

  private func isCode(_ file: String) -> Bool {
    [".js", ".mjs", ".cjs"].contains(where: file.hasSuffix)
  }
  private func isStyle(_ file: String) -> Bool { file.hasSuffix(".css") }
}
