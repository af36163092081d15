import CoreMetrics
import LarderCore
import Synchronization

/// A number that grows; an addition is one atomic operation.
final class CountSeries: CounterHandler {
  private let count = Atomic<Int64>(0)

  func increment(by amount: Int64) { count.add(amount, ordering: .relaxed) }

  func reset() { count.store(0, ordering: .relaxed) }

  var value: Int64 { count.load(ordering: .relaxed) }
}

/// A whole number that goes up and down.
final class LevelSeries: MeterHandler, RecorderHandler {
  private let level = Atomic<Int64>(0)

  func set(_ value: Int64) { level.store(value, ordering: .relaxed) }

  func set(_ value: Double) { set(Int64(clamping: value)) }

  func increment(by amount: Double) { level.add(Int64(clamping: amount), ordering: .relaxed) }

  func decrement(by amount: Double) { increment(by: -amount) }

  func record(_ value: Int64) { set(value) }

  func record(_ value: Double) { set(value) }

  var value: Int64 { level.load(ordering: .relaxed) }
}

/// Durations by bucket; noting one is two atomic additions.
final class DurationSeries: TimerHandler {
  /// One more than the bounds: for what is longer than the last.
  private let counts = InlineArray<17, Atomic<Int64>> { _ in Atomic(0) }
  private let nanoseconds = Atomic<Int64>(0)

  func recordNanoseconds(_ duration: Int64) {
    counts[DurationBuckets.place(of: duration)].add(1, ordering: .relaxed)
    nanoseconds.add(duration, ordering: .relaxed)
  }

  /// The counts, bucket by bucket, and their sum; each of a moment, not all of the same.
  var reading: (counts: [Int64], sumNanoseconds: Int64) {
    let all = (0...DurationBuckets.bounds.count).map { counts[$0].load(ordering: .relaxed) }
    return (all, nanoseconds.load(ordering: .relaxed))
  }
}

extension Int64 {
  /// The nearest that there is; 0 for what is no number.
  fileprivate init(clamping value: Double) {
    self =
      value.isNaN ? 0 : Int64(exactly: value.rounded()) ?? (value < 0 ? Int64.min : Int64.max)
  }
}
