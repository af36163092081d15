import FoundationEssentials

/// Reads an import map (HTML, 4.12.5): each module that it names is taken for an exposed one.
///
/// A map says where modules are and nothing of what they need; several versions of a package lie in
/// `scopes`, whose files belong to the build as well.
package struct ImportMapImporter: Importer {
  /// Maps of large applications have some 100 KiB.
  private static let bytesMax = 16 << 20

  /// The members of a map; each but the first may be absent.
  struct Map: Decodable {
    let imports: [String: String]
    let scopes: [String: [String: String]]?
    let integrity: [String: String]?
  }

  init() {}

  /// The poorest.
  package var source: Reading.Source { .importMap }

  /// As Native Federation and others name it.
  package var usualPaths: [String] { ["importmap.json", "import-map.json"] }

  /// By its members.
  package func recognises(_ file: BuildFile) -> Bool {
    file.members.contains("imports")
      && file.members.isSubset(of: ["imports", "scopes", "integrity"])
  }

  /// One container, which whoever imports it names.
  package func containers(
    in file: BuildFile, of files: BuildFiles
  ) throws(ImportError) -> [ImportedContainer] {
    guard file.bytes.count <= Self.bytesMax else {
      throw .tooLong(file.path, file.bytes.count, max: Self.bytesMax)
    }
    let map: Map
    do {
      map = try JSONDecoder().decode(Map.self, from: Data(file.bytes))
    } catch let error as DecodingError {
      throw .badImportMap(file.path, error.place)
    } catch {
      throw .badImportMap(file.path, "it is not JSON")
    }
    return [ImportedContainer(Self.facts(of: map, at: file.path))]
  }

  private static func facts(of map: Map, at path: String) -> ContainerFacts {
    var facts = ContainerFacts(
      name: "", target: .module, libraryType: "module", publicPath: "auto", entry: path)
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    /// The file of the build that an address leads to; nil for one elsewhere.
    func file(_ address: String) -> String? {
      if address.contains("://") || address.hasPrefix("//") || address.hasSuffix("/") { return nil }
      return BuildPath.joined(address.hasPrefix("/") ? "" : folder, address)
    }
    facts.chunks = [ChunkFacts(id: path, files: [path])]
    for (name, address) in map.imports.sorted(by: { $0.key < $1.key }) {
      if let file = file(address) {
        facts.exposes.append(ExposeFacts(name: name, chunks: [name]))
        facts.chunks.append(ChunkFacts(id: name, files: [file]))
      } else {
        facts.remotes.append(
          RemoteFacts(
            module: name, expose: name,
            locations: [RemoteLocation(type: "import", location: address)], chunks: []))
      }
    }
    let scoped = (map.scopes ?? [:]).values.flatMap(\.values).compactMap(file).sorted()
    let integrity = Dictionary(
      (map.integrity ?? [:]).compactMap { address, value in file(address).map { ($0, value) } }
    ) { first, _ in first }
    var names: Set<String> = []
    // What has an integrity value is held to it, though only code names it.
    let listed = facts.chunks.flatMap(\.files) + scoped + integrity.keys.sorted()
    facts.assets = listed.filter { names.insert($0).inserted }
      .map { AssetFacts(name: $0, size: nil, integrity: integrity[$0]) }
    let reason = "an import map does not say it"
    let open: [Fact] = [
      .name, .uniqueName, .ruleSet, .shareScope, .provides, .consumes, .needs, .opens, .order,
    ]
    facts.reading = Reading(source: .importMap, unknown: open.map { UnknownFact($0, reason) })
    return facts
  }
}

extension ImportError {
  static func badImportMap(_ path: String, _ detail: String) -> ImportError {
    ImportError(
      .malformed, "cannot import '\(path)': \(detail)",
      remedy: "write it as HTML says: {\"imports\": {\"name\": \"./file.js\"}}")
  }
}
