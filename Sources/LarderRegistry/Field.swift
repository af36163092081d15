import FoundationEssentials
import GRDB

/// One column's value, as rows are written, checked and read.
enum Field: Hashable, Sendable {
  case null
  case integer(Int64)
  case text(String)
  case bytes([UInt8])

  /// The value to bind.
  var databaseValue: DatabaseValue {
    switch self {
    case .null: .null
    case .integer(let value): value.databaseValue
    case .text(let text): text.databaseValue
    case .bytes(let bytes): Data(bytes).databaseValue
    }
  }

  /// What SQLite holds; nil for a floating-point number, which no column of ours has.
  init?(_ value: DatabaseValue) {
    switch value.storage {
    case .null: self = .null
    case .int64(let number): self = .integer(number)
    case .string(let text): self = .text(text)
    case .blob(let data): self = .bytes(Array(data))
    case .double: return nil
    }
  }
}

/// Hands out the fields of a row in order; a field of another type than expected is damage, never a
/// trap.
struct FieldReader {
  private var rest: ArraySlice<Field>

  init(_ fields: [Field]) { rest = fields[...] }

  /// The next field, which is a number.
  mutating func integer() throws(RowDamage) -> Int64 {
    guard case .integer(let value)? = rest.popFirst() else { throw RowDamage() }
    return value
  }

  /// The next field, which is a number or null.
  mutating func optionalInteger() throws(RowDamage) -> Int64? {
    switch rest.popFirst() {
    case .null?: nil
    case .integer(let value)?: value
    default: throw RowDamage()
    }
  }

  /// The next field, which is text.
  mutating func text() throws(RowDamage) -> String {
    guard case .text(let value)? = rest.popFirst() else { throw RowDamage() }
    return value
  }

  /// The next field, which is text or null.
  mutating func optionalText() throws(RowDamage) -> String? {
    switch rest.popFirst() {
    case .null?: nil
    case .text(let value)?: value
    default: throw RowDamage()
    }
  }

  /// The next field, which is bytes or null.
  mutating func optionalBytes() throws(RowDamage) -> [UInt8]? {
    switch rest.popFirst() {
    case .null?: nil
    case .bytes(let value)?: value
    default: throw RowDamage()
    }
  }

  /// The next field made into `Value` by `make`, which gives nil for what no such value is.
  mutating func text<Value>(as make: (String) -> Value?) throws(RowDamage) -> Value {
    guard let value = make(try text()) else { throw RowDamage() }
    return value
  }
}

/// A row that is not what was written: its checksum, a type or a range is off.
struct RowDamage: Error {}
