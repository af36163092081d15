import GRDB
package import LarderCore

extension Registry {
  /// Registers a remote.
  ///
  /// - Parameter urls: base URLs, at most `urlsMax`; none for a remote that is only published here.
  ///   Only their shape (length, no white space or control characters) is checked.
  /// - Throws: `alreadyExists`, `invalid`, `limit` past `remotesMax`, `notFound` for an unknown
  ///   realm.
  package func addRemote(
    _ name: RemoteName, urls: [String], in realm: RealmID
  ) async throws(RegistryError) -> Remote {
    try check(urls)
    let time = now()
    let limit = limits.remotesMax
    // Who had a parent's remote of that name has this one now.
    defer { channelsMoved(of: name, in: realm) }
    return try await write("adding remote '\(name)'") { db in
      guard try RemoteRow.find(db, name, in: realm) == nil else {
        throw RegistryError(
          .alreadyExists, "a remote named '\(name)' is registered",
          remedy: "`larder remote update \(name)` looks for a new release, `remove` makes room")
      }
      return try RemoteRow.make(db, name, urls: urls, in: realm, at: time, max: limit).value.remote
    }
  }

  /// Gives a remote other base URLs; its releases stay.
  ///
  /// - Throws: `notFound`, `invalid`.
  package func updateURLs(
    _ urls: [String], of name: RemoteName, in realm: RealmID
  ) async throws(RegistryError) -> Remote {
    try check(urls)
    // What a policy says of its origin may be another thing now.
    defer { channelsMoved(of: name, in: realm) }
    return try await write("updating remote '\(name)'") { db in
      let old = try RemoteRow.require(db, name, in: realm)
      let row = RemoteRow(
        realm: old.value.realm, name: name, urls: urls, addedAt: old.value.addedAt)
      try row.update(db, id: old.id)
      return row.remote
    }
  }

  /// Removes a remote with its releases and channels; the content stays in the store until it is
  /// evicted.
  ///
  /// - Throws: `notFound`.
  package func removeRemote(
    _ name: RemoteName, in realm: RealmID
  ) async throws(RegistryError) {
    defer { channelsMoved(of: name, in: realm) }
    try await write("removing remote '\(name)'") { db in
      // By key, unchecked: removing is the remedy for a damaged row.
      try db.execute(
        sql: "DELETE FROM remotes WHERE realm = ? AND name = ?",
        arguments: [realm.databaseID, name.description])
      guard db.changesCount > 0 else { throw RegistryError.unknownRemote(name) }
    }
  }

  /// The remotes of a realm, sorted by name.
  package func remotes(in realm: RealmID) async throws(RegistryError) -> [Remote] {
    try await read("listing the remotes") { db in
      try RemoteRow.all(db, where: "realm = ? ORDER BY name", [realm.databaseID])
        .map(\.value.remote)
    }
  }

  /// The remote of that name; nil if none is registered.
  package func remote(
    _ name: RemoteName, in realm: RealmID
  ) async throws(RegistryError) -> Remote? {
    try await read("looking up remote '\(name)'") { db in
      try RemoteRow.find(db, name, in: realm)?.value.remote
    }
  }

  private func check(_ urls: [String]) throws(RegistryError) {
    guard urls.count <= limits.urlsMax else {
      throw RegistryError(
        .limit, "\(urls.count) URLs are more than urlsMax (\(limits.urlsMax))",
        remedy: "give one base URL per variant")
    }
    for url in urls {
      guard (1...RegistryLimits.urlBytesMax).contains(url.utf8.count),
        url.utf8.allSatisfy({ (0x21...0x7e).contains($0) })
      else {
        throw RegistryError(
          .invalid, "'\(url.prefix(80))' cannot be the URL of a remote",
          remedy:
            "give an absolute URL of visible ASCII, at most \(RegistryLimits.urlBytesMax) bytes")
      }
    }
  }
}

extension RemoteRow {
  /// The row of that name; nil if there is none.
  static func find(
    _ db: Database, _ name: RemoteName, in realm: RealmID
  ) throws -> Keyed<RemoteRow>? {
    try first(db, where: "realm = ? AND name = ?", [realm.databaseID, name.description])
  }

  /// As `find`, with `notFound` for none.
  static func require(
    _ db: Database, _ name: RemoteName, in realm: RealmID
  ) throws -> Keyed<RemoteRow> {
    guard let row = try find(db, name, in: realm) else { throw RegistryError.unknownRemote(name) }
    return row
  }

  /// Adds a row for a name that has none.
  static func make(
    _ db: Database, _ name: RemoteName, urls: [String], in realm: RealmID, at time: Int64, max: Int
  ) throws -> Keyed<RemoteRow> {
    guard try RealmRow.first(db, where: "id = ?", [realm.databaseID]) != nil else {
      throw RegistryError.unknownRealm(realm)
    }
    let count =
      try Int.fetchOne(
        db, sql: "SELECT count(*) FROM remotes WHERE realm = ?", arguments: [realm.databaseID]) ?? 0
    guard count < max else {
      throw RegistryError(
        .limit, "adding remote '\(name)' would exceed remotesMax (\(max))",
        remedy: "`larder remote remove` those that are no longer used")
    }
    let row = RemoteRow(realm: realm, name: name, urls: urls, addedAt: time)
    return Keyed(id: try row.insert(db), value: row)
  }

  /// The value that callers see.
  var remote: Remote { Remote(realm: realm, name: name, urls: urls, addedAt: addedAt) }
}
