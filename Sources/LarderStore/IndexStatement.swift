import GRDBSQLite
import LarderCore

/// A prepared statement of the index; finalised at the end of its life.
///
/// Used by one thread at a time, as its connection is.
final class IndexStatement {
  private let handle: OpaquePointer
  private let connection: OpaquePointer

  /// SQLITE_TRANSIENT: SQLite copies before the call returns, so no pointer outlives its span.
  // Safety: the macro is the integer -1 in the place of a function that SQLite never calls.
  private static let copying = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

  init(_ sql: String, on connection: OpaquePointer) throws(IndexError) {
    var handle: OpaquePointer?
    let code = sqlite3_prepare_v2(connection, sql, -1, &handle, nil)
    guard code == SQLITE_OK, let handle else { throw IndexError(code, connection, sql) }
    self.handle = handle
    self.connection = connection
  }

  deinit { sqlite3_finalize(handle) }

  /// Binds a number to the parameter with this number, from 1.
  func bind(_ value: Int64, at parameter: Int32) {
    sqlite3_bind_int64(handle, parameter, value)
  }

  /// Binds a digest, copied.
  func bind(_ digest: Digest, at parameter: Int32) {
    digest.withUnsafeBytes {
      _ = sqlite3_bind_blob(
        handle, parameter, $0.baseAddress, Int32($0.count), IndexStatement.copying)
    }
  }

  /// Binds bytes, copied.
  func bind(_ bytes: [UInt8], at parameter: Int32) {
    bytes.withUnsafeBytes {
      _ = sqlite3_bind_blob(
        handle, parameter, $0.baseAddress, Int32($0.count), IndexStatement.copying)
    }
  }

  /// Makes one step.
  ///
  /// - Returns: whether there is a row; after the last one the statement is reset.
  func step() throws(IndexError) -> Bool {
    let code = sqlite3_step(handle)
    if code == SQLITE_ROW { return true }
    sqlite3_reset(handle)
    guard code == SQLITE_DONE else {
      throw IndexError(code, connection, sql)
    }
    return false
  }

  /// Gives up what rows are left.
  func reset() { sqlite3_reset(handle) }

  /// Runs a statement that gives no rows.
  func run() throws(IndexError) {
    while try step() {}
  }

  /// The number in a column.
  ///
  /// - Throws: damage where there is something else: SQLite keeps a type with each value, and would
  ///   make a number of any.
  func number(_ column: Int32) throws(IndexError) -> Int64 {
    guard sqlite3_column_type(handle, column) == SQLITE_INTEGER else {
      throw IndexError(damage: "column \(column) of '\(sql.prefix(80))' holds no number")
    }
    return sqlite3_column_int64(handle, column)
  }

  private var sql: String { String(cString: sqlite3_sql(handle)) }

  /// The text of a column; empty where there is none.
  func text(_ column: Int32) -> String {
    sqlite3_column_text(handle, column).map { String(cString: $0) } ?? ""
  }

  /// The bytes in a column.
  func bytes(_ column: Int32) -> [UInt8] {
    guard let bytes = sqlite3_column_blob(handle, column) else { return [] }
    return [UInt8](
      UnsafeRawBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(handle, column))))
  }

  /// The digest in a column; nil where it is no 32 bytes.
  func digest(_ column: Int32) -> Digest? {
    guard sqlite3_column_bytes(handle, column) == Int32(Digest.byteCount),
      let bytes = sqlite3_column_blob(handle, column)
    else { return nil }
    return Digest(copying: UnsafeRawBufferPointer(start: bytes, count: Digest.byteCount))
  }
}

/// What SQLite said about a statement of the index.
struct IndexError: Error {
  /// The primary result code.
  let code: Int32
  let message: String

  init(_ code: Int32, _ connection: OpaquePointer?, _ statement: String) {
    self.code = code & 0xff
    let text = connection.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
    message = "'\(statement.prefix(80))': \(text) (SQLite \(code))"
  }

  /// A row that no store wrote.
  init(damage: String) {
    code = SQLITE_CORRUPT
    message = damage
  }

  /// The file is no database of ours, or a damaged one: it can be set aside and made again.
  var isDamage: Bool {
    code == SQLITE_CORRUPT || code == SQLITE_NOTADB || code == SQLITE_ERROR
      || code == SQLITE_MISMATCH || code == SQLITE_FORMAT || code == SQLITE_CONSTRAINT
  }

  /// The store's view of it.
  func storeError(_ attempt: String) -> StoreError {
    let kind: StoreError.Code =
      switch code {
      case SQLITE_FULL: .noSpace
      case SQLITE_READONLY: .readOnly
      default: .io
      }
    return StoreError(
      kind, "cannot \(attempt) the store's index.sqlite: \(message)",
      remedy: kind == .noSpace ? "free space on that file system" : nil)
  }
}
