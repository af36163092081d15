import GRDBSQLite
import LarderCore

/// What a check asks of the index.
extension Index {
  /// SQLite's own look at the file: `quick_check`, or `integrity_check` that reads the trees of
  /// its indexes too.
  ///
  /// - Returns: the first thing that is wrong; nil where nothing is.
  func defect(comparingTrees: Bool) throws(IndexError) -> String? {
    let pragma = comparingTrees ? "PRAGMA integrity_check(1)" : "PRAGMA quick_check(1)"
    let statement = try IndexStatement(pragma, on: connection)
    guard try statement.step() else { return "\(pragma) gave no answer" }
    let text = statement.text(0)
    while try statement.step() {}
    return text == "ok" ? nil : text
  }

  /// Where records of a segment were dropped, which are no lost rows; true for one that failed a
  /// check.
  func dropped(of segment: UInt64) throws(IndexError) -> [Int64: Bool] {
    let select = try IndexStatement(
      "SELECT \"offset\", damaged FROM dropped WHERE segment = \(Int64(bitPattern: segment))",
      on: connection)
    var offsets: [Int64: Bool] = [:]
    while try select.step() { offsets[try select.number(0)] = try select.number(1) != 0 }
    return offsets
  }

  /// Blobs of a realm that were put under their own name, by digest.
  func blobs(
    of realm: RealmID, after digest: Digest?, limit: Int
  ) throws(IndexError) -> [Row] {
    let start = digest.map { "AND digest > x'\($0.hex)'" } ?? ""
    let condition = "WHERE realm = \(realm.rawValue) AND part = 0 \(start)"
    return try rows(
      IndexStatement(
        Index.select("\(condition) ORDER BY digest LIMIT \(limit)"), on: connection))
  }

  /// A number that outlives the process; 0 where none was stored.
  func counter(_ name: StaticString) throws(IndexError) -> Int64 {
    try Index.single(
      "SELECT coalesce(max(value), 0) FROM counters WHERE name = '\(name)'", on: connection)
  }

  func setCounter(_ name: StaticString, to value: Int64) throws(IndexError) {
    try Index.execute(
      "INSERT OR REPLACE INTO counters (name, value) VALUES ('\(name)', \(value))",
      on: connection)
  }

  /// Folds the log into the database and syncs it: what was committed cannot be taken back by a
  /// power cut any more.
  func checkpoint() throws(IndexError) {
    let code = sqlite3_wal_checkpoint_v2(
      connection, nil, SQLITE_CHECKPOINT_FULL, nil, nil)
    guard code == SQLITE_OK else { throw IndexError(code, connection, "checkpoint") }
  }
}
