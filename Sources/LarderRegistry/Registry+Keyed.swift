import GRDB
import LarderCore

extension Registry {
  /// Time after which a use is written down again: one write a day for what is used all day.
  static let useInterval: Int64 = 86_400

  /// Writes an entry over what its key had; beyond `entriesMax` the realm's least used go.
  ///
  /// No barrier passes: who is given an entry looks whether its content is there.
  /// - Throws: `invalid` for more than `needsMax` digests, `noSpace`, `io`.
  package func put(_ entry: KeyedEntry) async throws(RegistryError) {
    guard entry.needs.count <= KeyedEntry.needsMax else {
      throw RegistryError(
        .invalid, "an entry needs at most \(KeyedEntry.needsMax) blobs, not \(entry.needs.count)",
        remedy: "list them in a blob, and name that")
    }
    let limit = limits.entriesMax
    try await write("writing entry '\(entry.key.key)'") { db in
      let row = KeyedEntryRow(entry: entry)
      // A row that is written over need not be whole, so its key is asked for, not the row.
      let known = try Int64.fetchOne(
        db, sql: "SELECT id FROM keyed_entries WHERE \(KeyedEntryRow.byKey)",
        arguments: KeyedEntryRow.arguments(entry.key))
      if let known { return try row.update(db, id: known) }
      // Counting takes milliseconds, so it is done for some: the limit is exceeded by as many.
      if try row.insert(db) % KeyedEntryRow.pruneInterval == 0 {
        try KeyedEntryRow.prune(db, entry.key.realm, max: limit)
      }
    }
  }

  /// The entry of that key, and notes that it was used.
  package func entry(_ key: EntryKey) async throws(RegistryError) -> KeyedEntry? {
    let found = try await read("looking up entry '\(key.key)'") { db in
      try KeyedEntryRow.first(db, where: KeyedEntryRow.byKey, KeyedEntryRow.arguments(key))
    }
    guard let found else { return nil }
    let time = now()
    // A clock that was set back is no reason to write each time.
    guard time - found.value.entry.usedAt >= Self.useInterval else { return found.value.entry }
    try await write("noting a use of entry '\(key.key)'") { db in
      guard
        let row = try KeyedEntryRow.first(db, where: "id = ?", [found.id])
      else { return }
      try KeyedEntryRow(entry: row.value.entry.used(at: time)).update(db, id: found.id)
    }
    return found.value.entry
  }

  /// Takes an entry away; nothing happens if there is none. Works on one that is damaged.
  package func removeEntry(_ key: EntryKey) async throws(RegistryError) {
    try await write("removing entry '\(key.key)'") { db in
      try db.execute(
        sql: "DELETE FROM keyed_entries WHERE \(KeyedEntryRow.byKey)",
        arguments: KeyedEntryRow.arguments(key))
    }
  }
}

extension KeyedEntry {
  fileprivate func used(at time: Int64) -> KeyedEntry {
    KeyedEntry(
      key: key, blob: blob, needs: needs, writtenAt: writtenAt, writtenBy: writtenBy, usedAt: time)
  }
}

extension KeyedEntryRow {
  fileprivate static let byKey = "realm = ? AND namespace = ? AND key = ?"

  /// New entries between two looks at how many there are.
  fileprivate static let pruneInterval: Int64 = 64

  fileprivate static func arguments(_ key: EntryKey) -> StatementArguments {
    [key.realm.databaseID, key.namespace.description, key.key]
  }

  fileprivate static func prune(_ db: Database, _ realm: RealmID, max: Int) throws {
    let count =
      try Int.fetchOne(
        db, sql: "SELECT count(*) FROM keyed_entries WHERE realm = ?",
        arguments: [realm.databaseID]) ?? 0
    guard count > max else { return }
    try db.execute(
      sql: """
        DELETE FROM keyed_entries WHERE id IN
          (SELECT id FROM keyed_entries WHERE realm = ? ORDER BY used_at, id LIMIT ?)
        """, arguments: [realm.databaseID, count - max])
  }
}
