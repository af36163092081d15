import GRDB
package import LarderCore

/// A release that its realm has pinned.
package struct Pin: Hashable, Sendable {
  package let remote: RemoteName
  package let release: ReleaseID
  /// Seconds since 1970.
  package let pinnedAt: Int64
  /// The sizes of its files, each blob once; what another pin names too is counted here in full.
  package let byteCount: ByteCount
}

/// What a realm has pinned.
package struct Pins: Hashable, Sendable {
  /// By remote, then by age.
  package let pins: [Pin]
  /// The sizes of all their files, each blob once.
  package let byteCount: ByteCount
}

extension Registry {
  /// Keeps a release whatever comes after it, until it is unpinned or its remote is removed;
  /// nothing happens if it is pinned.
  ///
  /// The barrier passes first: what is pinned is durable.
  /// - Parameter bytesMax: what all pins of the realm may name, as `Pins.byteCount`.
  /// - Throws: `notFound`, `limit` past `pinsMax` or `bytesMax`, `notSynced` where content is not
  ///   here.
  package func pin(
    _ id: ReleaseID, of name: RemoteName, in realm: RealmID, bytesMax: ByteCount
  ) async throws(RegistryError) {
    guard let release = try await release(id, of: name, in: realm) else {
      throw RegistryError.unknownRelease(id, of: name)
    }
    let time = now()
    let limits = limits
    let attempt = "pinning \(name)@\(id)"
    try await write(attempt, naming: release.digests, in: realm) { db in
      let row = try ReleaseRow.requirePinnable(db, id, of: name, in: realm)
      guard try PinRow.first(db, where: "release = ?", [row.id]) == nil else { return }
      try PinRow(release: row.id, pinnedAt: time).insert(db)
      let pins = try PinRow.pins(db, in: realm)
      guard pins.pins.count <= limits.pinsMax, pins.byteCount <= bytesMax else {
        throw RegistryError(
          .limit,
          "\(attempt) would keep \(pins.byteCount) in \(pins.pins.count) releases; a realm pins "
            + "\(bytesMax) in \(limits.pinsMax) at most",
          remedy: "`larder pin` lists what is pinned, `larder unpin` lets go of it")
      }
    }
  }

  /// Lets go of a pinned release: it goes when it is one of too many.
  ///
  /// - Throws: `notFound`, also for a release that is not pinned.
  package func unpin(
    _ id: ReleaseID, of name: RemoteName, in realm: RealmID
  ) async throws(RegistryError) {
    try await write("unpinning \(name)@\(id)") { db in
      let row = try ReleaseRow.requirePinnable(db, id, of: name, in: realm)
      try db.execute(sql: "DELETE FROM pins WHERE release = ?", arguments: [row.id])
      guard db.changesCount > 0 else {
        throw RegistryError(
          .notFound, "\(name)@\(id) is not pinned", remedy: "`larder pin` lists what is pinned")
      }
    }
  }

  /// What the realm has pinned.
  package func pins(in realm: RealmID) async throws(RegistryError) -> Pins {
    try await read("listing the pins of \(realm)") { db in try PinRow.pins(db, in: realm) }
  }
}

extension ReleaseRow {
  /// - Throws: `notFound`.
  fileprivate static func requirePinnable(
    _ db: Database, _ id: ReleaseID, of name: RemoteName, in realm: RealmID
  ) throws -> Keyed<ReleaseRow> {
    let remote = try RemoteRow.require(db, name, in: realm)
    guard let row = try find(db, id, of: remote.id) else {
      throw RegistryError.unknownRelease(id, of: name)
    }
    return row
  }
}

extension PinRow {
  fileprivate static func pins(_ db: Database, in realm: RealmID) throws -> Pins {
    var pins: [Pin] = []
    var all: [Digest: ByteCount] = [:]
    for remote in try RemoteRow.all(db, where: "realm = ? ORDER BY name", [realm.databaseID]) {
      let rows = try PinRow.all(
        db, where: PinRow.ofRemote + " ORDER BY id", [remote.id])
      for row in rows {
        let release = try ReleaseRow.require(db, id: row.value.release)
          .release(db, of: remote.value.name)
        var own: [Digest: ByteCount] = [:]
        for asset in release.variants.flatMap(\.assets) { own[asset.blob.digest] = asset.blob.size }
        pins.append(
          Pin(
            remote: remote.value.name, release: release.id, pinnedAt: row.value.pinnedAt,
            byteCount: own.values.reduce(.zero, +)))
        all.merge(own) { size, _ in size }
      }
    }
    return Pins(pins: pins, byteCount: all.values.reduce(.zero, +))
  }
}
