import Foundation
import LarderCore
import LarderPlatform
import SystemPackage
import Testing

@testable import LarderStore

/// A store of 48 MiB on a disk of 64 MiB under everything that hosts do to it, for as long as asked.
///
/// 20,000 operations here; `LARDER_SPACE_OPERATIONS` asks for more (200,000 write some hundred times
/// the quota).
@Suite(
  "Endurance", .enabled(if: SmallDisk.isAvailable, "needs root, and leave to mount a file system"))
struct StoreEnduranceTests {
  @Test("Readers meet no full disk, leased blobs stay, and the accounting equals a recount")
  func mixedLoad() throws {
    let disk = try SmallDisk(mebibytes: 64)
    let operations =
      ProcessInfo.processInfo.environment["LARDER_SPACE_OPERATIONS"].flatMap { Int($0) } ?? 20_000
    let seed: UInt64 = 48
    print("seed \(seed), \(operations) operations")
    let load = try MixedLoad(at: disk.path.appending("store"), seed: seed)
    for _ in 0..<operations { try load.step() }
    try load.end()
    #expect(load.findings == [])
    // It was about space: what was written does not fit.
    #expect(load.writtenBytes > 2 * 48 << 20)
    #expect(load.evictions > 0)
  }
}

/// Random operations on one store, and what must hold after each.
private final class MixedLoad {
  private static let quota = ByteCount.mebibytes(48)

  private let path: FilePath
  private var random: Seeded
  private var store: Store
  private let isDue = Locked(false)
  private var known: [Digest] = []
  private var leases: [(lease: Lease, digests: [Digest])] = []
  private(set) var findings: [String] = []
  private(set) var writtenBytes: Int64 = 0
  private(set) var evictions = 0

  init(at path: FilePath, seed: UInt64) throws {
    self.path = path
    random = Seeded(seed)
    store = try Self.open(path, isDue)
  }

  private static func open(_ path: FilePath, _ isDue: Locked<Bool>) throws -> Store {
    var options = Store.Options(quota: quota, chunkedAbove: .kibibytes(64))
    options.leasedBytesMax = .mebibytes(8)
    options.copiedPerSecondMax = .gibibytes(16)
    let store = try Store.open(path, options: options)
    store.whenCollectionIsDue { isDue.withLock { $0 = true } }
    return store
  }

  func step() throws {
    switch random.next() % 1000 {
    case 0..<450: try put(Int(random.next() % 40_000))
    case 450..<460: try put(100_000 + Int(random.next() % 500_000))
    case 460..<900: read()
    case 900..<940: lease()
    case 940..<970: if !leases.isEmpty { leases.remove(at: pick(leases.count)).lease.release() }
    case 970..<995: if !known.isEmpty { evict() }
    case 995..<999: try count()
    default: try reopen()
    }
    let due = isDue.withLock { due in
      defer { due = false }
      return due
    }
    if due { _ = try store.collect() }
    for (_, digests) in leases.suffix(1) {
      for digest in digests where !isThere(digest) { note("leased \(digest) is gone") }
    }
    if store.statistics.diskBytes > Self.quota { note("\(store.statistics.diskBytes) are used") }
  }

  func end() throws {
    for (_, digests) in leases { for digest in digests { check(digest, isLeased: true) } }
    try count()
    evictions += store.statistics.counters.collectedSegments
    try store.close()
  }

  private func put(_ size: Int) throws {
    var bytes = [UInt8](repeating: 0, count: size)
    bytes.withUnsafeMutableBytes { buffer in
      for place in stride(from: 0, to: size - 7, by: 8) {
        buffer.storeBytes(of: random.next(), toByteOffset: place, as: UInt64.self)
      }
    }
    let ack: AckLevel = random.next() % 10 == 0 ? .durable : .accepted
    let digest = try store.put(bytes, ack: ack).digest
    writtenBytes += Int64(size)
    if known.count < 3000 { known.append(digest) } else { known[pick(3000)] = digest }
  }

  private func read() {
    // The newer half is read more.
    guard !known.isEmpty else { return }
    let place = min(pick(known.count), pick(known.count))
    check(known[place], isLeased: false)
  }

  /// Reads a blob, which is right or a miss.
  private func check(_ digest: Digest, isLeased: Bool) {
    do {
      let found = try read(digest)
      if found != digest { note("\(digest) has other bytes") }
    } catch {
      if isLeased || error.code != .notFound { note("reading \(digest): \(error)") }
    }
  }

  private func read(_ digest: Digest) throws(StoreError) -> Digest {
    var hash = RunningDigest()
    try store.read(digest, in: [realmA]) { hash.update($0) }
    return hash.finish()
  }

  private func lease() {
    let digests = (0..<8).compactMap { _ in known.isEmpty ? nil : known[pick(known.count)] }
    // Refused where the budget is used up.
    guard let lease = try? store.lease(digests, in: realmA) else { return }
    leases.append((lease, digests.filter { isThere($0) }))
  }

  private func evict() {
    let digest = known[pick(known.count)]
    let isLeased = leases.contains { $0.digests.contains(digest) }
    do throws(StoreError) {
      _ = try store.evict(digest, in: realmA)
      if isLeased { note("leased \(digest) was evicted") }
    } catch {
      if error.code != .busy || !isLeased { note("evicting \(digest): \(error)") }
    }
  }

  private func count() throws {
    try store.sync()
    let (counted, found) = (store.statistics.diskBytes, try store.recount())
    if counted != found { note("\(counted.value) are counted, \(found.value) are there") }
  }

  private func reopen() throws {
    evictions += store.statistics.counters.collectedSegments
    // Leases end with their store.
    leases = []
    try store.close()
    store = try Self.open(path, isDue)
    if store.opening != OpeningReport() { note("opening: \(store.opening)") }
    try count()
  }

  private func isThere(_ digest: Digest) -> Bool {
    store.state.withLock { $0.find(digest, in: realmA) != nil }
  }

  private func note(_ finding: String) {
    if findings.count < 20 { findings.append(finding) }
  }

  private func pick(_ count: Int) -> Int {
    Int(truncatingIfNeeded: random.next() % UInt64(count))
  }
}
