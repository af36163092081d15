import LarderCore
import LarderFederation
package import LarderMessages
import LarderRegistry

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
    let existing: Remote?
    do { existing = try await registry.remote(remote, in: peer.realm) } catch {
      throw ServiceError(error)
    }
    if let existing, existing.urls == urls { return try await describe(existing) }
    if existing != nil { await candidates.drop(remote, in: peer.realm) }
    _ = try await candidates.candidate(of: remote, at: urls, in: peer.realm)
    do {
      let row =
        existing == nil
        ? try await registry.addRemote(remote, urls: urls, in: peer.realm)
        : try await registry.updateURLs(urls, of: remote, in: peer.realm)
      return try await describe(row)
    } catch let error as RegistryError {
      await candidates.drop(remote, in: peer.realm)
      throw ServiceError(error)
    } catch let error as ServiceError {
      throw error
    } catch {
      throw ServiceError(.internal, "\(error)")
    }
  }

  /// REMOTE update: fetches what the origin has now, all of it, and moves `current` when it is complete.
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
    let candidate = try await candidates.newest(of: remote, at: row.urls, in: peer.realm)
    if try await isCurrent(candidate) {
      await candidates.drop(remote, in: peer.realm)
    } else {
      _ = try await candidates.completion(of: candidate).value.get()
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
    let rows: [Remote]
    do { rows = try await registry.remotes(in: peer.realm) } catch { throw ServiceError(error) }
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
    do { try await registry.removeRemote(remote, in: peer.realm) } catch {
      throw ServiceError(error)
    }
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
    do {
      try await registry.setChannel(channel, of: remote, in: peer.realm, to: id)
    } catch {
      throw ServiceError(error)
    }
    return try await describe(row)
  }

  /// REMOTE rollback: points `current` at the release that it left last.
  package func rollBack(
    _ name: String?, for peer: RealmCapability
  ) async throws(ServiceError) -> RemoteMessage.Remote {
    let remote = try remoteName(name)
    let row = try await row(of: remote, in: peer.realm)
    do { _ = try await registry.rollback(of: remote, in: peer.realm) } catch {
      throw ServiceError(error)
    }
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

  /// Whether the origin describes the very deploy that `current` was made of.
  private func isCurrent(_ candidate: Candidate) async throws(ServiceError) -> Bool {
    let current: Release?
    do {
      current = try await registry.currentRelease(of: candidate.remote, in: candidate.realm)
    } catch {
      throw ServiceError(error)
    }
    return current.map { release in
      release.variants.map(\.stats) == candidate.variants.map(\.description.stat.digest)
    } ?? false
  }

  private func describe(_ row: Remote) async throws(ServiceError) -> RemoteMessage.Remote {
    let releases: [Release]
    let channels: [ChannelName: ReleaseID]
    do {
      releases = try await registry.releases(of: row.name, in: row.realm)
      channels = try await registry.channels(of: row.name, in: row.realm)
    } catch {
      throw ServiceError(error)
    }
    let current = channels[.current]
    let messages = try releases.map { (release) throws(ServiceError) in
      try ReleaseMessage(release, isCurrent: release.id == current)
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
