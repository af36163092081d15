import BenchRig
import GRDBSQLite
import LarderCore
import SystemPackage

/// The `index.sqlite` of a closed store, as bare SQLite has it: rows to insert again into an empty
/// one, and a statement to look them up.
///
/// Knows no more of the tables than that `records` is keyed by `realm` and `digest` and has the
/// columns `segment` and `offset`: what the store changes about the rest is measured as it is.
final class IndexFile {
  private struct Failed: Error, CustomStringConvertible {
    let description: String
  }

  private enum Value {
    case number(Int64)
    case bytes([UInt8])
  }

  private let connection: OpaquePointer

  /// Opens the index of a closed store as the store does.
  init(_ store: FilePath) throws {
    var handle: OpaquePointer?
    let path = store.appending("index.sqlite").string
    guard sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE, nil) == SQLITE_OK, let handle
    else { throw Failed(description: "cannot open \(path)") }
    connection = handle
    for pragma in [
      "locking_mode=EXCLUSIVE", "journal_mode=WAL", "synchronous=NORMAL", "wal_autocheckpoint=1000",
    ] { try execute("PRAGMA \(pragma)") }
  }

  deinit { sqlite3_close_v2(connection) }

  /// Inserts the rows of `other` in the order in which they were written, as many at a time as
  /// there were syncs.
  ///
  /// - Returns: how many, and the seconds that it took.
  func replay(_ other: IndexFile, transactions: Int) throws -> (rows: Int, seconds: Double) {
    let rows = try other.rows()
    guard let width = rows.first?.count else { throw Failed(description: "no rows to replay") }
    let marks = Array(repeating: "?", count: width).joined(separator: ",")
    let insert = try prepare("INSERT OR REPLACE INTO records VALUES (\(marks))")
    defer { sqlite3_finalize(insert) }
    let batch = (rows.count + transactions - 1) / transactions
    let watch = Stopwatch()
    for start in stride(from: 0, to: rows.count, by: batch) {
      try execute("BEGIN IMMEDIATE")
      for row in rows[start..<min(rows.count, start + batch)] { try run(insert, row) }
      try execute("COMMIT")
    }
    return (rows.count, watch.wallSeconds)
  }

  /// Looks digests up by the primary key, in a cache that holds all of the database.
  ///
  /// - Returns: how many there are.
  func find(_ digests: [LarderCore.Digest]) throws -> Int {
    try execute("PRAGMA cache_size=-1048576")
    let select = try prepare(
      "SELECT segment, \"offset\" FROM records WHERE realm = ? AND digest = ?")
    defer { sqlite3_finalize(select) }
    var found = 0
    for digest in digests {
      sqlite3_bind_int64(select, 1, Int64(Ingestion.realm.rawValue))
      digest.withUnsafeBytes {
        _ = sqlite3_bind_blob(
          select, 2, $0.baseAddress, Int32($0.count), IndexFile.copying)
      }
      if sqlite3_step(select) == SQLITE_ROW, sqlite3_column_int64(select, 1) > 0 { found += 1 }
      sqlite3_reset(select)
    }
    return found
  }

  private func rows() throws -> [[Value]] {
    let select = try prepare("SELECT * FROM records ORDER BY segment, \"offset\"")
    defer { sqlite3_finalize(select) }
    var rows: [[Value]] = []
    while sqlite3_step(select) == SQLITE_ROW {
      rows.append(
        (0..<sqlite3_column_count(select)).map { column in
          guard sqlite3_column_type(select, column) == SQLITE_BLOB else {
            return .number(sqlite3_column_int64(select, column))
          }
          let start = sqlite3_column_blob(select, column)
          let count = Int(sqlite3_column_bytes(select, column))
          return .bytes(Array(UnsafeRawBufferPointer(start: start, count: count)))
        })
    }
    return rows
  }

  private func run(_ insert: OpaquePointer, _ row: [Value]) throws {
    for (column, value) in row.enumerated() {
      let parameter = Int32(column + 1)
      switch value {
      case .number(let number): sqlite3_bind_int64(insert, parameter, number)
      case .bytes(let bytes):
        _ = bytes.withUnsafeBytes {
          sqlite3_bind_blob(insert, parameter, $0.baseAddress, Int32($0.count), IndexFile.copying)
        }
      }
    }
    let code = sqlite3_step(insert)
    sqlite3_reset(insert)
    guard code == SQLITE_DONE else {
      throw Failed(description: String(cString: sqlite3_errmsg(connection)))
    }
  }

  // Safety: SQLITE_TRANSIENT is the integer -1 in the place of a function that SQLite never calls.
  private static let copying = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

  private func prepare(_ sql: String) throws -> OpaquePointer {
    var statement: OpaquePointer?
    guard sqlite3_prepare_v2(connection, sql, -1, &statement, nil) == SQLITE_OK, let statement
    else { throw Failed(description: String(cString: sqlite3_errmsg(connection))) }
    return statement
  }

  private func execute(_ sql: String) throws {
    guard sqlite3_exec(connection, sql, nil, nil, nil) == SQLITE_OK else {
      throw Failed(description: String(cString: sqlite3_errmsg(connection)))
    }
  }
}
