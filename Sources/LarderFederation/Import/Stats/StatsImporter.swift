package import FoundationEssentials

/// Reads containers out of webpack 5's `stats.json`, exactly.
///
/// What plain `webpack --json` writes is enough.
package struct StatsImporter: Importer {
  /// The largest statistics that are read: builds with 100,000 modules at about 1.3 KB each, twice
  /// over for modules repeated inside chunks. Decoding takes a few times as much memory.
  package static let bytesMax = 256 << 20

  /// What webpack's `--json=stats.json` calls the description of a build.
  package static let fileName = "stats.json"

  private let bytesMax: Int

  /// - Parameter bytesMax: a lower limit than the importer's own.
  package init(bytesMax: Int = StatsImporter.bytesMax) {
    self.bytesMax = min(bytesMax, Self.bytesMax)
  }

  /// The build's own statistics.
  package var source: Reading.Source { .stats }

  /// Where webpack is usually told to write them.
  package var usualPaths: [String] { [Self.fileName] }

  /// Whatever has this name is meant to be statistics, but a page that says "not found".
  package func recognises(_ file: BuildFile) -> Bool {
    (file.path == Self.fileName && file.bytes.first != UInt8(ascii: "<"))
      || !file.members.isDisjoint(with: ["modules", "chunks", "children", "entrypoints"])
  }

  /// Every container that they tell of; no other file is asked for.
  package func containers(
    in file: BuildFile, of files: BuildFiles
  ) throws(ImportError) -> [ImportedContainer] {
    try containers(in: Data(file.bytes)).map { ImportedContainer($0) }
  }

  /// Every container in `json`, that of one compilation or of several, in the order of the build.
  ///
  /// - Throws: `ImportError`, which names the `stats` option to set where a field is missing.
  package func containers(in json: Data) throws(ImportError) -> [ContainerFacts] {
    guard json.count <= bytesMax else { throw .tooLarge(json.count, max: bytesMax) }
    let file: StatsFile
    do {
      file = try JSONDecoder().decode(StatsFile.self, from: json)
    } catch let error as DecodingError {
      throw .malformed(error.place)
    } catch {
      throw .malformed("they are not JSON")
    }
    let found = try containers(of: file, version: file.version, depth: 0)
    guard !found.isEmpty else { throw .noContainer }
    return found
  }

  private func containers(
    of file: StatsFile, version: String?, depth: Int
  ) throws(ImportError) -> [ContainerFacts] {
    // Compilations nest once for several configurations and once for plugins; deeper is not
    // webpack's.
    guard depth <= 4 else { throw .malformed("compilations are nested deeper than 4") }
    let children = file.children ?? []
    var found: [ContainerFacts] = []
    if file.modules == nil, file.chunks == nil, !children.isEmpty {
      // The frame around several configurations has no modules of its own.
    } else {
      let compilation = try StatsCompilation(file, version: version)
      for entry in compilation.containerEntries {
        found.append(try ContainerReader(compilation, entry).facts())
      }
    }
    for child in children {
      // Compilations that plugins start inside another carry no modules unless asked to, and are no
      // containers.
      if !found.isEmpty, child.modules == nil || child.chunks == nil { continue }
      found += try containers(of: child, version: child.version ?? version, depth: depth + 1)
    }
    return found
  }
}
