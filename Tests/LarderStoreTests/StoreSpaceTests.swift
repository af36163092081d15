import DiskRig
import LarderCore
import LarderPlatform
import SystemPackage
import Testing

@testable import LarderStore

@Suite("Space")
struct StoreSpaceTests {
  let scratch = Scratch()

  /// Room for some forty segments of 256 KiB beside the index and its log.
  private static let options: Store.Options = {
    var options = Store.Options.small
    options.quota = .mebibytes(16)
    options.segmentSize = .kibibytes(256)
    options.chunkedAbove = .kibibytes(64)
    options.freeSpaceFloor = .zero
    options.copiedPerSecondMax = .gibibytes(1)
    return options
  }()

  /// Puts blobs of 30,000 bytes: eight to a segment.
  private func fill(_ store: Store, _ count: Int, seed: UInt64 = 1) throws -> [Digest] {
    var random = Seeded(seed)
    var bytes = random.noise(30_000)
    return try (0..<count).map { number in
      withUnsafeBytes(of: number) { bytes.replaceSubrange(0..<8, with: $0) }
      return try store.put(bytes).digest
    }
  }

  /// As `stat`, without a mark that it was used.
  private func peek(_ store: Store, _ digest: Digest, _ realm: RealmID) -> Located? {
    store.state.withLock { $0.find(digest, in: realm) }
  }

  @Test("A store that is written many times its quota takes it all, and stays within it")
  func quota() throws {
    let store = try Store.filled(scratch.path, options: Self.options)
    for seed in 1...10 as ClosedRange<UInt64> {
      let last = try #require(try fill(store, 160, seed: seed).last)
      #expect(digest(try store.read(last, in: [realmA])) == last)
      #expect(store.statistics.diskBytes <= Self.options.quota)
    }
    #expect(store.statistics.counters.emergencyEvictions > 100)
    try store.close()
    #expect(try Store.filled(scratch.path, options: Self.options).opening == OpeningReport())
  }

  @Test("A collection brings the use to the low watermark and keeps what was read")
  func collect() throws {
    let store = try Store.filled(scratch.path, options: Self.options)
    let names = try fill(store, 240)
    let read = Set(names.enumerated().filter { $0.offset % 10 == 0 }.map(\.element))
    for name in read { _ = try store.read(name, in: [realmA]) }
    let report = try store.collect(freeing: .mebibytes(3))
    #expect(report.isEnough && report.segments > 9 && report.freedBytes >= 3 << 20)
    #expect(read.allSatisfy { peek(store, $0, realmA) != nil })
    let left = names.filter { peek(store, $0, realmA) != nil }
    #expect(left.count < 160)
    for name in left { #expect(digest(try store.read(name, in: [realmA])) == name) }
    try store.close()
    let again = try Store.filled(scratch.path, options: Self.options)
    #expect(names.filter { again.stat($0, in: [realmA]) != nil } == left)
  }

  @Test("Realms that rest keep what they hold, and no segment for it")
  func restingRealms() throws {
    let store = try Store.filled(scratch.path, options: Self.options)
    // Twice as many as there is room for whole segments.
    let names = try (1...120).map { number in
      let realm = RealmID(UInt32(number))
      return (realm, try store.put(Array("of \(realm)".utf8), in: realm, ack: .durable).digest)
    }
    #expect(names.allSatisfy { store.stat($1, in: [$0]) != nil })
    #expect(store.statistics.diskBytes <= Self.options.quota)
    let report = try store.collect(freeing: .kibibytes(256))
    #expect(report.segments == 0 && report.isEnough && report.freedBytes >= 256 << 10)
    for (realm, name) in names { #expect(digest(try store.read(name, in: [realm])) == name) }
  }

  @Test("What is leased stays, until the lease is released or its time is over")
  func leases() throws {
    let now = Locked(ContinuousClock.now)
    let store = try Store.filled(scratch.path, options: Self.options) { now.withLock { $0 } }
    let names = try fill(store, 100)
    let lease = try store.lease(names, in: [realmA])
    _ = try fill(store, 500, seed: 9)
    #expect(names.allSatisfy { peek(store, $0, realmA) != nil })
    lease.release()
    let timed = try store.lease(Array(names[..<50]), in: [realmA], for: .seconds(10))
    _ = try store.collect(freeing: .mebibytes(4))
    #expect(names[..<50].allSatisfy { peek(store, $0, realmA) != nil })
    now.withLock { $0 += .seconds(11) }
    _ = try fill(store, 500, seed: 10)
    _ = try store.collect(freeing: .mebibytes(4))
    #expect(names.allSatisfy { peek(store, $0, realmA) == nil })
    #expect(!store.endLease(timed.number, in: realmA))
  }

  @Test("A lease beyond the realm's budget is refused, and one within it is given afterwards")
  func leaseBudget() throws {
    var options = Self.options
    options.leasedBytesMax = .mebibytes(1)
    let store = try Store.filled(scratch.path, options: options)
    let names = try fill(store, 60)
    var lease: Lease? = try store.lease(Array(names[..<30]), in: [realmA])
    #expect(lease?.byteCount.value == 900_000)
    #expect(code { _ = try store.lease(Array(names[30...]), in: [realmA]) } == .busy)
    lease = nil
    _ = try store.lease(Array(names[30...]), in: [realmA])
  }

  @Test("What a registry keeps stays, chunks of large blobs too; what it no longer names may go")
  func kept() throws {
    var options = Self.options
    options.waitsForKept = true
    let store = try Store.filled(scratch.path, options: options)
    var random = Seeded(3)
    let large = random.noise(100_000)
    let name = try store.put(large).digest
    try store.replaceKept(in: realmA, by: [name], since: store.markKept())
    _ = try fill(store, 500)
    _ = try store.collect(freeing: .mebibytes(4))
    #expect(try store.read(name, in: [realmA]) == large)
    store.state.withLock { $0.clearUsed() }
    let mark = store.markKept()
    let late = try store.put([1, 2, 3]).digest
    try store.keep([late], in: realmA)
    try store.replaceKept(in: realmA, by: [], since: mark)
    _ = try fill(store, 500, seed: 4)
    _ = try store.collect(freeing: .mebibytes(16))
    #expect(peek(store, name, realmA) == nil)
    #expect(peek(store, late, realmA) != nil)
  }

  @Test("Before the registry was asked nothing goes, and a full store says so")
  func unknownKept() throws {
    var options = Self.options
    options.waitsForKept = true
    let store = try Store.filled(scratch.path, options: options)
    #expect(code { _ = try fill(store, 600) } == .noSpace)
    #expect(try store.collect(freeing: .mebibytes(1)).isEnough == false)
    try store.replaceKept(in: realmA, by: [], since: store.markKept())
    _ = try fill(store, 500, seed: 5)
  }

  @Test("One realm's writes never evict another's content")
  func isolation() throws {
    var options = Self.options
    options.realmQuota = .mebibytes(5)
    let store = try Store.filled(scratch.path, options: options)
    var random = Seeded(6)
    let other = try (0..<100).map { _ in try store.put(random.noise(3000), in: realmB).digest }
    _ = try fill(store, 500)
    _ = try store.collect()
    #expect(other.allSatisfy { peek(store, $0, realmB) != nil })
  }

  @Test("A large blob that lost a chunk is not shown")
  func brokenLists() throws {
    let store = try Store.filled(scratch.path, options: Self.options)
    var random = Seeded(7)
    let names = try (0..<20).map { _ in try store.put(random.noise(70_000)).digest }
    for _ in 0..<20 {
      _ = try store.collect(freeing: .kibibytes(200))
      for name in names where peek(store, name, realmA) != nil {
        #expect(digest(try store.read(name, in: [realmA])) == name)
      }
      store.state.withLock { $0.clearUsed() }
    }
    #expect(names.contains { peek(store, $0, realmA) == nil })
  }

  @Test("A full disk costs the coldest segment")
  func fullDisk() throws {
    let faults = Faults()
    let store = try Store.filled(scratch.path, options: Self.options, system: faults.system)
    _ = try fill(store, 60)
    let before = store.statistics.segments
    let calls = Locked(1)
    faults.set { call, path, _ in
      guard call == .fallocate, path.string.contains("segments") else { return nil }
      return calls.withLock { left in
        left -= 1
        return left >= 0 ? .fail(.noSpace) : nil
      }
    }
    _ = try fill(store, 30, seed: 8)
    #expect(store.statistics.counters.emergencyEvictions == 1)
    #expect(store.statistics.segments == before + 3)
  }

  @Test("An index without room costs the coldest segment, and no more", arguments: [true, false])
  func fullDiskUnderIndex(helps: Bool) throws {
    let faults = Faults()
    let vfs = InjectedVFS(faults)
    defer { withExtendedLifetime(vfs) {} }
    let store = try Store.filled(
      scratch.path, options: Self.options,
      system: FileSystem(faults: faults, databaseVFS: vfs.name))
    _ = try fill(store, 60)
    try store.sync()
    let before = store.statistics.segments
    let isFreed = Locked(false)
    faults.set { call, path, _ in
      if call == .unlink, path.string.hasSuffix(".seg") { isFreed.withLock { $0 = helps } }
      guard call == .pwrite, path.string.hasSuffix("-wal"), !isFreed.withLock({ $0 }) else {
        return nil
      }
      return .fail(.noSpace)
    }
    #expect(code { try store.put([1], ack: .durable) } == (helps ? nil : .noSpace))
    #expect(store.statistics.counters.emergencyEvictions == 1)
    #expect(store.statistics.segments == before - 1)
    faults.set(nil)
    try store.put([1], ack: .durable)
    #expect(try store.read(digest([1]), in: [realmA]) == [1])
  }

  @Test("Where the file system has less left than its floor, nothing new is taken")
  func floor() throws {
    var options = Self.options
    options.waitsForKept = true
    // More than any disk has.
    options.freeSpaceFloor = .gibibytes(1 << 30)
    let store = try Store.filled(scratch.path, options: options)
    #expect(code { _ = try fill(store, 1) } == .noSpace)
  }

  @Test("An evicted blob is a miss, one that is held is not evicted")
  func evict() throws {
    let store = try Store.filled(scratch.path, options: Self.options)
    let names = try fill(store, 3)
    #expect(try store.evict(names[0], in: realmA))
    #expect(try !store.evict(names[0], in: realmA))
    #expect(peek(store, names[0], realmA) == nil)
    let lease = try store.lease([names[1]], in: [realmA])
    #expect(code { _ = try store.evict(names[1], in: realmA) } == .busy)
    lease.release()
    try store.close()
    let again = try Store.filled(scratch.path, options: Self.options)
    #expect(again.stat(names[0], in: [realmA]) == nil)
    #expect(again.stat(names[1], in: [realmA]) != nil)
  }
}
