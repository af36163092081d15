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

  /// Points a channel of each remote at a release that it keeps, of all or of none; makes the channel
  /// where there is none.
  ///
  /// - Throws: `notFound`, `limit` past `channelsMax`.
  package func setChannel(
    _ channel: ChannelName, in realm: RealmID, to releases: [RemoteName: ReleaseID]
  ) async throws(RegistryError) {
    let time = now()
    let limits = limits
    let moves = releases.sorted { $0.key < $1.key }
    defer { for (name, _) in moves { channelsMoved(of: name, in: realm) } }
    try await write("moving channel '\(channel)' of \(Self.list(moves.map(\.key)))") { db in
      for (name, id) in moves {
        let remote = try RemoteRow.require(db, name, in: realm)
        guard let release = try ReleaseRow.find(db, id, of: remote.id) else {
          throw RegistryError.unknownRelease(id, of: name)
        }
        try ChannelRow.move(db, channel, of: remote.id, to: release.id, at: time, limits: limits)
      }
    }
  }

  /// As above, of one remote.
  package func setChannel(
    _ channel: ChannelName, of name: RemoteName, in realm: RealmID, to id: ReleaseID
  ) async throws(RegistryError) {
    try await setChannel(channel, in: realm, to: [name: id])
  }

  /// Points a channel of each remote back at the release that it left last, of all or of none; doing
  /// it again goes further back.
  ///
  /// - Returns: these releases, in the order of the names.
  /// - Throws: `notFound` if a remote or its channel is unknown, or no release that it left is kept.
  @discardableResult
  package func rollback(
    _ channel: ChannelName = .current, of names: [RemoteName], in realm: RealmID
  ) async throws(RegistryError) -> [Release] {
    let time = now()
    defer { for name in names { channelsMoved(of: name, in: realm) } }
    return try await write("rolling back channel '\(channel)' of \(Self.list(names))") { db in
      try names.map { name in
        let remote = try RemoteRow.require(db, name, in: realm)
        guard let release = try ChannelRow.moveBack(db, channel, of: remote.id, at: time) else {
          throw RegistryError(
            .notFound, "channel '\(channel)' of '\(name)' has no earlier release to go back to",
            remedy: "`larder remote show \(name)` lists the releases that are kept")
        }
        return try ReleaseRow.require(db, id: release).release(db, of: name)
      }
    }
  }

  /// As above, of one remote.
  package func rollback(
    _ channel: ChannelName = .current, of name: RemoteName, in realm: RealmID
  ) async throws(RegistryError) -> Release {
    try await rollback(channel, of: [name], in: realm)[0]
  }

  private static func list(_ names: [RemoteName]) -> String {
    names.map { "'\($0)'" }.joined(separator: ", ")
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

  /// Points the channel at the release that it left last, and forgets that it did.
  ///
  /// - Returns: that release's row; nil if there is no channel, or it left none that is kept.
  static func moveBack(
    _ db: Database, _ name: ChannelName, of remote: Int64, at time: Int64
  ) throws -> Int64? {
    guard let row = try find(db, name, of: remote),
      let move = try ChannelMoveRow.first(db, where: "channel = ? ORDER BY id DESC", [row.id])
    else { return nil }
    try db.execute(sql: "DELETE FROM channel_moves WHERE id = ?", arguments: [move.id])
    try ChannelRow(remote: remote, name: name, release: move.value.leftRelease, movedAt: time)
      .update(db, id: row.id)
    return move.value.leftRelease
  }
}
