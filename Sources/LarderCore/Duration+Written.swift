extension Duration {
  private static let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]

  /// What people write: a whole number and a unit, `30s`, `10m`, `6h` or `1d`; nil for anything
  /// else, and for more than a century.
  package init?(written text: String) {
    guard let last = text.last, let unit = Self.units[last],
      text.dropLast().allSatisfy({ $0.isASCII && $0.isNumber }),
      let count = Int64(text.dropLast()), count <= 100 * 366 * 86_400 / unit
    else { return nil }
    self = .seconds(count * unit)
  }
}
