import LarderCore
package import LarderMessages
import LarderRegistry

extension Service {
  /// Remotes that one WATCH names: twice those of the largest hosts.
  static let watchedMax = 256

  /// WATCH: waits until a channel of one of the remotes points elsewhere than is known.
  ///
  /// No move is lost: the wait begins before the first look, and each commit that may have moved a
  /// channel leads to another look.
  /// - Throws: `badRequest`, `busy` past `MoveWatchers.waitsMax`, `shuttingDown` when waits are
  ///   ended or the task is cancelled.
  package func watch(
    _ request: WatchMessage.Request, for peer: RealmCapability
  ) async throws(ServiceError) -> WatchMessage.Reply {
    let known = request.known
    guard (1...Self.watchedMax).contains(known.count) else {
      throw ServiceError(
        .badRequest, "WATCH takes 1 to \(Self.watchedMax) remotes in 'known', not \(known.count)")
    }
    guard let channel = ChannelName(request.channel ?? ChannelName.current.description) else {
      throw ServiceError(
        .badRequest, "'\(request.channel?.prefix(80) ?? "")' is not a channel's name",
        remedy: "leave 'channel' out for 'current'", subject: request.channel)
    }
    let remotes = try Set(known.keys.map { (name) throws(ServiceError) in try remoteName(name) })
    let wait = try watchers.join(remotes, in: peer.readable)
    defer { watchers.leave(wait) }
    for await _ in wait.moves {
      let releases = try await releases(at: channel, of: remotes, for: peer)
      let moved = Dictionary(
        uniqueKeysWithValues: remotes.map { ($0.description, releases[$0]?.description) }
      ).filter { known[$0.key] != .some($0.value) }
      if !moved.isEmpty { return WatchMessage.Reply(moved: moved) }
    }
    throw ServiceError(
      .shuttingDown, "the daemon is about to end", remedy: "watch again when it is back")
  }

  /// Where the channels point, of those remotes that have one of that name.
  private func releases(
    at channel: ChannelName, of remotes: Set<RemoteName>, for peer: RealmCapability
  ) async throws(ServiceError) -> [RemoteName: ReleaseID] {
    var homes: [RealmID: Set<RemoteName>] = [:]
    for remote in remotes {
      homes[try await home(of: remote, for: peer), default: []].insert(remote)
    }
    var releases: [RemoteName: ReleaseID] = [:]
    for (realm, remotes) in homes {
      let found = try await ServiceError.mapping(
        await registry.releases(at: channel, of: remotes, in: realm))
      releases.merge(found) { first, _ in first }
    }
    return releases
  }

  /// Ends every WATCH and all listening to events, and those to come: for a daemon that is about to
  /// end.
  package func endWatches() {
    watchers.end()
    events.end()
  }
}
