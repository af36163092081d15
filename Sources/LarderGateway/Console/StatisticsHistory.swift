import LarderCore
import LarderMessages

/// A realm's statistics of the last hours, for whoever looks at the console after it mattered.
final class StatisticsHistory: Sendable {
  /// The statistics of one moment, counters since the daemon's start.
  struct Sample: Encodable, Sendable {
    /// Seconds since 1970, UTC.
    let at: Int64
    let store: StatisticsMessage.Store
    let memory: StatisticsMessage.Memory
    let origin: StatisticsMessage.Origin
    /// Of all realms, since records are shared with nobody's name on them.
    let deduplicatedBytes: Int64
  }

  /// Time between two samples.
  static let interval = Duration.seconds(60)
  /// Samples that are kept: four hours, in 60 KiB; as JSON twice that.
  static let samplesMax = 240

  private let kept = Locked<[Sample]>([])

  /// Oldest first.
  var samples: [Sample] { kept.withLock { $0 } }

  /// Adds one; the oldest makes room.
  func add(_ statistics: StatisticsMessage, at time: Int64) {
    let sample = Sample(
      at: time, store: statistics.store, memory: statistics.memory, origin: statistics.origin,
      deduplicatedBytes: statistics.machine?.deduplicatedBytes ?? 0)
    kept.withLock { samples in
      samples.append(sample)
      if samples.count > Self.samplesMax {
        samples.removeFirst(samples.count - Self.samplesMax)
      }
    }
  }
}
