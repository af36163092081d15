import GRDB
package import LarderCore

extension Registry {
  /// Makes a release of a remote, and moves a channel to it, in one transaction.
  ///
  /// The barrier passes first. A release that the remote has under this id stays as it is, becomes
  /// the newest, and the channel moves. Afterwards the oldest releases beyond the realm's retention
  /// go, unless a channel points at them, they are pinned, or `inUse` names them.
  /// - Parameters:
  ///   - channel: nil to move none.
  ///   - creatingRemote: whether to register the remote, without URLs, if it is not; a fetch in the
  ///     background leaves this off, so that a remote that was removed meanwhile does not come
  ///     back.
  ///   - inUse: releases that sessions hold.
  /// - Throws: `notFound` for an unknown remote, `invalid` or `limit` for the draft, `notSynced`,
  ///   `noSpace`, `io`: then nothing has changed.
  package func commitRelease(
    _ draft: ReleaseDraft, of name: RemoteName, in realm: RealmID,
    movingChannel channel: ChannelName?, creatingRemote: Bool = false, inUse: Set<ReleaseID> = []
  ) async throws(RegistryError) -> Release {
    try draft.check(limits)
    let time = now()
    let limits = limits
    let rule = RetentionRule(retention(in: realm), limits, now: time)
    let attempt = "committing release \(draft.id) of '\(name)'"
    defer { channelsMoved(of: name, in: realm) }
    return try await write(attempt, naming: draft.digests, in: realm) { db in
      let remote =
        if creatingRemote, try RemoteRow.find(db, name, in: realm) == nil {
          try RemoteRow.make(db, name, urls: [], in: realm, at: time, max: limits.remotesMax)
        } else {
          try RemoteRow.require(db, name, in: realm)
        }
      let row = try ReleaseRow.put(db, draft, of: remote.id, at: time)
      if let channel {
        try ChannelRow.move(db, channel, of: remote.id, to: row.id, at: time, limits: limits)
      }
      try ReleaseRow.prune(db, remote: remote.id, keeping: row.id, inUse: inUse, under: rule)
      return try row.release(db, of: name)
    }
  }

  /// The release of that id; nil if the remote has none, or is not registered.
  package func release(
    _ id: ReleaseID, of name: RemoteName, in realm: RealmID
  ) async throws(RegistryError) -> Release? {
    try await read("reading release \(id) of '\(name)'") { db in
      guard let remote = try RemoteRow.find(db, name, in: realm) else { return nil }
      return try ReleaseRow.find(db, id, of: remote.id)?.release(db, of: name)
    }
  }

  /// The release that channel `current` of the remote points at; nil if there is none yet.
  ///
  /// - Throws: `notFound` for an unknown remote.
  package func currentRelease(
    of name: RemoteName, in realm: RealmID
  ) async throws(RegistryError) -> Release? {
    try await read("reading the current release of '\(name)'") { db in
      let remote = try RemoteRow.require(db, name, in: realm)
      guard let channel = try ChannelRow.find(db, .current, of: remote.id) else { return nil }
      return try ReleaseRow.require(db, id: channel.value.release).release(db, of: name)
    }
  }

  /// All releases that the remote keeps, newest first.
  ///
  /// - Throws: `notFound` for an unknown remote.
  package func releases(
    of name: RemoteName, in realm: RealmID
  ) async throws(RegistryError) -> [Release] {
    try await read("listing the releases of '\(name)'") { db in
      let remote = try RemoteRow.require(db, name, in: realm)
      return try ReleaseRow.all(db, where: "remote = ? ORDER BY ordinal DESC", [remote.id])
        .map { try $0.release(db, of: name) }
    }
  }

  /// What the realm's releases cannot do without: never evict these.
  ///
  /// Reads every asset: milliseconds per thousand.
  package func referencedDigests(in realm: RealmID) async throws(RegistryError) -> Set<Digest> {
    try await read("collecting the digests of \(realm)") { db in
      var digests: Set<Digest> = []
      for remote in try RemoteRow.all(db, where: "realm = ?", [realm.databaseID]) {
        for row in try ReleaseRow.all(db, where: "remote = ?", [remote.id]) {
          digests.formUnion(try row.release(db, of: remote.value.name).digests)
        }
      }
      return digests
    }
  }
}

extension Release {
  /// As `ReleaseDraft.digests`.
  package var digests: Set<Digest> {
    ReleaseDraft(id: id, completeness: completeness, variants: variants).digests
  }
}
