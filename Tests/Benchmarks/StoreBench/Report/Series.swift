import Foundation

/// Figures of the same thing, measured again and again.
struct Series {
  private(set) var values: [Double] = []

  init(values: [Double] = []) { self.values = values }

  mutating func add(_ value: Double) { values.append(value) }

  /// The middle one; of an even count the mean of the two in the middle. 0 for none.
  var median: Double {
    let sorted = values.sorted()
    if sorted.isEmpty { return 0 }
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }

  var min: Double { values.min() ?? 0 }
  var max: Double { values.max() ?? 0 }

  /// The same in another unit.
  func scaled(by factor: Double) -> Series { Series(values: values.map { $0 * factor }) }
}

extension Series: CustomStringConvertible {
  var description: String {
    String(format: "%.4f (%.4f to %.4f)", median, min, max)
  }
}

extension Series: Encodable {
  private enum Key: CodingKey { case median, min, max, values }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(median, forKey: .median)
    try container.encode(min, forKey: .min)
    try container.encode(max, forKey: .max)
    try container.encode(values, forKey: .values)
  }
}
