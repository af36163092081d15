package import FoundationEssentials

/// Reads what Larder wrote beside a build: facts, and every file with its digest.
package struct LockfileImporter: Importer {
  /// A file takes some 150 bytes, facts a tenth of the statistics that they were read from.
  package static let bytesMax = 64 << 20

  /// One is as good as another.
  package init() {}

  /// The best of all.
  package var source: Reading.Source { .lockfile }

  /// Beside the entry.
  package var usualPaths: [String] { [Lockfile.fileName] }

  /// By its members, whatever its name.
  package func recognises(_ file: BuildFile) -> Bool {
    file.members.isSuperset(of: ["format", "containers", "files"])
  }

  /// As they were locked; no other file is asked for.
  package func containers(
    in file: BuildFile, of files: BuildFiles
  ) throws(ImportError) -> [ImportedContainer] {
    let lock = try Self.lockfile(in: Data(file.bytes))
    return lock.containers.map { container in
      var facts = container
      let measured = Dictionary(facts.assets.map { ($0.name, $0) }) { first, _ in first }
      facts.assets = lock.files.map { file in
        var asset = measured[file.path] ?? AssetFacts(name: file.path, size: nil)
        asset.size = file.size
        asset.digest = file.digest
        return asset
      }
      // What is not in the list is no file of the build.
      facts.reading = Reading(source: source, unknown: container.reading?.unknown ?? [])
      facts.reading?.completeness = .exact
      return ImportedContainer(facts)
    }
  }

  /// What the bytes of a lockfile say.
  ///
  /// - Throws: `ImportError`: `tooLarge`, `malformed`, `noContainer`.
  package static func lockfile(in json: Data) throws(ImportError) -> Lockfile {
    guard json.count <= bytesMax else {
      throw ImportError(
        .tooLarge, "\(Lockfile.fileName) has \(json.count) bytes: at most \(bytesMax) are read",
        remedy: "lock the folder of one build")
    }
    let lock: Lockfile
    do {
      // The version first: another one may have other members.
      let format = try JSONDecoder().decode(Format.self, from: json).format
      guard format == Lockfile.formatCurrent else {
        throw ImportError(
          .malformed,
          "\(Lockfile.fileName) has format \(format), this Larder reads"
            + " \(Lockfile.formatCurrent)",
          remedy: "write it again with 'larder lock'")
      }
      lock = try JSONDecoder().decode(Lockfile.self, from: json)
    } catch let error as ImportError {
      throw error
    } catch {
      let place = (error as? DecodingError)?.place ?? "it is not JSON"
      throw ImportError(
        .malformed, "\(Lockfile.fileName) cannot be read: \(place)",
        remedy: "write it again with 'larder lock'")
    }
    let paths = Set(lock.files.map(\.path))
    guard !lock.containers.isEmpty, paths.count == lock.files.count,
      lock.containers.allSatisfy({ paths.contains($0.entry) })
    else {
      throw ImportError(
        .malformed, "\(Lockfile.fileName) names a file twice, or lacks a container or its entry",
        remedy: "write it again with 'larder lock'")
    }
    return lock
  }

  private struct Format: Decodable {
    let format: Int
  }
}
