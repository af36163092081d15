import GRDBSQLite

/// Its tables.
extension Index {
  private static let version: Int64 = 3

  /// Sets the connection up, and creates the tables where there are none.
  ///
  /// - Returns: whether it had to.
  static func prepare(_ connection: OpaquePointer) throws(IndexError) -> Bool {
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
        indexed INTEGER NOT NULL, records INTEGER NOT NULL, phase INTEGER NOT NULL,
        checksum INTEGER NOT NULL)
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
}
