/// The bounds by which every histogram counts: about three to a decade, from what memory answers to
/// the longest wait for an origin's head.
enum DurationBuckets {
  /// Upper bounds in nanoseconds, rising; what is longer than the last counts in one bucket more.
  static let bounds: [Int64] = [
    250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000, 50_000_000,
    100_000_000, 250_000_000, 500_000_000, 1_000_000_000, 2_500_000_000, 5_000_000_000,
    10_000_000_000, 30_000_000_000,
  ]

  static func place(of nanoseconds: Int64) -> Int {
    bounds.firstIndex { nanoseconds <= $0 } ?? bounds.count
  }
}
