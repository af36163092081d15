import BenchRig
import Foundation
import LarderCore
import LarderPlatform
import LarderStore
import Synchronization
import SystemPackage

/// How long readers take while half of the store is collected, against readers that are left alone.
struct Collection {
  /// Blobs of 16 KiB: 1 GiB of text, some eight segments of 64 MiB.
  private static let blobCount = 65_536
  /// Reads of each reader that is left alone: some two seconds of them.
  private static let quietReads = 100_000

  /// Microseconds of the 99th of 100 reads, round by round.
  private(set) var quiet = Series()
  private(set) var collecting = Series()
  /// Seconds that collections took, and bytes that they copied.
  private(set) var seconds = Series()
  private(set) var movedBytes = Series()

  private let memory: Memory
  private let path: FilePath
  private let readers: Int

  init(corpus: Corpus, scratch: FilePath, threads: Int) throws {
    memory = try Memory(corpus)
    path = scratch.appending("collected")
    // One is left for the collection: how readers and it share a processor is not asked here.
    readers = max(1, threads - 1)
  }

  /// Fills a store, reads one half of its blobs, and goes on while the other half is collected.
  mutating func measure() throws {
    // Of a run that was broken off; else there is none.
    try? FileManager.default.removeItem(atPath: path.string)
    // Removed again below; what stays is removed by the next run.
    defer { try? FileManager.default.removeItem(atPath: path.string) }
    let store = try Store.open(path)
    let digests = try fill(store)
    let hot = stride(from: 0, to: digests.count, by: 2).map { digests[$0] }
    for digest in hot { _ = try store.read(digest, in: [Ingestion.realm]) as [UInt8] }
    quiet.add(try reading(hot, of: store, atMost: Collection.quietReads))
    let half = ByteCount(store.statistics.diskBytes.value / 2)
    let watch = Stopwatch()
    var moved: Int64 = 0
    collecting.add(
      try reading(hot, of: store, atMost: .max) {
        moved = try store.collect(freeing: half).movedBytes
      })
    seconds.add(watch.wallSeconds)
    movedBytes.add(Double(moved))
    try store.close()
  }

  var figure: Figure {
    Figure(
      what: "p99 of readers while half is collected (peer: nothing is collected)", unit: "us",
      ours: collecting, peer: "left alone", theirs: quiet)
  }

  /// The corpus again and again, each time with other first bytes.
  private func fill(_ store: Store) throws -> [LarderCore.Digest] {
    let memory = memory
    let digests = Locked<[LarderCore.Digest?]>(Array(repeating: nil, count: Collection.blobCount))
    try Threads.forEach(
      Collection.blobCount, threads: Threads.available, makeContext: { [UInt8]() }
    ) {
      bytes, number in
      bytes = Array(memory[number % memory.count])
      withUnsafeBytes(of: number.littleEndian) { bytes.replaceSubrange(0..<8, with: $0) }
      let result = try bytes.withUnsafeBytes {
        try store.put($0, realm: Ingestion.realm, ack: .accepted)
      }
      digests.withLock { $0[number] = result.digest }
    }
    try store.sync()
    return digests.withLock { $0.compactMap { $0 } }
  }

  /// Reads blobs at random: each reader `atMost` times, and no longer than `body` runs if there is
  /// one.
  ///
  /// - Returns: the 99th percentile of a read, in microseconds.
  private func reading(
    _ digests: [LarderCore.Digest], of store: Store, atMost limit: Int,
    while body: (() throws -> Void)? = nil
  ) throws -> Double {
    let isOver = Atomic(false)
    let taken = Locked<[Double]>([])
    let pool = WorkerPool(name: "readers", threadCount: readers, queueMax: readers)
    for reader in 0..<readers {
      _ = pool.submit {
        var random = SplitMix(seed: UInt64(reader))
        var mine: [Double] = []
        while mine.count < limit, !isOver.load(ordering: .relaxed) {
          let start = ContinuousClock.now
          // A blob that was evicted after all is a miss, and takes its time as well.
          _ =
            try? store.read(digests[random.below(digests.count)], in: [Ingestion.realm]) as [UInt8]
          mine.append((ContinuousClock.now - start) / .microseconds(1))
        }
        taken.withLock { $0 += mine }
      }
    }
    do {
      // Readers that are left alone end by themselves.
      defer { pool.close() }
      if let body {
        defer { isOver.store(true, ordering: .relaxed) }
        try body()
      }
    }
    let sorted = taken.withLock { $0.sorted() }
    return sorted.isEmpty ? 0 : sorted[sorted.count * 99 / 100]
  }
}
