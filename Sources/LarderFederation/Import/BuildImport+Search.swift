extension BuildImport {
  /// Scripts that are looked into for an entry: the tokens of each are made.
  private static let searchedMax = 256
  /// What stands in every entry that is read: what its `get` says of a name that it does not have,
  /// and what plugins of Vite call their functions.
  private static let marks = ["does not exist in container", "__federation"].map { Array($0.utf8) }

  /// The containers of a folder where nothing lies under a usual name: `remoteEntry.a1b2.js`,
  /// `static/js/shop.js`. Those that are called so count before all other scripts.
  ///
  /// - Throws: `noSource` where no script is an entry, or two are of one container.
  func foundContainers() throws(ImportError) -> [ImportedContainer] {
    let scripts = files.paths().filter { AssetKind(path: $0) == .script }
    let named = scripts.filter { Self.isNamedAsEntry($0) }
    for group in [named, scripts.filter { !Self.isNamedAsEntry($0) }] {
      var found: [ImportedContainer] = []
      for path in Self.outermostFirst(group).prefix(Self.searchedMax) {
        guard let file = files.file(path),
          Self.marks.contains(where: { Self.contains($0, file.bytes) }),
          // A chunk that has the words in it is no entry.
          let containers = try? EntryImporter().containers(in: file, of: files)
        else { continue }
        // Nor is a host's own script, which has all of a container's code with rspack.
        for var container in containers where !container.facts.exposes.isEmpty {
          container.facts.reading?.file = path
          let other = found.first { $0.facts.name == container.facts.name }
          if let other { throw .twoEntries(other.facts.entry, path) }
          found.append(container)
        }
      }
      if !found.isEmpty { return found }
    }
    throw .noSource
  }

  private static func isNamedAsEntry(_ path: String) -> Bool {
    let name = (path.split(separator: "/").last ?? "").lowercased()
    return name.filter(\.isLetter).contains("remoteentry")
  }

  /// Goes by the first byte, since all the code of a folder may be looked through.
  private static func contains(_ mark: [UInt8], _ bytes: [UInt8]) -> Bool {
    bytes.indices.dropLast(mark.count - 1).contains { place in
      bytes[place] == mark[0] && bytes[place..<(place + mark.count)].elementsEqual(mark)
    }
  }

  private static func outermostFirst(_ paths: [String]) -> [String] {
    paths.map { (depth: $0.split(separator: "/").count, path: $0) }
      .sorted { ($0.depth, $0.path) < ($1.depth, $1.path) }.map(\.path)
  }
}

extension ImportError {
  static func twoEntries(_ first: String, _ second: String) -> ImportError {
    ImportError(
      .noSource, "'\(first)' and '\(second)' are entries of the same container",
      remedy: "name the one that is meant, or remove what an earlier build left")
  }
}
