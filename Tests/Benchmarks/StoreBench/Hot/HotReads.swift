import BenchRig
import Foundation
import LarderCore
import LarderStore
import SystemPackage

/// What the hot tier saves a read, and what it costs one that it cannot help.
struct HotReads {
  /// Blobs of 16 KiB: 64 MiB, within the 192 MiB that a realm may take.
  private static let blobCount = 4096

  /// Microseconds a blob, with the segments in the page cache.
  private(set) var hot = Series()
  private(set) var cold = Series()
  /// Reads of what the tier has never seen, with and without a tier.
  private(set) var missing = Series()
  private(set) var without = Series()
  /// Milliseconds to bring all blobs into sealed slabs.
  private(set) var gathering = Series()

  private let path: FilePath
  private let digests: [LarderCore.Digest]

  init(corpus: Corpus, scratch: FilePath) throws {
    path = scratch.appending("hot-reads")
    // Of a run that was broken off; else there is none.
    try? FileManager.default.removeItem(atPath: path.string)
    let memory = try Memory(corpus)
    let store = try Store.open(path)
    digests = try (0..<min(memory.count, HotReads.blobCount)).map { number in
      try memory[number].withUnsafeBytes {
        try store.put($0, realm: Ingestion.realm, ack: .accepted).digest
      }
    }
    try store.close()
  }

  /// One round: both stores open, pass by pass in turn.
  mutating func measure() throws {
    let store = try Store.open(path)
    var options = Store.Options()
    options.hotMemory = ByteCount(0)
    _ = try pass(store, times: 1)
    try store.close()
    let plain = try Store.open(path, options: options)
    without.add(try pass(plain, times: 1))
    cold.add(try pass(plain, times: 4))
    try plain.close()
    let tiered = try Store.open(path)
    missing.add(try pass(tiered, times: 1))
    _ = try pass(tiered, times: 1)
    hot.add(try pass(tiered, times: 4))
    try tiered.close()
    let fresh = try Store.open(path)
    let watch = Stopwatch()
    guard try fresh.gather(digests.map { BlobRange($0) }, in: [Ingestion.realm]) != nil else {
      throw Child.Failed(description: "the closure found no room in memory")
    }
    gathering.add(watch.wallSeconds * 1e3)
    try fresh.close()
  }

  /// Microseconds a blob.
  private func pass(_ store: Store, times: Int) throws -> Double {
    var bytes = 0
    let watch = Stopwatch()
    for _ in 0..<times {
      for digest in digests {
        try store.read(digest, in: [Ingestion.realm]) { bytes += $0.count }
      }
    }
    let seconds = watch.wallSeconds
    guard bytes > 0 else { throw Child.Failed(description: "nothing was read") }
    return seconds / Double(digests.count * times) * 1e6
  }

  func removeStore() throws { try FileManager.default.removeItem(atPath: path.string) }
}
