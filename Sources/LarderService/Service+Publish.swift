import LarderCore
import LarderFederation
package import LarderMessages
import LarderRegistry
import Logging

extension Service {
  /// PUBLISH: makes a release of blobs that the peer can read, and points `current` at it; all of it
  /// or nothing. What only a parent has is copied: a release does not end with another realm's.
  ///
  /// - Throws: `notPermitted`, `notFound` for a blob that was not put, `invalidBuild`, `truncated`,
  ///   `notJavaScript`, and what the disk refuses.
  package func publish(
    _ request: PublishMessage.Request, for peer: RealmCapability
  ) async throws(ServiceError) -> ReleaseMessage {
    try peer.require(.publish, to: "publish")
    let remote = try remoteName(request.name)
    guard !request.variants.isEmpty else {
      throw ServiceError(.badRequest, "'\(remote)' cannot be published without a variant")
    }
    var builds: [ReleaseBuild] = []
    for variant in request.variants {
      builds += try await self.builds(of: variant, remote: remote, for: peer)
    }
    let draft = try ReleaseBuild.draft(builds, of: remote)
    // A deploy that is being fetched is older than what is published now.
    await candidates.drop(remote, in: peer.realm)
    let release = try await ServiceError.mapping(
      await registry.commitRelease(
        draft, of: remote, in: peer.realm, movingChannel: .current, creatingRemote: true,
        inUse: sessions.releases(of: remote, in: peer.realm)))
    log.info("release published", metadata: ["remote": "\(remote)", "release": "\(release.id)"])
    events.note(.recorded, remote, release: release.id, in: peer.realm)
    return ReleaseMessage(release, try recorded.decoded(release, in: peer.realm), isCurrent: true)
  }

  private func builds(
    of variant: PublishMessage.Variant, remote: RemoteName, for peer: RealmCapability
  ) async throws(ServiceError) -> [ReleaseBuild] {
    let files = try present(variant.files, of: remote, for: peer)
    let reader = BuildReader(subject: remote.description, content: content)
    guard let path = variant.stats.map({ _ in StatsImporter.fileName }) ?? variant.entry else {
      throw ServiceError(
        .badRequest, "a variant of '\(remote)' has neither 'stats' nor 'entry'",
        remedy: "name the stats.json of the build, or the path of its entry",
        subject: remote.description)
    }
    var blobs = Dictionary(files.map { ($0.path, $0.blob.digest) }) { first, _ in first }
    if let stats = variant.stats { blobs[StatsImporter.fileName] = stats }
    guard blobs[path] != nil else {
      throw ServiceError(
        .invalidBuild, "the entry '\(path)' of '\(remote)' is not among its files",
        remedy: "publish the folder that holds the entry", subject: path)
    }
    let digests = blobs
    let builds = try await reader.containers(
      at: path, among: Set(digests.keys), of: remote.description
    ) { (paths) throws(ServiceError) in
      var found: [String: [UInt8]] = [:]
      for path in paths {
        guard let digest = digests[path] else { continue }
        let text = try await self.text(digest, path, of: remote, for: peer)
        if let finding = CodeEvidence.against(text, path: path) { throw finding }
        found[path] = text
      }
      return found
    }
    for facts in builds {
      let assets = Dictionary(facts.assets.map { ($0.name, $0) }) { first, _ in first }
      for file in files {
        try await content.examine(file.blob, as: file.path, of: facts, in: peer.readable)
        if let asset = assets[file.path] {
          try await content.verify(file.blob, as: asset, in: peer.readable)
        }
      }
    }
    for digest in [variant.stats].compactMap(\.self) + files.map(\.blob.digest) {
      try await content.adopt(digest, from: peer.readable, into: peer.realm)
    }
    return builds.map { ReleaseBuild(facts: $0, stats: variant.stats, files: files) }
  }

  /// The files with the sizes that the store has for them.
  private func present(
    _ files: [PublishMessage.File], of remote: RemoteName, for peer: RealmCapability
  ) throws(ServiceError) -> [(path: String, blob: BlobStat)] {
    var paths: Set<String> = []
    return try files.map { (file) throws(ServiceError) in
      guard AssetPath.isPlain(file.path), paths.insert(file.path).inserted else {
        throw ServiceError(
          .badRequest, "'\(file.path.prefix(80))' is named twice, or is no path below a folder",
          remedy: "name each file once, with '/' between folders and without '..'",
          subject: file.path)
      }
      let stat = try put(file.digest, file.path, of: remote, for: peer)
      guard stat.size == file.size else {
        throw ServiceError(
          .truncated,
          "'\(file.path)' of '\(remote)' has \(stat.size.value) bytes, not \(file.size.value)",
          remedy: "PUT the file again, and name the size that was answered", subject: file.path)
      }
      return (file.path, stat)
    }
  }

  private func put(
    _ digest: Digest, _ path: String, of remote: RemoteName, for peer: RealmCapability
  ) throws(ServiceError) -> BlobStat {
    guard let stat = stat(digest, for: peer) else {
      throw ServiceError(
        .notFound, "'\(path)' of '\(remote)' was not put: \(digest)",
        remedy: "PUT the files first, with ack durable", subject: path)
    }
    return stat
  }

  /// A file that is read whole.
  private func text(
    _ digest: Digest, _ path: String, of remote: RemoteName, for peer: RealmCapability
  ) async throws(ServiceError) -> [UInt8] {
    let stat = try put(digest, path, of: remote, for: peer)
    guard stat.size <= BuildReader.textSizeMax else {
      throw ServiceError(
        .tooLarge, "'\(path)' of '\(remote)' exceeds \(BuildReader.textSizeMax)",
        remedy: "split the build", subject: path)
    }
    return try await content.read(digest, in: peer.readable)
  }
}
