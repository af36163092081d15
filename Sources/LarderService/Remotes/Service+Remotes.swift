import LarderCore
import LarderFederation
package import LarderMessages
import LarderRegistry
import LarderStore

extension Service {
  /// REMOTE add: registers a remote once its origin has described it; nothing is kept if it cannot.
  package func addRemote(
    _ name: String?, urls: [String], for peer: RealmCapability
  ) async throws(ServiceError) -> RemoteMessage.Remote {
    let remote = try remoteName(name)
    guard !urls.isEmpty else {
      throw ServiceError(
        .badRequest, "'\(remote)' has no URL", remedy: "give the folder that holds its stats.json")
    }
    let existing = try await ServiceError.mapping(
      await registry.remote(remote, in: peer.realm))
    if let existing, existing.urls == urls { return try await describe(existing) }
    do throws(ServiceError) {
      _ = try await candidates.candidate(of: remote, at: urls, in: peer.realm)
      let row = try await ServiceError.mapping(
        existing == nil
          ? await registry.addRemote(remote, urls: urls, in: peer.realm)
          : await registry.updateURLs(urls, of: remote, in: peer.realm))
      return try await describe(row)
    } catch {
      // What these URLs describe is nothing that the remote has.
      await candidates.drop(remote, in: peer.realm)
      throw error
    }
  }

  /// REMOTE update: fetches what the origin has now, all of it, and moves `current` when it is
  /// complete.
  ///
  /// - Throws: why there is no new release; the current one stays.
  package func updateRemote(
    _ name: String?, for peer: RealmCapability
  ) async throws(ServiceError) -> RemoteMessage.Remote {
    let remote = try remoteName(name)
    let row = try await row(of: remote, in: peer.realm)
    guard !row.urls.isEmpty else {
      throw ServiceError(
        .badRequest, "'\(remote)' has no origin to update from",
        remedy: "publish a new release with 'larder publish \(remote) DIR'",
        subject: remote.description)
    }
    try await candidates.update(remote, at: row.urls, in: peer.realm) {
      (found) async throws(ServiceError) in
      try await self.isCurrent(remote, in: peer.realm, described: found)
    }
    return try await describe(row)
  }

  /// REMOTE show.
  package func showRemote(
    _ name: String?, for peer: RealmCapability
  ) async throws(ServiceError) -> RemoteMessage.Remote {
    try await describe(try await row(of: remoteName(name), in: peer.realm))
  }

  /// REMOTE list, sorted by name.
  package func listRemotes(
    for peer: RealmCapability
  ) async throws(ServiceError) -> RemoteMessage.List {
    let rows = try await ServiceError.mapping(
      await registry.remotes(in: peer.realm))
    var remotes: [RemoteMessage.Remote] = []
    for row in rows { remotes.append(try await describe(row)) }
    return RemoteMessage.List(remotes: remotes)
  }

  /// REMOTE remove: the remote with its releases; sessions keep what they use.
  package func removeRemote(
    _ name: String?, for peer: RealmCapability
  ) async throws(ServiceError) {
    let remote = try remoteName(name)
    _ = try await row(of: remote, in: peer.realm)
    await candidates.drop(remote, in: peer.realm)
    try await ServiceError.mapping(
      await registry.removeRemote(remote, in: peer.realm))
    await candidates.drop(remote, in: peer.realm)
  }

  /// REMOTE channel: points a channel at a release that the remote keeps.
  package func setChannel(
    _ channel: String?, to release: String?, of name: String?, for peer: RealmCapability
  ) async throws(ServiceError) -> RemoteMessage.Remote {
    let remote = try remoteName(name)
    let row = try await row(of: remote, in: peer.realm)
    guard let channel = channel.flatMap(ChannelName.init), let id = release.flatMap(ReleaseID.init)
    else {
      throw ServiceError(
        .badRequest, "a channel takes a name and a release of 32 hexadecimal digits",
        remedy: "'larder remote show \(remote)' lists the releases", subject: remote.description)
    }
    try await ServiceError.mapping(
      await registry.setChannel(channel, of: remote, in: peer.realm, to: id))
    return try await describe(row)
  }

  /// REMOTE rollback: points `current` at the release that it left last.
  package func rollBack(
    _ name: String?, for peer: RealmCapability
  ) async throws(ServiceError) -> RemoteMessage.Remote {
    let remote = try remoteName(name)
    let row = try await row(of: remote, in: peer.realm)
    _ = try await ServiceError.mapping(
      await registry.rollback(of: remote, in: peer.realm))
    return try await describe(row)
  }

  /// REMOTE inspect: what builds at these URLs say of themselves; nothing is stored or registered.
  package func inspect(
    _ urls: [String], for peer: RealmCapability
  ) async throws(ServiceError) -> RemoteMessage.Inspection {
    guard !urls.isEmpty else {
      throw ServiceError(
        .badRequest, "inspect takes the URL of a folder that holds a stats.json")
    }
    return RemoteMessage.Inspection(variants: try await descriptions.inspect(urls))
  }

  /// Whether the origin describes the very deploy that `current` was made of, and all of that is
  /// here still.
  private func isCurrent(
    _ remote: RemoteName, in realm: RealmID, described found: [Description]
  ) async throws(ServiceError) -> Bool {
    let current = try await ServiceError.mapping(
      await registry.currentRelease(of: remote, in: realm))
    guard let current, Set(current.variants.map(\.stats)) == Set(found.map(\.stat.digest)) else {
      return false
    }
    // A blob that failed its check is gone: an update fetches it anew.
    return current.digests.allSatisfy { content.store.stat($0, in: [realm]) != nil }
  }

  private func describe(_ row: Remote) async throws(ServiceError) -> RemoteMessage.Remote {
    let releases = try await ServiceError.mapping(
      await registry.releases(of: row.name, in: row.realm))
    let channels = try await ServiceError.mapping(
      await registry.channels(of: row.name, in: row.realm))
    let current = channels[.current]
    let messages = try releases.map { (release) throws(ServiceError) in
      ReleaseMessage(
        release, try recorded.decoded(release, in: row.realm), isCurrent: release.id == current)
    }
    let candidate = await candidates.state(of: row.name, in: row.realm)
    let state: RemoteMessage.State =
      switch candidate?.state {
      case .announced: current == nil ? .announced : .complete
      case .fetching: .fetching
      case .failed: .failed
      case nil: current == nil ? .announced : .complete
      }
    return RemoteMessage.Remote(
      name: row.name.description, urls: row.urls, state: state, message: candidate?.message,
      current: messages.first(where: \.current),
      channels: Dictionary(
        channels.map { ($0.key.description, $0.value.description) },
        uniquingKeysWith: { first, _ in first }),
      releases: messages)
  }
}
