/// How long the chunks of a large blob are, in bytes: never below `minimum` but for the last one,
/// never above `maximum`, around `average` in the mean.
package struct ChunkSizes: Hashable, Sendable {
  package var minimum: Int
  /// A power of two from 1 KiB to 1 MiB: it chooses the masks of FastCDC.
  package var average: Int
  /// Up to 1 MiB, the longest payload of a record.
  package var maximum: Int

  package init(minimum: Int, average: Int, maximum: Int) {
    self.minimum = minimum
    self.average = average
    self.maximum = maximum
  }

  /// FastCDC's own spread: a quarter of the average to four times it.
  package init(average: Int) {
    self.init(minimum: average / 4, average: average, maximum: average * 4)
  }

  /// They stand in the order that the algorithm needs.
  var areSound: Bool {
    (1 << 10...1 << 20).contains(average) && average & (average - 1) == 0
      && (2...average).contains(minimum) && average <= maximum
      && maximum <= RecordHeader.payloadMax
  }
}
