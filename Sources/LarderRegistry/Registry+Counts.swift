import GRDB
package import LarderCore

/// How much a realm has registered.
package struct RegistryCounts: Hashable, Sendable {
  package let realm: RealmID
  package let name: RealmName
  package let remotes: Int
  package let releases: Int
  package let pins: Int
}

extension Registry {
  /// How much each realm has registered, in the order in which the realms were made; one query.
  package func counts() async throws(RegistryError) -> [RegistryCounts] {
    try await read("counting what is registered") { db in
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT realms.id, realms.name, count(DISTINCT remotes.id), count(DISTINCT releases.id),
            count(DISTINCT pins.id)
          FROM realms LEFT JOIN remotes ON remotes.realm = realms.id
            LEFT JOIN releases ON releases.remote = remotes.id
            LEFT JOIN pins ON pins.release = releases.id
          GROUP BY realms.id ORDER BY realms.id
          """)
      return try rows.map { row in
        let (id, text): (Int64, String) = (row[0], row[1])
        guard let realm = RealmID(databaseID: id), let name = RealmName(text) else {
          throw RegistryError.damagedRow(table: RealmRow.table, of: id.databaseValue)
        }
        return RegistryCounts(
          realm: realm, name: name, remotes: row[2], releases: row[3], pins: row[4])
      }
    }
  }
}
