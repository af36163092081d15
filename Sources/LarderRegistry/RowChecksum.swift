/// A 64-bit FNV-1a over the fields of a row, in order: what tells a row from one whose bits have
/// turned.
///
/// Each step is a bijection of the state for a given byte, and one of the byte for a given state:
/// two rows whose bytes differ in one place always differ here, others with a chance of 2^-64. It
/// is no defence against somebody who writes the file: the file's mode is. Source: Fowler, Noll and
/// Vo, RFC 9923.
struct RowChecksum: Sendable {
  private var state: UInt64 = 0xcbf2_9ce4_8422_2325

  /// The value as SQLite keeps it.
  var value: Int64 { Int64(bitPattern: state) }

  /// Adds a field with its type and length, so that no two lists of fields give the same bytes.
  mutating func add(_ field: Field) {
    switch field {
    case .null: add(byte: 0)
    case .integer(let value):
      add(byte: 1)
      add(value)
    case .text(let text):
      add(byte: 2)
      add(Int64(text.utf8.count))
      for byte in text.utf8 { add(byte: byte) }
    case .bytes(let bytes):
      add(byte: 3)
      add(Int64(bytes.count))
      for byte in bytes { add(byte: byte) }
    }
  }

  private mutating func add(_ value: Int64) {
    var rest = UInt64(bitPattern: value)
    for _ in 0..<8 {
      add(byte: UInt8(truncatingIfNeeded: rest))
      rest >>= 8
    }
  }

  private mutating func add(byte: UInt8) {
    state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
  }
}
