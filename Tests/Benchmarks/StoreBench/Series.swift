/// Figures of the same thing, measured again and again.
struct Series: Codable {
  private(set) var values: [Double] = []

  mutating func add(_ value: Double) { values.append(value) }

  /// The middle one; of an even count the mean of the two in the middle. 0 for none.
  var median: Double {
    let sorted = values.sorted()
    if sorted.isEmpty { return 0 }
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }

  var min: Double { values.min() ?? 0 }
  var max: Double { values.max() ?? 0 }

  /// How far apart the lowest and the highest are, in parts of the median.
  var spread: Double { median == 0 ? 0 : (max - min) / median }
}
