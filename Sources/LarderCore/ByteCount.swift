/// A number of bytes: sizes, offsets and limits, so that no unit has to be guessed.
package struct ByteCount: Hashable, Sendable, Codable {
  /// The number; never negative.
  package let value: Int64

  /// - Precondition: `value` is not negative.
  package init(_ value: Int64) {
    precondition(value >= 0, "a byte count cannot be negative")
    self.value = value
  }

  /// - Precondition: `value` is not negative.
  package init(_ value: Int) { self.init(Int64(value)) }

  /// No bytes.
  package static let zero = ByteCount(0 as Int64)

  /// `count` times 1,024 bytes.
  package static func kibibytes(_ count: Int64) -> ByteCount { ByteCount(count << 10) }

  /// `count` times 1,048,576 bytes.
  package static func mebibytes(_ count: Int64) -> ByteCount { ByteCount(count << 20) }

  /// `count` times 1,073,741,824 bytes.
  package static func gibibytes(_ count: Int64) -> ByteCount { ByteCount(count << 30) }

  /// Reads a bare number, as JSON bodies carry it; refuses a negative one.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let value = try container.decode(Int64.self)
    guard value >= 0 else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "a byte count cannot be negative: \(value)")
    }
    self.init(value)
  }

  /// Writes a bare number.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(value)
  }
}

extension ByteCount: Comparable {
  package static func < (left: ByteCount, right: ByteCount) -> Bool { left.value < right.value }
}

extension ByteCount {
  package static func + (left: ByteCount, right: ByteCount) -> ByteCount {
    ByteCount(left.value + right.value)
  }

  package static func += (left: inout ByteCount, right: ByteCount) { left = left + right }
}

extension ByteCount: CustomStringConvertible {
  /// For people: `512 B`, `1.5 KiB`, `20.0 MiB`, rounded down to a tenth.
  package var description: String {
    let units = ["B", "KiB", "MiB", "GiB", "TiB"]
    var unit = 0
    var tenths = value
    if value < 1024 { return "\(value) B" }
    tenths = value > Int64.max / 10 ? Int64.max : value * 10
    while tenths >= 10240, unit < units.count - 1 {
      tenths /= 1024
      unit += 1
    }
    return "\(tenths / 10).\(tenths % 10) \(units[unit])"
  }
}
