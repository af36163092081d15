import GRDBSQLite
import LarderCore
import SystemPackage

/// `index.sqlite`: where every synced record is, so that a start need not read the segments.
///
/// One connection, in exclusive locking mode, WAL of 4 MiB. `synchronous=NORMAL`: a power cut may
/// take back the last commits, which the segments' tails then tell again, since the offset up to
/// which a segment is indexed is stored in the transaction of its rows.
///
/// Not thread-safe: only whoever holds the store's sync gate, or opens the store, touches it.
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

  private static let version: Int64 = 2
  // Safety: set once in init; the gate of the store lets one thread in at a time.
  let connection: OpaquePointer
  private let insertRecord: IndexStatement
  private let insertSegment: IndexStatement
  private let deleteRecord: IndexStatement
  private let insertDropped: IndexStatement
  private let setNext: IndexStatement
  private let selectOne: IndexStatement
  private let selectNext: IndexStatement
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
        INSERT OR REPLACE INTO segments (id, realm, salt_low, salt_high, indexed, records, phase)
        VALUES (?, ?, ?, ?, ?, ?, ?)
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

  /// Sets the connection up, and creates the tables where there are none.
  ///
  /// - Returns: whether it had to.
  private static func prepare(_ connection: OpaquePointer) throws(IndexError) -> Bool {
    try execute("PRAGMA locking_mode=EXCLUSIVE", on: connection)
    try execute("PRAGMA journal_mode=WAL", on: connection)
    try execute("PRAGMA synchronous=NORMAL", on: connection)
    // 1,000 pages of 4 KiB: the log is folded in at 4 MiB, and cut back to that if it grew.
    try execute("PRAGMA wal_autocheckpoint=1000", on: connection)
    try execute("PRAGMA journal_size_limit=4194304", on: connection)
    let version = try single("PRAGMA user_version", on: connection)
    guard version == 0 || version == Index.version else {
      throw IndexError(SQLITE_FORMAT, connection, "PRAGMA user_version = \(version)")
    }
    if version == Index.version { return false }
    try execute("BEGIN IMMEDIATE", on: connection)
    try execute(
      """
      CREATE TABLE recency (segment INTEGER PRIMARY KEY NOT NULL, pages BLOB NOT NULL)
      """, on: connection)
    try execute(
      """
      CREATE TABLE counters (name TEXT PRIMARY KEY NOT NULL, value INTEGER NOT NULL)
      """, on: connection)
    try execute(
      """
      CREATE TABLE segments (
        id INTEGER PRIMARY KEY NOT NULL, realm INTEGER NOT NULL,
        salt_low INTEGER NOT NULL, salt_high INTEGER NOT NULL,
        indexed INTEGER NOT NULL, records INTEGER NOT NULL, phase INTEGER NOT NULL)
      """, on: connection)
    try execute(
      """
      CREATE TABLE records (
        realm INTEGER NOT NULL, digest BLOB NOT NULL, segment INTEGER NOT NULL,
        "offset" INTEGER NOT NULL, raw INTEGER NOT NULL, stored INTEGER NOT NULL,
        kind INTEGER NOT NULL, codec INTEGER NOT NULL, part INTEGER NOT NULL,
        size INTEGER NOT NULL, checksum INTEGER NOT NULL,
        PRIMARY KEY (realm, digest)) WITHOUT ROWID
      """, on: connection)
    try execute("CREATE INDEX records_by_segment ON records (segment)", on: connection)
    try execute("CREATE INDEX lists ON records (realm) WHERE kind = 2", on: connection)
    try execute(
      """
      CREATE TABLE dropped (
        segment INTEGER NOT NULL, "offset" INTEGER NOT NULL, damaged INTEGER NOT NULL,
        PRIMARY KEY (segment, "offset")) WITHOUT ROWID
      """, on: connection)
    try execute("PRAGMA user_version = \(Index.version)", on: connection)
    try execute("COMMIT", on: connection)
    return true
  }

  /// The id that the next segment gets.
  func nextSegment() throws(IndexError) -> UInt64 {
    let value = try Index.single(
      "SELECT coalesce(max(value), 1) FROM counters WHERE name = 'next_segment'", on: connection)
    guard (1..<Int64.max).contains(value) else {
      throw IndexError(damage: "the next segment would be \(value)")
    }
    return UInt64(value)
  }

  /// Every segment that was indexed.
  func segments() throws(IndexError) -> [SegmentRow] {
    let select = try IndexStatement(
      "SELECT id, realm, salt_low, salt_high, indexed, records, phase FROM segments ORDER BY id",
      on: connection)
    var rows: [SegmentRow] = []
    while try select.step() {
      guard let realm = UInt32(exactly: select.number(1)), realm != 0,
        let phase = SegmentState.Phase(rawValue: Int(select.number(6))), select.number(0) > 0,
        (0...Store.Options.segmentSizeMax.value).contains(select.number(4)),
        (0...Store.Options.segmentSizeMax.value).contains(select.number(5))
      else { throw IndexError(SQLITE_CORRUPT, connection, "a row of segments") }
      rows.append(
        SegmentRow(
          id: UInt64(bitPattern: select.number(0)), realm: RealmID(realm),
          salt: SipHash.Key(
            low: UInt64(bitPattern: select.number(2)), high: UInt64(bitPattern: select.number(3))),
          indexed: select.number(4), records: Int(select.number(5)), phase: phase))
    }
    return rows
  }

  /// Where a walk over all records stands.
  struct Key: Equatable, Sendable {
    let realm: RealmID
    let digest: Digest
  }

  /// The next records behind `key`, by realm and digest; nil for the first.
  func rows(after key: Key?, limit: Int) throws(IndexError) -> [Row] {
    // There is no realm 0, so what is behind it is everything.
    selectNext.bind(Int64(key?.realm.rawValue ?? 0), at: 1)
    if let key { selectNext.bind(key.digest, at: 2) } else { selectNext.bind(0, at: 2) }
    selectNext.bind(Int64(limit), at: 3)
    return try rows(selectNext)
  }

  /// The record of a digest; nil for none.
  func row(_ digest: Digest, in realm: RealmID) throws(IndexError) -> Row? {
    selectOne.bind(Int64(realm.rawValue), at: 1)
    selectOne.bind(digest, at: 2)
    return try rows(selectOne).first
  }

  /// The records of a segment, by offset.
  func rows(of segment: UInt64) throws(IndexError) -> [Row] {
    let id = Int64(bitPattern: segment)
    return try rows(
      IndexStatement(Index.select("WHERE segment = \(id) ORDER BY \"offset\""), on: connection))
  }

  /// The large blobs of a realm.
  func lists(of realm: RealmID) throws(IndexError) -> [Row] {
    let kind = RecordHeader.Kind.list.rawValue
    return try rows(
      IndexStatement(
        Index.select("WHERE realm = \(realm.rawValue) AND kind = \(kind)"), on: connection))
  }

  static func select(_ condition: String) -> String {
    """
    SELECT realm, digest, segment, "offset", raw, stored, kind, codec, part, size, checksum
    FROM records \(condition)
    """
  }

  /// The records that a statement of `select` finds; a row that no store wrote is damage.
  func rows(_ select: IndexStatement) throws(IndexError) -> [Row] {
    var rows: [Row] = []
    while try select.step() {
      guard let realm = UInt32(exactly: select.number(0)), realm != 0,
        let digest = select.digest(1), let kind = UInt8(exactly: select.number(6)),
        let kind = RecordHeader.Kind(rawValue: kind), let codec = UInt8(exactly: select.number(7)),
        let codec = RecordHeader.Codec(rawValue: codec),
        let checksum = UInt32(exactly: select.number(10)),
        (0...Int64(RecordHeader.payloadMax)).contains(select.number(4)),
        (0...select.number(4)).contains(select.number(5)),
        (0...Store.Options.blobSizeLimit.value).contains(select.number(9)),
        (0...Store.Options.segmentSizeMax.value).contains(select.number(3)),
        select.number(3) % 8 == 0
      else {
        select.reset()
        throw IndexError(SQLITE_CORRUPT, connection, "a row of records")
      }
      rows.append(
        Row(
          realm: RealmID(realm), digest: digest, segment: UInt64(bitPattern: select.number(2)),
          offset: select.number(3),
          header: RecordHeader(
            kind: kind, codec: codec, isPart: select.number(8) != 0,
            rawLength: Int(select.number(4)), storedLength: Int(select.number(5)),
            digest: digest, size: select.number(9), payloadChecksum: checksum)))
    }
    return rows
  }

  /// Stores rows, the progress of their segments and what is gone, in one transaction.
  ///
  /// The caller has synced every payload that a row names.
  func commit(
    rows: [Row], segments: [SegmentRow], drops: [Drop], forgotten: [UInt64] = [],
    nextSegment: UInt64
  ) throws(IndexError) {
    try transaction { () throws(IndexError) in
      try delete(forgotten)
      for row in rows { try insert(row) }
      for row in segments { try insert(row) }
      for drop in drops {
        deleteRecord.bind(Int64(drop.realm.rawValue), at: 1)
        deleteRecord.bind(drop.digest, at: 2)
        deleteRecord.bind(Int64(bitPattern: drop.segment), at: 3)
        deleteRecord.bind(drop.offset, at: 4)
        try deleteRecord.run()
        insertDropped.bind(Int64(bitPattern: drop.segment), at: 1)
        insertDropped.bind(drop.offset, at: 2)
        insertDropped.bind(drop.isDamaged ? 1 : 0, at: 3)
        try insertDropped.run()
      }
      setNext.bind(Int64(bitPattern: nextSegment), at: 1)
      try setNext.run()
    }
  }

  /// Forgets segments and all their records.
  func forget(_ segments: [UInt64]) throws(IndexError) {
    try transaction { () throws(IndexError) in try delete(segments) }
  }

  private func delete(_ segments: [UInt64]) throws(IndexError) {
    for id in segments {
      let id = Int64(bitPattern: id)
      try Index.execute("DELETE FROM records WHERE segment = \(id)", on: connection)
      try Index.execute("DELETE FROM dropped WHERE segment = \(id)", on: connection)
      try Index.execute("DELETE FROM segments WHERE id = \(id)", on: connection)
      try Index.execute("DELETE FROM recency WHERE segment = \(id)", on: connection)
    }
  }

  private func insert(_ row: Row) throws(IndexError) {
    insertRecord.bind(Int64(row.realm.rawValue), at: 1)
    insertRecord.bind(row.digest, at: 2)
    insertRecord.bind(Int64(bitPattern: row.segment), at: 3)
    insertRecord.bind(row.offset, at: 4)
    insertRecord.bind(Int64(row.header.rawLength), at: 5)
    insertRecord.bind(Int64(row.header.storedLength), at: 6)
    insertRecord.bind(Int64(row.header.kind.rawValue), at: 7)
    insertRecord.bind(Int64(row.header.codec.rawValue), at: 8)
    insertRecord.bind(row.header.isPart ? 1 : 0, at: 9)
    insertRecord.bind(row.header.size, at: 10)
    insertRecord.bind(Int64(row.header.payloadChecksum), at: 11)
    try insertRecord.run()
  }

  private func insert(_ row: SegmentRow) throws(IndexError) {
    insertSegment.bind(Int64(bitPattern: row.id), at: 1)
    insertSegment.bind(Int64(row.realm.rawValue), at: 2)
    insertSegment.bind(Int64(bitPattern: row.salt.low), at: 3)
    insertSegment.bind(Int64(bitPattern: row.salt.high), at: 4)
    insertSegment.bind(row.indexed, at: 5)
    insertSegment.bind(Int64(row.records), at: 6)
    insertSegment.bind(Int64(row.phase.rawValue), at: 7)
    try insertSegment.run()
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
    return statement.number(0)
  }
}
