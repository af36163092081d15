import GRDB
package import LarderCore

extension Registry {
  /// Where the remote's channels point.
  ///
  /// - Throws: `notFound` for an unknown remote.
  package func channels(
    of name: RemoteName, in realm: RealmID
  ) async throws(RegistryError) -> [ChannelName: ReleaseID] {
    try await read("listing the channels of '\(name)'") { db in
      let remote = try RemoteRow.require(db, name, in: realm)
      var answer: [ChannelName: ReleaseID] = [:]
      for row in try ChannelRow.all(db, where: "remote = ?", [remote.id]) {
        answer[row.value.name] = try ReleaseRow.require(db, id: row.value.release).value.id
      }
      return answer
    }
  }

  /// Where a channel of each of these remotes points; a remote that has none, or is not registered,
  /// is left out.
  package func releases(
    at channel: ChannelName, of names: Set<RemoteName>, in realm: RealmID
  ) async throws(RegistryError) -> [RemoteName: ReleaseID] {
    try await read("looking up channel '\(channel)' of \(names.count) remotes") { db in
      var answer: [RemoteName: ReleaseID] = [:]
      for name in names {
        guard let remote = try RemoteRow.find(db, name, in: realm),
          let row = try ChannelRow.find(db, channel, of: remote.id)
        else { continue }
        answer[name] = try ReleaseRow.require(db, id: row.value.release).value.id
      }
      return answer
    }
  }

  /// Points a channel at a release that the remote keeps; makes the channel if there is none.
  ///
  /// - Throws: `notFound`, `limit` past `channelsMax`.
  package func setChannel(
    _ channel: ChannelName, of name: RemoteName, in realm: RealmID, to id: ReleaseID
  ) async throws(RegistryError) {
    let time = now()
    let limits = limits
    defer { channelsMoved(of: name, in: realm) }
    try await write("moving channel '\(channel)' of '\(name)' to \(id)") { db in
      let remote = try RemoteRow.require(db, name, in: realm)
      guard let release = try ReleaseRow.find(db, id, of: remote.id) else {
        throw RegistryError.unknownRelease(id, of: name)
      }
      try ChannelRow.move(db, channel, of: remote.id, to: release.id, at: time, limits: limits)
    }
  }

  /// Points a channel back at the release that it left last; doing it again goes further back.
  ///
  /// - Throws: `notFound` if the remote or the channel is unknown, or no release that it left is
  ///   kept.
  package func rollback(
    _ channel: ChannelName = .current, of name: RemoteName, in realm: RealmID
  ) async throws(RegistryError) -> Release {
    let time = now()
    defer { channelsMoved(of: name, in: realm) }
    return try await write("rolling back channel '\(channel)' of '\(name)'") { db in
      let remote = try RemoteRow.require(db, name, in: realm)
      guard let row = try ChannelRow.find(db, channel, of: remote.id),
        let move = try ChannelMoveRow.first(db, where: "channel = ? ORDER BY id DESC", [row.id])
      else {
        throw RegistryError(
          .notFound, "channel '\(channel)' of '\(name)' has no earlier release to go back to",
          remedy: "`larder remote show \(name)` lists the releases that are kept")
      }
      try db.execute(sql: "DELETE FROM channel_moves WHERE id = ?", arguments: [move.id])
      let release = move.value.leftRelease
      try ChannelRow(remote: remote.id, name: channel, release: release, movedAt: time)
        .update(db, id: row.id)
      return try ReleaseRow.require(db, id: release).release(db, of: name)
    }
  }
}

extension ChannelRow {
  /// The channel of that name; nil if there is none.
  static func find(
    _ db: Database, _ name: ChannelName, of remote: Int64
  ) throws -> Keyed<ChannelRow>? {
    try first(db, where: "remote = ? AND name = ?", [remote, name.description])
  }

  /// Points the channel at `release` and remembers what it left; nothing happens if it is there
  /// already.
  static func move(
    _ db: Database, _ name: ChannelName, of remote: Int64, to release: Int64, at time: Int64,
    limits: RegistryLimits
  ) throws {
    let row = ChannelRow(remote: remote, name: name, release: release, movedAt: time)
    guard let old = try find(db, name, of: remote) else {
      let count =
        try Int.fetchOne(
          db, sql: "SELECT count(*) FROM channels WHERE remote = ?", arguments: [remote]) ?? 0
      guard count < limits.channelsMax else {
        throw RegistryError(
          .limit, "making channel '\(name)' would exceed channelsMax (\(limits.channelsMax))",
          remedy: "move a channel that exists")
      }
      try row.insert(db)
      return
    }
    if old.value.release == release { return }
    try row.update(db, id: old.id)
    try ChannelMoveRow(channel: old.id, leftRelease: old.value.release, movedAt: time).insert(db)
    try db.execute(
      sql: """
        DELETE FROM channel_moves WHERE channel = ?1 AND id NOT IN
          (SELECT id FROM channel_moves WHERE channel = ?1 ORDER BY id DESC LIMIT ?2)
        """, arguments: [old.id, limits.channelMovesMax])
  }
}
