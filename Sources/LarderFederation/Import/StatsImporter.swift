package import FoundationEssentials

/// Reads containers out of webpack 5's `stats.json`, exactly.
///
/// What plain `webpack --json` writes is enough. Statistics lack `output.uniqueName` and
/// `library.type`; both are read from the text of the entry where the caller has it.
package struct StatsImporter {
  /// The largest statistics that are read: builds with 100,000 modules at about 1.3 KB each, twice
  /// over for modules repeated inside chunks. Decoding takes a few times as much memory.
  package static let bytesMax = 256 << 20

  /// Gives the text of an emitted file by its name, or nil where it is not at hand.
  private let entryText: (String) -> String?
  private let bytesMax: Int

  /// - Parameters:
  ///   - bytesMax: a lower limit than the importer's own.
  ///   - entryText: called at most once per container, with the name of its entry.
  package init(
    bytesMax: Int = StatsImporter.bytesMax, entryText: @escaping (String) -> String? = { _ in nil }
  ) {
    self.bytesMax = min(bytesMax, Self.bytesMax)
    self.entryText = entryText
  }

  /// Every container in `json`, that of one compilation or of several, in the order of the build.
  ///
  /// - Throws: `StatsError`, which names the `stats` option to set where a field is missing.
  package func containers(in json: Data) throws(StatsError) -> [ContainerFacts] {
    guard json.count <= bytesMax else { throw .tooLarge(json.count, max: bytesMax) }
    let file: StatsFile
    do {
      file = try JSONDecoder().decode(StatsFile.self, from: json)
    } catch let error as DecodingError {
      throw .malformed(Self.describe(error))
    } catch {
      throw .malformed("they are not JSON")
    }
    let found = try containers(of: file, version: file.version, depth: 0)
    guard !found.isEmpty else { throw .noContainer }
    return found
  }

  private func containers(
    of file: StatsFile, version: String?, depth: Int
  ) throws(StatsError) -> [ContainerFacts] {
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
        found.append(try ContainerReader(compilation, entry).facts(entryText: entryText))
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

  private static func describe(_ error: DecodingError) -> String {
    let context: DecodingError.Context
    switch error {
    case .dataCorrupted(let found): context = found
    case .keyNotFound(_, let found): context = found
    case .typeMismatch(_, let found): context = found
    case .valueNotFound(_, let found): context = found
    @unknown default: return "they are of another shape"
    }
    let path = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }
    return path.isEmpty ? "they are not JSON" : "'\(path.joined(separator: "."))' has another shape"
  }
}
