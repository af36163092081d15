import Foundation

/// Figures of the same thing, measured again and again.
package struct Series {
  package private(set) var values: [Double] = []

  package init(values: [Double] = []) { self.values = values }

  package mutating func add(_ value: Double) { values.append(value) }

  /// The middle one; of an even count the mean of the two in the middle. 0 for none.
  package var median: Double {
    let sorted = values.sorted()
    if sorted.isEmpty { return 0 }
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }

  package var min: Double { values.min() ?? 0 }
  package var max: Double { values.max() ?? 0 }

  /// These by those of another series, round by round: both were measured within seconds.
  package func ratio(to other: Series) -> Series {
    Series(values: zip(values, other.values).map { $0 / $1 })
  }

  /// The same in another unit.
  package func scaled(by factor: Double) -> Series { Series(values: values.map { $0 * factor }) }
}

extension Series: CustomStringConvertible {
  package var description: String {
    String(format: "%.4f (%.4f to %.4f)", median, min, max)
  }
}

extension Series: Encodable {
  private enum Key: CodingKey { case median, min, max, values }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(median, forKey: .median)
    try container.encode(min, forKey: .min)
    try container.encode(max, forKey: .max)
    try container.encode(values, forKey: .values)
  }
}
