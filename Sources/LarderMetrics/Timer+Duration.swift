package import CoreMetrics

extension Timer {
  /// Notes a time; one below zero counts as none.
  package func record(_ time: Duration) {
    let (seconds, attoseconds) = time.components
    recordNanoseconds(max(0, seconds * 1_000_000_000 + attoseconds / 1_000_000_000))
  }
}
