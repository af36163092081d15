import DiskRig
import LarderCore
import LarderPlatform
import SystemPackage

@testable import LarderStore

/// One life of a store on a small disk: random operations by one thread, which also collects;
/// beside it another one writes and others read; and what must hold all the while and at the end.
final class MixedLoad: Sendable {
  static let quota = ByteCount.mebibytes(48)

  /// What one life leaves to the next.
  struct Record {
    /// The last 3,000 blobs that were put.
    var known: [Digest] = []
    var findings: [String] = []
    /// All but the reads of the threads beside.
    var operations = 0
    var writtenBytes: Int64 = 0
    /// Segments that were collected.
    var evictions = 0
    /// Reads of the threads beside, and how many of them were of what they had leased.
    var reads = 0
    var leasedReads = 0

    mutating func note(_ finding: String) {
      if findings.count < 20 { findings.append(finding) }
    }
  }

  private typealias Held = (lease: Lease, digests: [Digest])

  private let store: Store
  private let isDue = Locked(false)
  private let isOver = Locked(false)
  private let record: Locked<Record>

  init(at path: FilePath, after record: Record) throws {
    var options = Store.Options(quota: MixedLoad.quota, chunkedAbove: .kibibytes(64))
    options.leasedBytesMax = .mebibytes(8)
    options.copiedPerSecondMax = .gibibytes(16)
    store = try Store.open(path, options: options)
    self.record = Locked(record)
    let isDue = isDue
    store.whenCollectionIsDue { isDue.withLock { $0 = true } }
  }

  func run(operations: Int, seed: UInt64) throws -> Record {
    let before = record.withLock { $0.operations }
    if before > 0, store.opening != OpeningReport() { note("opening: \(store.opening)") }
    try count()
    threads(5) { [self] number in
      var random = Seeded(seed << 3 | UInt64(number))
      do {
        switch number {
        case 0: try lead(until: before + operations, &random)
        case 1: while !isOver.withLock({ $0 }) { try putBeside(&random) }
        default: while !isOver.withLock({ $0 }) { try readBeside(&random) }
        }
      } catch {
        note("thread \(number): \(error)")
      }
      if number == 0 { isOver.withLock { $0 = true } }
    }
    try count()
    let evictions = store.statistics.counters.collectedSegments
    try store.close()
    return record.withLock { record in
      record.evictions += evictions
      return record
    }
  }

  // MARK: - The first thread

  private func lead(until operations: Int, _ random: inout Seeded) throws {
    var held: [Held] = []
    while countOperation() < operations {
      switch random.next() % 1000 {
      case 0..<450: try put(Int(random.next() % 40_000), &random)
      case 450..<460: try put(100_000 + Int(random.next() % 500_000), &random)
      case 460..<900: if let digest = choose(&random) { try check(digest, isLeased: false) }
      case 900..<940: if let lease = lease(8, &random) { held.append(lease) }
      case 940..<970:
        if !held.isEmpty { held.remove(at: pick(held.count, &random)).lease.release() }
      default: evict(holding: held, &random)
      }
      let due = isDue.withLock { due in
        defer { due = false }
        return due
      }
      if due { _ = try store.collect() }
      for digest in held.last?.digests ?? [] where !isThere(digest) {
        note("leased \(digest) is gone")
      }
      let used = store.statistics.diskBytes
      if used > MixedLoad.quota { note("\(used) are used") }
    }
    for (_, digests) in held { for digest in digests { try check(digest, isLeased: true) } }
  }

  private func evict(holding held: [Held], _ random: inout Seeded) {
    guard let digest = choose(&random) else { return }
    let isLeased = held.contains { $0.digests.contains(digest) }
    do throws(StoreError) {
      _ = try store.evict(digest, in: realmA)
      if isLeased { note("leased \(digest) was evicted") }
    } catch {
      // The threads beside hold leases as well.
      if error.code != .busy { note("evicting \(digest): \(error)") }
    }
  }

  // MARK: - The threads beside

  private func putBeside(_ random: inout Seeded) throws {
    try put(Int(random.next() % 40_000), &random)
    _ = countOperation()
  }

  /// Reads a blob, or leases some and reads those: they must be there.
  private func readBeside(_ random: inout Seeded) throws {
    if random.next() % 8 > 0 {
      guard let digest = choose(&random) else { return }
      try check(digest, isLeased: false)
      record.withLock { $0.reads += 1 }
    } else if let (lease, digests) = lease(3, &random) {
      for digest in digests { try check(digest, isLeased: true) }
      lease.release()
      record.withLock { record in
        record.reads += digests.count
        record.leasedReads += digests.count
      }
    }
  }

  // MARK: - Any thread

  private func countOperation() -> Int {
    record.withLock { record in
      record.operations += 1
      return record.operations
    }
  }

  private func put(_ size: Int, _ random: inout Seeded) throws {
    let ack: AckLevel = random.next() % 10 == 0 ? .durable : .accepted
    let digest = try store.put(random.noise(size), ack: ack).digest
    let place = pick(3000, &random)
    record.withLock { record in
      record.writtenBytes += Int64(size)
      if record.known.count < 3000 {
        record.known.append(digest)
      } else {
        record.known[place] = digest
      }
    }
  }

  /// Reads a blob, which is right or, unless it is leased, a miss.
  private func check(_ digest: Digest, isLeased: Bool) throws {
    do throws(StoreError) {
      var hash = RunningDigest()
      try store.read(digest, in: [realmA]) { hash.update($0) }
      if hash.finish() != digest { note("\(digest) has other bytes") }
    } catch {
      if isLeased || error.code != .notFound { note("reading \(digest): \(error)") }
    }
  }

  /// A lease on some blobs; nil where the budget is used up, or one went meanwhile.
  private func lease(_ count: Int, _ random: inout Seeded) -> Held? {
    let digests = (0..<count).compactMap { _ in choose(&random) }.filter(isThere)
    guard let lease = try? store.lease(digests, in: [realmA]) else { return nil }
    return (lease, digests)
  }

  private func isThere(_ digest: Digest) -> Bool {
    store.state.withLock { $0.find(digest, in: realmA) != nil }
  }

  /// One of the known blobs, the first of them more often.
  private func choose(_ random: inout Seeded) -> Digest? {
    let (one, other) = (random.next(), random.next())
    return record.withLock { record in
      guard !record.known.isEmpty else { return nil }
      let count = UInt64(record.known.count)
      return record.known[Int(min(one % count, other % count))]
    }
  }

  private func count() throws {
    try store.sync()
    let (counted, found) = (store.statistics.diskBytes, try store.recount())
    if counted != found { note("\(counted.value) are counted, \(found.value) are there") }
  }

  private func note(_ finding: String) { record.withLock { $0.note(finding) } }

  private func pick(_ count: Int, _ random: inout Seeded) -> Int {
    Int(random.next() % UInt64(count))
  }
}
