import GRDBSQLite
import LarderCore
import SystemPackage

/// `index.sqlite`: where every synced record is, so that a start need not read the segments.
///
/// One connection, in exclusive locking mode, WAL of 4 MiB. `synchronous=NORMAL`: a power cut may
/// take back the last commits, which the segments' tails then tell again, since the offset up to
/// which a segment is indexed is stored in the transaction of its rows.
///
/// Not thread-safe: only whoever holds the store's index gate, or opens the store, touches it.
final class Index {
  /// A record, as a row.
  struct Row: Equatable, Sendable {
    let realm: RealmID
    let digest: Digest
    let segment: UInt64
    let offset: Int64
    let header: RecordHeader
  }

  /// A segment, as a row: how far its records are in the index.
  struct SegmentRow: Equatable, Sendable {
    let id: UInt64
    let realm: RealmID
    let salt: SipHash.Key
    let indexed: Int64
    let records: Int
    let phase: SegmentState.Phase
  }

  /// A record that is gone from its place.
  struct Drop: Equatable, Sendable {
    let realm: RealmID
    let digest: Digest
    let segment: UInt64
    let offset: Int64
    /// It failed a check, which may have been the fault of its row: a scrub tries it again.
    let isDamaged: Bool
  }

  // Safety: set once in init; the gate of the store lets one thread in at a time.
  let connection: OpaquePointer
  let insertRecord: IndexStatement
  let insertSegment: IndexStatement
  let deleteRecord: IndexStatement
  let insertDropped: IndexStatement
  let setNext: IndexStatement
  let selectOne: IndexStatement
  let selectNext: IndexStatement
  /// There was no database at the path before.
  let isNew: Bool

  /// Opens, or creates, the database.
  ///
  /// - Parameter vfs: the name of the `sqlite3_vfs` to go through; nil for SQLite's own.
  /// - Throws: an error whose `isDamage` says that the file may be set aside.
  init(_ path: FilePath, vfs: String? = nil) throws(IndexError) {
    var handle: OpaquePointer?
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
    let code = sqlite3_open_v2(path.string, &handle, flags, vfs)
    guard code == SQLITE_OK, let handle else {
      let error = IndexError(code, handle, "open \(path.string)")
      sqlite3_close_v2(handle)
      throw error
    }
    do throws(IndexError) {
      isNew = try Index.prepare(handle)
      insertRecord = try IndexStatement(
        """
        INSERT OR REPLACE INTO records
        (realm, digest, segment, "offset", raw, stored, kind, codec, part, size, checksum)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """, on: handle)
      insertSegment = try IndexStatement(
        """
        INSERT OR REPLACE INTO segments
        (id, realm, salt_low, salt_high, indexed, records, phase, checksum)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """, on: handle)
      deleteRecord = try IndexStatement(
        """
        DELETE FROM records WHERE realm = ? AND digest = ? AND segment = ? AND "offset" = ?
        """, on: handle)
      insertDropped = try IndexStatement(
        "INSERT OR REPLACE INTO dropped (segment, \"offset\", damaged) VALUES (?, ?, ?)", on: handle
      )
      setNext = try IndexStatement(
        "INSERT OR REPLACE INTO counters (name, value) VALUES ('next_segment', ?)", on: handle)
      selectOne = try IndexStatement(
        Index.select("WHERE realm = ? AND digest = ?"), on: handle)
      selectNext = try IndexStatement(
        Index.select("WHERE (realm, digest) > (?, ?) ORDER BY realm, digest LIMIT ?"), on: handle)
    } catch {
      sqlite3_close_v2(handle)
      throw error
    }
    connection = handle
  }

  deinit {
    // close_v2 waits for the statements, which are finalised after this.
    sqlite3_close_v2(connection)
  }

  func transaction(_ body: () throws(IndexError) -> Void) throws(IndexError) {
    try Index.execute("BEGIN IMMEDIATE", on: connection)
    do throws(IndexError) {
      try body()
      try Index.execute("COMMIT", on: connection)
    } catch {
      // The first error is the one to tell; SQLite may have rolled back by itself already.
      try? Index.execute("ROLLBACK", on: connection)
      throw error
    }
  }

  /// Lets go of cached pages.
  func releaseMemory() { sqlite3_db_release_memory(connection) }

  static func execute(_ sql: String, on connection: OpaquePointer) throws(IndexError) {
    let code = sqlite3_exec(connection, sql, nil, nil, nil)
    guard code == SQLITE_OK else { throw IndexError(code, connection, sql) }
  }

  static func single(_ sql: String, on connection: OpaquePointer) throws(IndexError)
    -> Int64
  {
    let statement = try IndexStatement(sql, on: connection)
    guard try statement.step() else { return 0 }
    return try statement.number(0)
  }
}
