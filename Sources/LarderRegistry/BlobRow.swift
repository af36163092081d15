import FoundationEssentials
import GRDB
import LarderCore

/// A row about a blob of a realm, by its columns `realm` and `digest`.
protocol BlobRow: StoredRow {}

extension BlobRow {
  /// Deletes the realm's rows about these blobs.
  static func forget(_ db: Database, _ digests: Set<Digest>, in realm: RealmID) throws {
    // Not by a list of digests in SQL, of which there may be more than a statement takes. Unchecked:
    // a row that goes need not be whole.
    let rows = try Row.fetchAll(
      db, sql: "SELECT id, digest FROM \(table) WHERE realm = ?", arguments: [realm.databaseID])
    for row in rows {
      guard let bytes = row[1] as Data?, let digest = Digest(Array(bytes)),
        digests.contains(digest)
      else { continue }
      try db.execute(
        sql: "DELETE FROM \(table) WHERE id = ?", arguments: [row[0] as DatabaseValue])
    }
  }
}
