import GRDB
import LarderCore

extension Registry {
  /// The realm of that name, made if there is none.
  ///
  /// - Throws: `limit` past `realmsMax`.
  package func realm(named name: RealmName) async throws(RegistryError) -> Realm {
    let time = now()
    let limit = limits.realmsMax
    return try await write("looking up realm '\(name)'") { db in
      if let row = try RealmRow.first(db, where: "name = ?", [name.description]) {
        return try Realm(row)
      }
      let count = try Int.fetchOne(db, sql: "SELECT count(*) FROM realms") ?? 0
      guard count < limit else {
        throw RegistryError(
          .limit, "making realm '\(name)' would exceed realmsMax (\(limit))",
          remedy: "serve fewer realms")
      }
      let row = RealmRow(name: name, createdAt: time)
      return try Realm(Keyed(id: try row.insert(db), value: row))
    }
  }

  /// All realms, in the order in which they were made.
  package func realms() async throws(RegistryError) -> [Realm] {
    try await read("listing the realms") { db in
      try RealmRow.all(db, where: "true ORDER BY id").map(Realm.init)
    }
  }
}

extension Realm {
  fileprivate init(_ row: Keyed<RealmRow>) throws {
    guard let id = RealmID(databaseID: row.id) else {
      throw RegistryError.damagedRow(table: RealmRow.table, of: row.id.databaseValue)
    }
    self.init(id: id, name: row.value.name, createdAt: row.value.createdAt)
  }
}
