import GRDB

/// A row of one table: its columns, and the checksum that each carries.
///
/// Rows go in and out through this type alone, so that none is written without its checksum or read
/// without a comparison. The key `id` is SQLite's; `Row` covers all other columns.
protocol StoredRow: Sendable {
  /// The table's name; part of the checksum, so that a row cannot pass for one of another table.
  static var table: String { get }
  /// The columns besides `id` and `checksum`, in the order of `fields`.
  static var columns: [String] { get }
  /// The values of `columns`.
  var fields: [Field] { get }

  init(_ reader: inout FieldReader) throws(RowDamage)
}

/// A row with the key under which it is stored.
struct Keyed<Value: Sendable>: Sendable {
  let id: Int64
  let value: Value
}

extension StoredRow {
  /// What the `checksum` column holds for these fields.
  var checksum: Int64 { Self.checksum(of: fields) }

  private static func checksum(of fields: [Field]) -> Int64 {
    var sum = RowChecksum()
    sum.add(.text(table))
    for field in fields { sum.add(field) }
    return sum.value
  }

  /// Adds the row; the answer is its key.
  @discardableResult
  func insert(_ db: Database) throws -> Int64 {
    let names = (Self.columns + ["checksum"]).joined(separator: ", ")
    let marks = Array(repeating: "?", count: Self.columns.count + 1).joined(separator: ", ")
    let statement = try db.cachedStatement(
      sql: "INSERT INTO \(Self.table) (\(names)) VALUES (\(marks))")
    try statement.execute(arguments: arguments)
    return db.lastInsertedRowID
  }

  /// Writes these fields over the row of key `id`.
  func update(_ db: Database, id: Int64) throws {
    let assignments = (Self.columns + ["checksum"]).map { "\($0) = ?" }.joined(separator: ", ")
    let statement = try db.cachedStatement(
      sql: "UPDATE \(Self.table) SET \(assignments) WHERE id = ?")
    try statement.execute(arguments: arguments + [id])
  }

  private var arguments: StatementArguments {
    StatementArguments(fields.map(\.databaseValue) + [checksum.databaseValue])
  }

  /// The rows for which `condition` holds (a WHERE clause, with ORDER BY and LIMIT as needed), each
  /// checked.
  ///
  /// - Throws: `RegistryError` of code `corrupt` at the first damaged row.
  static func all(
    _ db: Database, where condition: String, _ arguments: StatementArguments = []
  ) throws -> [Keyed<Self>] {
    let names = (["id"] + columns + ["checksum"]).joined(separator: ", ")
    let statement = try db.cachedStatement(sql: "SELECT \(names) FROM \(table) WHERE \(condition)")
    let rows = try Row.fetchCursor(statement, arguments: arguments)
    var answer: [Keyed<Self>] = []
    while let row = try rows.next() {
      do {
        answer.append(try checked(row))
      } catch {
        throw RegistryError.damagedRow(table: table, of: row[0] as DatabaseValue)
      }
    }
    return answer
  }

  /// The one row for which `condition` holds, checked; nil where there is none.
  static func first(
    _ db: Database, where condition: String, _ arguments: StatementArguments = []
  ) throws -> Keyed<Self>? {
    try all(db, where: condition + " LIMIT 1", arguments).first
  }

  private static func checked(_ row: Row) throws(RowDamage) -> Keyed<Self> {
    var fields: [Field] = []
    fields.reserveCapacity(columns.count)
    for index in 1...columns.count {
      guard let field = Field(row[index] as DatabaseValue) else { throw RowDamage() }
      fields.append(field)
    }
    guard case .integer(let id)? = Field(row[0] as DatabaseValue),
      case .integer(let sum)? = Field(row[columns.count + 1] as DatabaseValue),
      sum == checksum(of: fields)
    else { throw RowDamage() }
    var reader = FieldReader(fields)
    return Keyed(id: id, value: try Self(&reader))
  }
}
