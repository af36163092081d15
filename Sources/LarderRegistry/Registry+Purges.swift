import GRDB
package import LarderCore

extension Registry {
  /// Remembers that a blob was purged for as long as releases name it, so that nobody fetches it
  /// again unasked, and forgets the fetches that gave it.
  ///
  /// A later commit that names the blob ends it: the barrier has seen it in the store again.
  package func recordPurge(of digest: Digest, in realm: RealmID) async throws(RegistryError) {
    let row = PurgeRow(realm: realm, digest: digest, purgedAt: now())
    try await write("noting the purge of \(digest)") { db in
      try FetchRow.forget(db, [digest], in: realm)
      try PurgeRow.forget(db, [digest], in: realm)
      try row.insert(db)
      // This one too, if nothing names it.
      try db.execute(
        sql: """
          DELETE FROM purges WHERE digest NOT IN (SELECT digest FROM assets)
            AND digest NOT IN (SELECT stats FROM variants WHERE stats IS NOT NULL)
          """)
    }
  }

  /// The blobs of the realm's releases that were purged, and when, in seconds since 1970.
  package func purges(in realm: RealmID) async throws(RegistryError) -> [Digest: Int64] {
    try await read("listing the purges of \(realm)") { db in
      let rows = try PurgeRow.all(db, where: "realm = ?", [realm.databaseID])
      return Dictionary(rows.map { ($0.value.digest, $0.value.purgedAt) }) { max($0, $1) }
    }
  }
}
