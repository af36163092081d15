import Crypto
import FoundationEssentials
import LarderCore
import LarderFederation
import LarderRegistry

/// One build on its way into a release: what it says of itself, and all its files.
struct ReleaseBuild {
  let facts: ContainerFacts
  /// The statistics that `facts` was read from; nil where the code of the entry told.
  let stats: LarderCore.Digest?
  let files: [(path: String, blob: BlobStat)]

  /// The release that several builds of one deploy make.
  ///
  /// - Throws: `invalidBuild` for two builds of one target, for a file that the build names and
  ///   that is not among `files`, or whose size differs.
  static func draft(
    _ builds: [ReleaseBuild], of remote: RemoteName
  ) throws(ServiceError) -> ReleaseDraft {
    var lines: [String] = []
    var variants: [ReleaseVariant] = []
    for build in builds {
      try build.check(of: remote)
      guard let target = build.facts.target?.rawValue else {
        throw ServiceError(
          .invalidBuild, "neither the description nor the entry of '\(remote)' tells its target",
          remedy: "keep runtime modules in stats.json: stats: { runtimeModules: true }",
          subject: remote.description)
      }
      guard !variants.contains(where: { $0.target == target }) else {
        throw ServiceError(
          .invalidBuild, "two builds of '\(remote)' are for target \(target)",
          remedy: "name one folder or URL for each target", subject: remote.description)
      }
      lines += build.files.map {
        "\(target)\t\($0.path)\t\($0.blob.digest)\t\($0.blob.size.value)\n"
      }
      variants.append(try build.variant(of: remote, target: target))
    }
    let id = SHA256.hash(data: Data(lines.sorted().joined().utf8)).prefix(16)
    guard let id = ReleaseID(Hex.encode(Array(id))) else {
      throw ServiceError(.internal, "a release id is not one")
    }
    return ReleaseDraft(id: id, completeness: completeness(of: builds), variants: variants)
  }

  /// The least that is known of any of them.
  private static func completeness(of builds: [ReleaseBuild]) -> ReleaseCompleteness {
    let all = Set(builds.map { $0.facts.reading?.completeness ?? .exact })
    return all.contains(.open) ? .open : all.contains(.closed) ? .closed : .exact
  }

  private func check(of remote: RemoteName) throws(ServiceError) {
    let present = Dictionary(
      files.map { ($0.path, $0.blob) }, uniquingKeysWith: { first, _ in first })
    for asset in facts.assets {
      guard let blob = present[asset.name] else {
        throw ServiceError(
          .invalidBuild, "the build of '\(remote)' names '\(asset.name)', which is not there",
          remedy: "publish the whole output folder, as the build left it", subject: asset.name)
      }
      if let size = asset.size, size != blob.size.value {
        throw ServiceError(
          .truncated,
          "'\(asset.name)' of '\(remote)' has \(blob.size.value) bytes, its build wrote \(size)",
          remedy: "build again: stats.json and the files are not of one build", subject: asset.name)
      }
      if let digest = asset.digest { try Self.check(blob, asset.name, is: digest, of: remote) }
    }
    if facts.reading?.source == .lockfile {
      let locked = Set(facts.assets.map(\.name)).union([Lockfile.fileName])
      for file in files where !locked.contains(file.path) {
        throw ServiceError(
          .integrityMismatch,
          "'\(file.path)' of '\(remote)' is not in its \(Lockfile.fileName)",
          remedy: "write the lockfile again with 'larder lock', or remove the file",
          subject: file.path)
      }
    }
    guard present[facts.entry] != nil else {
      throw ServiceError(
        .invalidBuild, "the entry '\(facts.entry)' of '\(remote)' is not among its files",
        remedy: "publish the folder that holds the entry", subject: facts.entry)
    }
  }

  /// Holds a file against the digest that its build's lockfile has for it.
  static func check(
    _ blob: BlobStat, _ path: String, is digest: LarderCore.Digest,
    of remote: some CustomStringConvertible
  ) throws(ServiceError) {
    guard blob.digest != digest else { return }
    throw ServiceError(
      .integrityMismatch,
      "'\(path)' of '\(remote)' is not the file that its \(Lockfile.fileName) names",
      remedy: "build and lock again, and deploy or publish both together", subject: path)
  }

  private func variant(
    of remote: RemoteName, target: String
  ) throws(ServiceError) -> ReleaseVariant {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let text: String
    do {
      text = String(decoding: try encoder.encode(facts), as: UTF8.self)
    } catch {
      throw ServiceError(.internal, "the facts of '\(remote)' cannot be written: \(error)")
    }
    return ReleaseVariant(
      target: target, ruleSet: facts.ruleSet.rawValue, webpack: facts.webpackVersion,
      entry: facts.entry, facts: text, stats: stats,
      assets: files.map {
        ReleaseAsset(path: $0.path, blob: $0.blob, type: MediaType.of($0.path))
      })
  }
}
