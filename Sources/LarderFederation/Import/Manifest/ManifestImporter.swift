import FoundationEssentials

/// Reads what the plugins of Module Federation 2 write of a container: `mf-manifest.json` for
/// browsers, and `mf-stats.json` with a little more.
///
/// Both tell files, not chunks: each exposed module and each package is taken for one chunk. Of
/// sharing they know one version and one range for a package, and guess either where the bundler
/// did not tell the plugin.
package struct ManifestImporter: Importer {
  /// Large ones have some 100 KiB.
  private static let bytesMax = 16 << 20

  /// Which of the two files.
  package let source: Reading.Source

  /// - Parameter source: `federationStats` or `manifest`.
  init(_ source: Reading.Source) { self.source = source }

  /// Under the name that the plugins give it.
  package var usualPaths: [String] {
    [source == .federationStats ? "mf-stats.json" : "mf-manifest.json"]
  }

  /// By its members; the one for statistics has `-stats` in its name.
  package func recognises(_ file: BuildFile) -> Bool {
    let name = file.path.split(separator: "/").last ?? ""
    return file.members.isSuperset(of: ["metaData", "exposes", "shared"])
      && name.contains("-stats") == (source == .federationStats)
  }

  /// One container, or two where there is another entry for servers.
  package func containers(
    in file: BuildFile, of files: BuildFiles
  ) throws(ImportError) -> [ImportedContainer] {
    guard file.bytes.count <= Self.bytesMax else {
      throw .tooLong(file.path, file.bytes.count, max: Self.bytesMax)
    }
    let manifest: ManifestFile
    do {
      manifest = try JSONDecoder().decode(ManifestFile.self, from: Data(file.bytes))
    } catch let error as DecodingError {
      throw .badManifest(file.path, error.place)
    } catch {
      throw .badManifest(file.path, "it is not JSON")
    }
    guard let entry = manifest.metaData.remoteEntry, !entry.name.isEmpty else {
      throw .badManifest(file.path, "'metaData.remoteEntry' has no name")
    }
    let reader = ManifestReader(manifest, source: source, path: file.path)
    var found = [ImportedContainer(reader.facts(of: entry))]
    // Plugins name one for servers whether or not they emit it.
    if let other = manifest.metaData.ssrRemoteEntry, other.file != entry.file,
      files.file(other.file) != nil
    {
      found.append(ImportedContainer(reader.serverFacts(of: other)))
    }
    return found
  }
}

extension ImportError {
  static func badManifest(_ path: String, _ detail: String) -> ImportError {
    ImportError(
      .malformed, "cannot import '\(path)': \(detail)",
      remedy: "build again with 'manifest: true', or name the file of the entry")
  }
}
