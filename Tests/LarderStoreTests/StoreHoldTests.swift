import DiskRig
import LarderCore
import LarderPlatform
import SystemPackage
import Testing

@testable import LarderStore

@Suite("What an eviction must leave")
struct StoreHoldTests {
  let scratch = Scratch()
  let faults = Faults()

  private static let options: Store.Options = {
    var options = Store.Options.small
    options.quota = .mebibytes(16)
    options.freeSpaceFloor = .zero
    options.copiedPerSecondMax = .gibibytes(16)
    return options
  }()

  private func open() throws -> Store {
    try Store.open(scratch.path, options: Self.options, system: faults.system)
  }

  /// Puts blobs of 3,000 bytes, some twenty to a segment, which nobody has used.
  private func fill(_ store: Store, _ count: Int, seed: UInt64) throws -> [Digest] {
    var random = Seeded(seed)
    return try (0..<count).map { _ in try store.put(random.noise(3000)).digest }
  }

  private func isThere(_ store: Store, _ digest: Digest) -> Bool {
    store.state.withLock { $0.find(digest, in: realmA) != nil }
  }

  @Test("A lease that is taken while its segment is emptied holds")
  func leaseMeanwhile() throws {
    let store = try open()
    let names = try fill(store, 200, seed: 1)
    try store.sync()
    // Something has to be copied, so that there is a sync after the turn of what is leased then.
    _ = try store.read(names[15], in: [realmA])
    let leases = Locked<[Lease]>([])
    faults.set { call, path, _ in
      guard call == .fdatasync, leases.withLock({ $0.isEmpty }) else { return nil }
      leases.withLock { leases in
        if let lease = try? store.lease([names[1]], in: [realmA]) { leases.append(lease) }
      }
      return nil
    }
    // Enough for the turn to come to the segment that costs a copy.
    let report = try store.collect(freeing: .kibibytes(400))
    #expect(report.segments > 0 && leases.withLock { $0.count } == 1)
    #expect(digest(try store.read(names[1], in: [realmA])) == names[1])
    #expect(!isThere(store, names[2]))
  }

  @Test("A failed sync of the copies costs nothing that is kept")
  func failedCopies() throws {
    let store = try open()
    let names = try fill(store, 200, seed: 2)
    try store.keep(names[..<10], in: realmA)
    try store.sync()
    faults.fail(.fdatasync, .ioError)
    #expect(code { _ = try store.collect(freeing: .kibibytes(400)) } == .io)
    faults.set(nil)
    for name in names[..<10] { #expect(digest(try store.read(name, in: [realmA])) == name) }
    // The next one gets through.
    #expect(try store.collect(freeing: .kibibytes(400)).segments > 0)
    for name in names[..<10] { #expect(digest(try store.read(name, in: [realmA])) == name) }
  }

  @Test("A chunk that was put alone, and is a piece of a large blob, takes its name along")
  func chunkPutAlone() throws {
    let store = try open()
    var random = Seeded(3)
    let large = random.noise(40_000)
    let name = try store.put(large, in: realmB).digest
    let found = try #require(store.find(name, in: [realmB]))
    let piece = try #require(try store.readList(found).entries.first)
    try store.put(Array(large[..<piece.length]))
    _ = try fill(store, 30, seed: 4)
    try store.put(large)
    try store.sync()
    store.state.withLock { $0.clearUsed() }
    while isThere(store, piece.digest) { _ = try store.collect(freeing: .kibibytes(32)) }
    #expect(!isThere(store, name))
    #expect(try store.read(name, in: [realmB]) == large)
  }

  @Test("A put holds its segments until it ends, however it ends")
  func putsEnd() throws {
    func writers(_ store: Store) -> Int {
      store.state.withLock { $0.segments.reduce(0) { $0 + $1.writers } }
    }
    let store = try open()
    var random = Seeded(5)
    let (small, large) = (random.noise(100), random.noise(40_000))
    for bytes in [small, large] {
      let finished = try store.beginPut(realm: realmA)
      let cancelled = try store.beginPut(realm: realmA)
      for ingest in [finished, cancelled] {
        try bytes.withUnsafeBytes { try ingest.append($0) }
      }
      if bytes.count > 4096 { #expect(writers(store) > 0) }
      _ = try finished.finish(ack: .accepted)
      cancelled.cancel()
      #expect(writers(store) == 0)
    }
    faults.fail(.pwrite, .noSpace)
    #expect(code { try store.put(random.noise(40_000)) } == .noSpace)
    #expect(writers(store) == 0)
  }

  @Test("A reader that has begun reads on, though all of its blob is evicted")
  func readerGoesOn() throws {
    let store = try open()
    var random = Seeded(6)
    let large = random.noise(40_000)
    let name = try store.put(large).digest
    _ = try fill(store, 100, seed: 7)
    var bytes: [UInt8] = []
    try store.read(name, in: [realmA]) { (piece) throws(StoreError) in
      if bytes.isEmpty {
        store.state.withLock { $0.clearUsed() }
        while isThere(store, name) { _ = try store.collect(freeing: .kibibytes(64)) }
      }
      bytes.append(contentsOf: piece)
    }
    #expect(bytes == large)
    #expect(code { _ = try store.read(name, in: [realmA]) } == .notFound)
  }

  @Test("What was used before a restart outlives what was not")
  func recency() throws {
    var store = try open()
    let names = try fill(store, 200, seed: 30)
    for name in names[..<3] { _ = try store.read(name, in: [realmA]) }
    try store.close()
    store = try open()
    store.waitUntilFilled()
    _ = try store.collect(freeing: .kibibytes(400))
    #expect(names[..<3].allSatisfy { isThere(store, $0) })
    #expect(!names[10..<20].contains { isThere(store, $0) })
  }

  @Test("Accounting equals a recount, after puts, a collection and another start")
  func accounting() throws {
    var store = try open()
    for round in 0..<3 {
      _ = try fill(store, 300, seed: UInt64(10 + round))
      if round > 0 { _ = try store.collect(freeing: .mebibytes(1)) }
      try store.sync()
      #expect(store.statistics.diskBytes == (try store.recount()))
      try store.close()
      store = try open()
      #expect(store.statistics.diskBytes == (try store.recount()))
    }
  }

  @Test("What a commit is about to name is held, and kept from then on")
  func commit() throws {
    let store = try open()
    let names = try fill(store, 100, seed: 20)
    let lease = try store.hold(names[..<5], in: realmA)
    // The registry was asked before the commit, and does not name them.
    let mark = store.markKept()
    try store.replaceKept(in: realmA, by: [], since: mark)
    _ = try store.collect(freeing: .mebibytes(8))
    lease.becomeKept()
    _ = try fill(store, 100, seed: 21)
    _ = try store.collect(freeing: .mebibytes(8))
    #expect(names[..<5].allSatisfy { isThere(store, $0) })
    try store.replaceKept(in: realmA, by: [], since: store.markKept())
    store.state.withLock { $0.clearUsed() }
    _ = try fill(store, 100, seed: 22)
    _ = try store.collect(freeing: .mebibytes(8))
    #expect(!names[..<5].contains { isThere(store, $0) })
    #expect(code { _ = try store.hold(names[..<1], in: realmA) } == .notFound)
  }
}
