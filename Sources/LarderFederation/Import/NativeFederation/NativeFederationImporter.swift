import FoundationEssentials

/// Reads `remoteEntry.json` of Native Federation, version 3 or 4: ECMAScript modules that import
/// maps bring together.
///
/// There are no chunks: each exposed module and each package is taken for one, with the parts that
/// belong to it. Integrity values, where the build wrote them, are held against every file.
package struct NativeFederationImporter: Importer {
  /// Large ones have some 100 KiB.
  private static let bytesMax = 16 << 20

  /// Parts of packages that version 3 lists among them.
  private static let internalPrefix = "@nf-internal/"

  /// The members that are read.
  struct File: Decodable {
    struct Expose: Decodable {
      let key: String
      let outFileName: String
    }
    struct Shared: Decodable {
      let packageName: String
      let outFileName: String
      let requiredVersion: ManifestFile.Loose?
      let version: String?
      let singleton: Bool?
      let strictVersion: Bool?
      let shareScope: String?
      /// Names the parts that it may import; version 4.
      let bundle: String?
    }
    let name: String
    let exposes: [Expose]
    let shared: [Shared]?
    /// Files by bundle; version 4.
    let chunks: [String: [String]]?
    /// By file name.
    let integrity: [String: String]?
  }

  init() {}

  /// The one file that a remote of this kind has.
  package var source: Reading.Source { .nativeFederation }

  /// The name is fixed.
  package var usualPaths: [String] { ["remoteEntry.json"] }

  /// By its members.
  package func recognises(_ file: BuildFile) -> Bool {
    file.members.isSuperset(of: ["name", "exposes"]) && !file.members.contains("metaData")
  }

  /// The one container that it is about.
  package func containers(
    in file: BuildFile, of files: BuildFiles
  ) throws(ImportError) -> [ImportedContainer] {
    guard file.bytes.count <= Self.bytesMax else {
      throw .tooLong(file.path, file.bytes.count, max: Self.bytesMax)
    }
    let remote: File
    do {
      remote = try JSONDecoder().decode(File.self, from: Data(file.bytes))
    } catch let error as DecodingError {
      throw .badRemoteEntry(file.path, error.place)
    } catch {
      throw .badRemoteEntry(file.path, "it is not JSON")
    }
    return [ImportedContainer(Self.facts(of: remote, at: file.path))]
  }

  private static func facts(of remote: File, at path: String) -> ContainerFacts {
    var facts = ContainerFacts(
      name: remote.name, bundler: .nativeFederation, target: .module, libraryType: "module",
      publicPath: "auto", entry: path)
    var unknown = [
      UnknownFact(.uniqueName, "there is none; taken to be the name"),
      UnknownFact(.ruleSet, "its own runtime chooses, by rules of its own"),
      UnknownFact(.remotes, "the code asks for them by name when it runs"),
      UnknownFact(.locations, "the host knows them"),
      UnknownFact(.needs, "they are in the files of the exposed modules"),
      UnknownFact(.opens, "the code was not read"), UnknownFact(.order, "the code was not read"),
    ]
    facts.chunks = [ChunkFacts(id: path, files: [path])]
    for expose in remote.exposes {
      facts.exposes.append(ExposeFacts(name: expose.key, chunks: [expose.key]))
      let files = [expose.outFileName].filter { !$0.isEmpty }
      facts.chunks.append(ChunkFacts(id: expose.key, files: files))
      if files.isEmpty {
        unknown.append(UnknownFact(.files, "'\(expose.key)' has none: a build for development"))
      }
    }
    let keys = remote.exposes.map(\.key)
    let shared = (remote.shared ?? []).filter { !$0.packageName.hasPrefix(internalPrefix) }
    for package in shared {
      let id = "shared \(package.packageName)"
      let scope = package.shareScope ?? "default"
      let parts = package.bundle.flatMap { remote.chunks?[$0] } ?? []
      facts.chunks.append(ChunkFacts(id: id, files: [package.outFileName] + parts))
      facts.provides.append(
        ProvideFacts(
          scope: scope, key: package.packageName, version: package.version ?? "0", chunks: [id]))
      facts.consumes.append(
        ConsumeFacts(
          module: id, scope: scope, key: package.packageName, range: package.requiredVersion?.text,
          strict: package.strictVersion ?? false, singleton: package.singleton ?? false,
          fallback: FallbackFacts(version: package.version, chunks: [id]), chunks: keys))
    }
    // What has an integrity value is held to it, though only code names it.
    let parts =
      (remote.shared ?? []).map(\.outFileName) + (remote.chunks ?? [:]).values.flatMap(\.self)
      + (remote.integrity ?? [:]).keys
    var names: Set<String> = [""]
    facts.assets = (facts.chunks.flatMap(\.files) + parts.sorted())
      .filter { names.insert($0).inserted }
      .map { AssetFacts(name: $0, size: nil, integrity: remote.integrity?[$0]) }
    facts.reading = Reading(source: .nativeFederation, unknown: unknown)
    return facts
  }
}

extension ImportError {
  static func badRemoteEntry(_ path: String, _ detail: String) -> ImportError {
    ImportError(
      .malformed, "cannot import '\(path)': \(detail)",
      remedy: "build the remote again with Native Federation")
  }
}
