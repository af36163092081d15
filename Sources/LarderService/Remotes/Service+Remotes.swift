import LarderCore
import LarderFederation
package import LarderMessages
import LarderRegistry
import LarderStore

extension Service {
  /// REMOTE add: registers a remote once its origin has described it; nothing is kept if it cannot.
  ///
  /// - Parameter seconds: as REMOTE update's.
  package func addRemote(
    _ name: String?, urls: [String], every seconds: Int64? = nil, for peer: RealmCapability
  ) async throws(ServiceError) -> RemoteMessage.Remote {
    try peer.require(.publish, to: "register remotes")
    let remote = try remoteName(name)
    guard !urls.isEmpty else {
      throw ServiceError(
        .badRequest, "'\(remote)' has no URL",
        remedy: "give the folder that holds its stats.json, or the URL of its entry")
    }
    if let seconds { try Service.check(interval: seconds) }
    let existing = try await ServiceError.mapping(
      await registry.remote(remote, in: peer.realm))
    if let existing, existing.urls == urls {
      try await schedule(existing, every: seconds)
      return try await describe(existing, for: peer)
    }
    do throws(ServiceError) {
      let candidate = try await candidates.candidate(of: remote, at: urls, in: peer.realm)
      let row = try await ServiceError.mapping(
        existing == nil
          ? await registry.addRemote(remote, urls: urls, in: peer.realm)
          : await registry.updateURLs(urls, of: remote, in: peer.realm))
      events.note(.registered, remote, in: peer.realm)
      try await schedule(row, every: seconds)
      var answer = try await describe(row, for: peer)
      answer.warnings = candidate.warnings.isEmpty ? nil : candidate.warnings
      return answer
    } catch {
      // What these URLs describe is nothing that the remote has.
      await candidates.drop(remote, in: peer.realm)
      throw error
    }
  }

  /// REMOTE update: fetches what the origin has now, all of it, and moves `current` when it is
  /// complete.
  ///
  /// - Parameter seconds: how often it is updated by itself from now on, whatever comes of this
  ///   update; 0 for never, nil for as before.
  /// - Throws: why there is no new release; the current one stays.
  package func updateRemote(
    _ name: String?, every seconds: Int64? = nil, for peer: RealmCapability
  ) async throws(ServiceError) -> RemoteMessage.Remote {
    let remote = try remoteName(name)
    let row = try await row(toChange: remote, for: peer)
    guard !row.urls.isEmpty else {
      throw ServiceError(
        .badRequest, "'\(remote)' has no origin to update from",
        remedy: "publish a new release with 'larder publish \(remote) DIR'",
        subject: remote.description)
    }
    if seconds != nil { try await schedule(row, every: seconds) }
    let subject = UpdateSchedule.Subject(realm: peer.realm, remote: remote)
    do throws(ServiceError) {
      try await candidates.update(remote, at: row.urls, in: peer.realm) {
        (found) async throws(ServiceError) in
        try await self.isCurrent(remote, in: peer.realm, described: found)
      }
    } catch {
      await updates.note(.failure(error), of: subject)
      throw error
    }
    await updates.note(.success(nil), of: subject)
    return try await describe(row, for: peer)
  }

  /// REMOTE show.
  package func showRemote(
    _ name: String?, for peer: RealmCapability
  ) async throws(ServiceError) -> RemoteMessage.Remote {
    let remote = try remoteName(name)
    let home = try await home(of: remote, for: peer)
    return try await describe(try await row(of: remote, in: home), for: peer)
  }

  /// REMOTE list, sorted by name: the realm's own, and those of its parents that it has no remote
  /// of that name instead of.
  package func listRemotes(
    for peer: RealmCapability
  ) async throws(ServiceError) -> RemoteMessage.List {
    var rows: [RemoteName: Remote] = [:]
    for realm in peer.readable {
      for row in try await ServiceError.mapping(await registry.remotes(in: realm)) {
        rows[row.name] = rows[row.name] ?? row
      }
    }
    var remotes: [RemoteMessage.Remote] = []
    for row in rows.values.sorted(by: { $0.name < $1.name }) {
      do throws(ServiceError) { remotes.append(try await describe(row, for: peer)) } catch {
        // Removed since the names were read: it is no longer one of the list.
        guard error.code == .notFound else { throw error }
      }
    }
    return RemoteMessage.List(remotes: remotes)
  }

  /// REMOTE remove: the remote with its releases; sessions keep what they use.
  package func removeRemote(
    _ name: String?, for peer: RealmCapability
  ) async throws(ServiceError) {
    let remote = try remoteName(name)
    _ = try await row(toChange: remote, for: peer)
    await candidates.drop(remote, in: peer.realm)
    try await ServiceError.mapping(
      await registry.removeRemote(remote, in: peer.realm))
    events.note(.removed, remote, in: peer.realm)
    await updates.remove(UpdateSchedule.Subject(realm: peer.realm, remote: remote))
    await candidates.drop(remote, in: peer.realm)
  }

  /// REMOTE channel: points a channel at a release that the remote keeps.
  package func setChannel(
    _ channel: String?, to release: String?, of name: String?, for peer: RealmCapability
  ) async throws(ServiceError) -> RemoteMessage.Remote {
    let remote = try remoteName(name)
    let row = try await row(toChange: remote, for: peer)
    guard let channel = channel.flatMap(ChannelName.init), let id = release.flatMap(ReleaseID.init)
    else {
      throw ServiceError(
        .badRequest, "a channel takes a name and a release of 32 hexadecimal digits",
        remedy: "'larder remote show \(remote)' lists the releases", subject: remote.description)
    }
    try await ServiceError.mapping(
      await registry.setChannel(channel, of: remote, in: peer.realm, to: id))
    events.note(.moved, remote, channel: channel, release: id, in: peer.realm)
    return try await describe(row, for: peer)
  }

  /// REMOTE rollback: points `current` at the release that it left last.
  package func rollBack(
    _ name: String?, for peer: RealmCapability
  ) async throws(ServiceError) -> RemoteMessage.Remote {
    let remote = try remoteName(name)
    let row = try await row(toChange: remote, for: peer)
    let release = try await ServiceError.mapping(
      await registry.rollback(of: remote, in: peer.realm))
    events.note(.moved, remote, channel: .current, release: release.id, in: peer.realm)
    return try await describe(row, for: peer)
  }

  /// REMOTE inspect: what builds at these URLs say of themselves; nothing is stored or registered.
  package func inspect(
    _ urls: [String], for peer: RealmCapability
  ) async throws(ServiceError) -> RemoteMessage.Inspection {
    try peer.require(.publish, to: "inspect origins")
    guard !urls.isEmpty else {
      throw ServiceError(
        .badRequest, "inspect takes the URL of a folder that holds a stats.json")
    }
    return RemoteMessage.Inspection(variants: try await descriptions.inspect(urls, in: peer.realm))
  }

  /// Whether the origin describes the very deploy that `current` was made of, and all of that is
  /// here still.
  func isCurrent(
    _ remote: RemoteName, in realm: RealmID, described found: [Description]
  ) async throws(ServiceError) -> Bool {
    let current = try await ServiceError.mapping(
      await registry.currentRelease(of: remote, in: realm))
    guard let current else { return false }
    // What a poorer source tells of is no better release: nobody asked for it.
    if current.variants.contains(where: { $0.stats != nil }), !found.contains(where: \.isStatistics)
    {
      throw ServiceError(
        .originUnavailable, "the origin of '\(remote)' has no \(Description.fileName) any more",
        remedy: "deploy it again; or remove the remote, and add it by the URL of its entry",
        subject: remote.description)
    }
    guard current.isDescribed(by: found) else { return false }
    // A blob that failed its check is gone: an update fetches it anew.
    return current.digests.allSatisfy { content.store.stat($0, in: [realm]) != nil }
  }

  /// A remote with its state, channels and releases.
  func describe(
    _ row: Remote, for peer: RealmCapability
  ) async throws(ServiceError) -> RemoteMessage.Remote {
    // In this order, since a release that a channel names stays, and a new one may come between.
    let channels = try await ServiceError.mapping(
      await registry.channels(of: row.name, in: row.realm))
    let releases = try await ServiceError.mapping(
      await registry.releases(of: row.name, in: row.realm))
    let current = channels[.current]
    let messages = try releases.map { (release) throws(ServiceError) in
      ReleaseMessage(
        release, try recorded.decoded(release, in: row.realm), isCurrent: release.id == current)
    }
    let isComplete = messages.contains(where: \.current)
    let candidate = await candidates.state(of: row.name, in: row.realm)
    let state: RemoteMessage.State =
      switch candidate?.state {
      case .announced, nil: isComplete ? .complete : .announced
      case .fetching: .fetching
      case .failed: .failed
      }
    return RemoteMessage.Remote(
      name: row.name.description, urls: row.urls, state: state, message: candidate?.message,
      current: messages.first(where: \.current),
      channels: Dictionary(
        channels.map { ($0.key.description, $0.value.description) },
        uniquingKeysWith: { first, _ in first }),
      releases: messages, updates: await updates(of: row),
      retention: RemoteMessage.Retention(registry.retention(in: row.realm)),
      realm: row.realm == peer.realm ? nil : peer.name(of: row.realm))
  }
}
