/// Latencies in log-linear buckets, after the design of HdrHistogram (Gil Tene): each power of two is
/// cut into 128 equal parts, so that a value is known to 1 % whatever its size, from a fixed 40 KiB.
struct Histogram {
  private static let partBits = 7
  private static let parts = 1 << partBits
  /// 2^40 ns are 18 minutes: what takes longer counts as that.
  private static let valueBits = 40

  private var counts = [UInt64](
    repeating: 0, count: (valueBits - partBits + 1) * parts)
  private(set) var count: UInt64 = 0

  /// Adds a duration in nanoseconds.
  mutating func add(_ nanoseconds: UInt64) {
    let value = min(nanoseconds, 1 << Histogram.valueBits - 1)
    counts[Histogram.bucket(of: value)] += 1
    count += 1
  }

  /// Adds what another holds.
  mutating func add(_ other: Histogram) {
    for bucket in counts.indices { counts[bucket] += other.counts[bucket] }
    count += other.count
  }

  /// The least duration, in nanoseconds, that so large a share of all did not exceed: the upper end
  /// of its bucket. 0 for none.
  func value(at share: Double) -> UInt64 {
    let wanted = UInt64((share * Double(count)).rounded(.up))
    var sum: UInt64 = 0
    for (bucket, count) in counts.enumerated() where count > 0 {
      sum += count
      if sum >= wanted { return Histogram.end(of: bucket) }
    }
    return 0
  }

  private static func bucket(of value: UInt64) -> Int {
    let shift = max(0, 63 - partBits - value.leadingZeroBitCount)
    // Below 2^partBits a bucket is one value; above, the leading bit says which row.
    return shift == 0 && value < parts
      ? Int(value) : (shift + 1) * parts + Int(value >> shift) - parts
  }

  private static func end(of bucket: Int) -> UInt64 {
    if bucket < parts { return UInt64(bucket) }
    let (row, part) = bucket.quotientAndRemainder(dividingBy: parts)
    let shift = row - 1
    return UInt64(parts + part + 1) << shift - 1
  }
}
