import LarderCore
import LarderFederation
package import LarderMessages
import LarderRegistry
import Logging

extension Service {
  /// PUBLISH: makes a release of blobs that the realm holds, and points `current` at it; all of it or nothing.
  ///
  /// - Throws: `notFound` for a blob that was not put, `invalidBuild`, `truncated`, and what the disk refuses.
  package func publish(
    _ request: PublishMessage.Request, for peer: RealmCapability
  ) async throws(ServiceError) -> ReleaseMessage {
    let remote = try remoteName(request.name)
    guard !request.variants.isEmpty else {
      throw ServiceError(.badRequest, "'\(remote)' cannot be published without a variant")
    }
    var builds: [ReleaseBuild] = []
    for variant in request.variants {
      builds += try await self.builds(of: variant, remote: remote, for: peer)
    }
    let draft = try ReleaseBuild.draft(builds, of: remote)
    do {
      let release = try await registry.commitRelease(
        draft, of: remote, in: peer.realm, movingChannel: .current, creatingRemote: true)
      await candidates.drop(remote, in: peer.realm)
      log.info("release published", metadata: ["remote": "\(remote)", "release": "\(release.id)"])
      return try ReleaseMessage(release, isCurrent: true)
    } catch let error as RegistryError {
      throw ServiceError(error)
    } catch let error as ServiceError {
      throw error
    } catch {
      throw ServiceError(.internal, "\(error)")
    }
  }

  private func builds(
    of variant: PublishMessage.Variant, remote: RemoteName, for peer: RealmCapability
  ) async throws(ServiceError) -> [ReleaseBuild] {
    var files: [(path: String, blob: BlobStat)] = []
    var paths: Set<String> = []
    for file in variant.files {
      guard AssetPath.isPlain(file.path), paths.insert(file.path).inserted else {
        throw ServiceError(
          .badRequest, "'\(file.path.prefix(80))' is named twice, or is no path below a folder",
          remedy: "name each file once, with '/' between folders and without '..'",
          subject: file.path)
      }
      guard let stat = stat(file.digest, for: peer), stat.size == file.size else {
        throw ServiceError(
          .notFound, "'\(file.path)' of '\(remote)' was not put: \(file.digest)",
          remedy: "PUT the files first, with ack durable", subject: file.path)
      }
      files.append((file.path, stat))
    }
    let json = try await content.read(variant.stats, in: peer.readable)
    let facts = try await BuildReader(subject: remote.description).builds(
      in: json, of: remote.description
    ) { (path) throws(ServiceError) in
      guard let entry = files.first(where: { $0.path == path }) else {
        throw ServiceError(
          .invalidBuild, "the entry '\(path)' of '\(remote)' is not among its files",
          remedy: "publish the folder that holds the entry", subject: path)
      }
      let text = try await content.read(entry.blob.digest, in: peer.readable)
      if let finding = CodeEvidence.against(text, path: path) { throw finding }
      return text
    }
    return facts.map { ReleaseBuild(facts: $0, stats: variant.stats, files: files) }
  }
}
