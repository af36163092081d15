import LarderCore
package import LarderMessages
import LarderRegistry

extension Service {
  /// REMOTE contents: the facts and files of a release: of `release`, or of the one that `channel`
  /// points at, which is `current` unless another is named.
  ///
  /// - Throws: `unknownRemote`; `notFound` for a release or channel that the remote does not have.
  package func contents(
    of name: String?, release: String?, channel: String?, for peer: RealmCapability
  ) async throws(ServiceError) -> RemoteMessage.Contents {
    let remote = try remoteName(name)
    let home = try await home(of: remote, for: peer)
    _ = try await row(of: remote, in: home)
    let id = try await releaseID(release, channel: channel, of: remote, in: home)
    guard
      let row = try await ServiceError.mapping(
        await registry.release(id, of: remote, in: home))
    else {
      throw ServiceError(
        .notFound, "'\(remote)' has no release \(id)",
        remedy: "'larder remote show \(remote)' lists the releases", subject: remote.description)
    }
    let decoded = try recorded.decoded(row, in: home)
    return RemoteMessage.Contents(
      name: remote.description, release: id.description,
      variants: zip(row.variants, decoded.variants).map { variant, facts in
        RemoteMessage.Contents.Variant(
          facts: facts, stats: variant.stats,
          files: variant.assets.map {
            PublishMessage.File(path: $0.path, digest: $0.blob.digest, size: $0.blob.size)
          })
      })
  }

  private func releaseID(
    _ release: String?, channel: String?, of remote: RemoteName, in realm: RealmID
  ) async throws(ServiceError) -> ReleaseID {
    if let release {
      guard channel == nil, let id = ReleaseID(release) else {
        throw ServiceError(
          .badRequest, "contents takes a release of 32 hexadecimal digits, or a channel",
          subject: remote.description)
      }
      return id
    }
    let channels = try await ServiceError.mapping(
      await registry.channels(of: remote, in: realm))
    guard let name = channel.map(ChannelName.init) ?? .current, let id = channels[name] else {
      throw ServiceError(
        .notFound, "'\(remote)' has no channel '\(channel ?? "current")'",
        remedy:
          "'larder remote show \(remote)' lists the channels, 'larder remote update \(remote)' "
          + "makes a release", subject: remote.description)
    }
    return id
  }
}
