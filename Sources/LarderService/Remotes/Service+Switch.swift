import LarderCore
package import LarderMessages
import LarderRegistry

/// Channels of several remotes that move in one transaction: whoever looks sees all of them moved,
/// or none.
extension Service {
  /// As many as one WATCH may know of.
  static let switchedMax = Service.watchedMax

  /// REMOTE switch: points a channel of several remotes at releases that they keep.
  ///
  /// - Throws: `badRequest`, `notFound`, `unknownRemote`, `notPermitted`; then nothing moved.
  package func switchChannel(
    _ channel: String?, to releases: [String: String], for peer: RealmCapability
  ) async throws(ServiceError) -> RemoteMessage.List {
    guard let channel = ChannelName(channel ?? ChannelName.current.description) else {
      throw ServiceError(.badRequest, "'\(channel ?? "")' is no name of a channel")
    }
    var moves: [RemoteName: ReleaseID] = [:]
    let rows = try await rows(toSwitch: releases.keys.sorted(), for: peer)
    for row in rows {
      guard let text = releases[row.name.description], let id = ReleaseID(text) else {
        throw ServiceError(
          .badRequest, "a release has 32 hexadecimal digits",
          remedy: "'larder remote show \(row.name)' lists the releases",
          subject: row.name.description)
      }
      moves[row.name] = id
    }
    try await ServiceError.mapping(
      await registry.setChannel(channel, in: peer.realm, to: moves))
    for (remote, release) in moves.sorted(by: { $0.key < $1.key }) {
      events.note(.moved, remote, channel: channel, release: release, in: peer.realm)
    }
    return try await described(rows, for: peer)
  }

  /// REMOTE rollback of several: points `current` of each at the release that it left last.
  ///
  /// - Throws: as `switchChannel`.
  package func rollBack(
    _ names: [String], for peer: RealmCapability
  ) async throws(ServiceError) -> RemoteMessage.List {
    let rows = try await rows(toSwitch: Set(names).sorted(), for: peer)
    let releases = try await ServiceError.mapping(
      await registry.rollback(of: rows.map(\.name), in: peer.realm))
    for release in releases {
      events.note(
        .moved, release.remote, channel: .current, release: release.id, in: peer.realm)
    }
    return try await described(rows, for: peer)
  }

  private func rows(
    toSwitch names: [String], for peer: RealmCapability
  ) async throws(ServiceError) -> [Remote] {
    guard (1...Service.switchedMax).contains(names.count) else {
      throw ServiceError(
        .badRequest, "1 to \(Service.switchedMax) remotes move together, not \(names.count)")
    }
    var rows: [Remote] = []
    for name in names {
      rows.append(try await row(toChange: try remoteName(name), for: peer))
    }
    return rows
  }

  private func described(
    _ rows: [Remote], for peer: RealmCapability
  ) async throws(ServiceError) -> RemoteMessage.List {
    var remotes: [RemoteMessage.Remote] = []
    for row in rows { remotes.append(try await describe(row, for: peer)) }
    return RemoteMessage.List(remotes: remotes)
  }
}
