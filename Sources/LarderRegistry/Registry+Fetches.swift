import FoundationEssentials
import GRDB
package import LarderCore

extension Registry {
  /// Remembers what origins gave, all in one transaction; each replaces what its key had.
  ///
  /// The barrier passes first, once per realm: collect fetches and record them together where that
  /// can wait. Beyond `fetchesMax` the realm's oldest go.
  /// - Throws: `notFound` for an unknown realm, `notSynced`, `noSpace`, `io`: then nothing has
  ///   changed.
  package func recordFetches(_ fetches: [Fetch]) async throws(RegistryError) {
    let byRealm = Dictionary(grouping: fetches, by: \.key.realm)
    let limit = limits.fetchesMax
    for realm in byRealm.keys.sorted() {
      let group = byRealm[realm, default: []]
      try await write(
        "recording \(group.count) fetches of \(realm)", naming: Set(group.map(\.blob.digest)),
        in: realm
      ) { db in
        guard try RealmRow.first(db, where: "id = ?", [realm.databaseID]) != nil else {
          throw RegistryError.unknownRealm(realm)
        }
        for fetch in group { try FetchRow.put(db, fetch) }
        try FetchRow.prune(db, realm, max: limit)
      }
    }
  }

  /// What the origin gave for that key, last time; nil if nothing is known.
  package func fetch(_ key: FetchKey) async throws(RegistryError) -> Fetch? {
    try await read("looking up the fetch of \(key.url)") { db in
      try FetchRow.find(db, key)?.value.fetch
    }
  }

  /// Forgets every fetch of the realm that gave one of these blobs.
  package func forgetFetches(
    of digests: Set<Digest>, in realm: RealmID
  ) async throws(RegistryError) {
    try await write("forgetting \(digests.count) fetches of \(realm)") { db in
      try FetchRow.forget(db, digests, in: realm)
    }
  }

  /// The blobs that remembered fetches of the realm name: worth keeping, but not owed.
  package func fetchedDigests(in realm: RealmID) async throws(RegistryError) -> Set<Digest> {
    try await read("collecting the fetched digests of \(realm)") { db in
      Set(
        try FetchRow.all(db, where: "realm = ?", [realm.databaseID])
          .map(\.value.fetch.blob.digest))
    }
  }
}

extension FetchRow {
  fileprivate static let byKey = "realm = ? AND credential = ? AND url = ? AND variant = ?"

  fileprivate static func arguments(_ key: FetchKey) -> StatementArguments {
    [key.realm.databaseID, key.credential, key.url, key.variant]
  }

  fileprivate static func find(_ db: Database, _ key: FetchKey) throws -> Keyed<FetchRow>? {
    try first(db, where: byKey, arguments(key))
  }

  fileprivate static func put(_ db: Database, _ fetch: Fetch) throws {
    // A row that is written over need not be whole, so its key is asked for, not the row.
    let id = try Int64.fetchOne(
      db, sql: "SELECT id FROM fetches WHERE \(byKey)", arguments: arguments(fetch.key))
    let row = FetchRow(fetch: fetch)
    if let id { try row.update(db, id: id) } else { try row.insert(db) }
  }

  fileprivate static func prune(_ db: Database, _ realm: RealmID, max: Int) throws {
    let count =
      try Int.fetchOne(
        db, sql: "SELECT count(*) FROM fetches WHERE realm = ?", arguments: [realm.databaseID]) ?? 0
    guard count > max else { return }
    try db.execute(
      sql: """
        DELETE FROM fetches WHERE id IN
          (SELECT id FROM fetches WHERE realm = ? ORDER BY fetched_at, id LIMIT ?)
        """, arguments: [realm.databaseID, count - max])
  }
}
