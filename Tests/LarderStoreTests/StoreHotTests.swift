import DiskRig
import LarderCore
import LarderPlatform
import SystemPackage
import Testing

@testable import LarderStore

@Suite("Hot reads of a store")
struct StoreHotTests {
  let scratch = Scratch()
  let faults = Faults()

  private func open(_ options: Store.Options = .small) throws -> Store {
    try Store.filled(scratch.path, options: options, system: faults.system)
  }

  /// Reads a blob often enough to have it in memory.
  private func warm(_ store: Store, _ bytes: [UInt8]) throws -> Digest {
    let name = try store.put(bytes).digest
    for _ in 0..<2 { #expect(try store.read(name, in: [realmA]) == bytes) }
    return name
  }

  @Test("A small and a large blob are read from memory, wholly and in part, without the disk")
  func memory() throws {
    let store = try open()
    var random = Seeded(41)
    for bytes in [random.text(3000), random.noise(20_000)] {
      let name = try warm(store, bytes)
      let before = faults.count(.pread)
      #expect(try store.read(name, in: [realmA]) == bytes)
      var part: [UInt8] = []
      try store.read(name, in: [realmA], range: 1000..<2500) { part += Array($0) }
      #expect(part == Array(bytes[1000..<2500]))
      #expect(faults.count(.pread) == before)
    }
    #expect(store.statistics.hot.hits > 0)
    #expect(store.hotStatistics(of: realmB) == Store.HotStatistics())
  }

  @Test("Damaged bytes never become hot, and hot bytes outlive damage on disk")
  func damage() throws {
    let store = try open()
    let good = try warm(store, Array("good".utf8))
    let bad = try store.put(Array("bad!".utf8)).digest
    let file = try #require(try scratch.segments().first)
    let content = try contents(file)
    for offset in content.indices where content[offset...].starts(with: Array("bad!".utf8)) {
      try overwrite(file, at: offset, with: [0])
    }
    for offset in content.indices where content[offset...].starts(with: Array("good".utf8)) {
      try overwrite(file, at: offset, with: [0])
    }
    #expect(code { _ = try store.read(bad, in: [realmA]) } == .corrupt)
    #expect(code { _ = try store.read(bad, in: [realmA]) } == .notFound)
    #expect(try store.read(good, in: [realmA]) == Array("good".utf8))
  }

  @Test("What the store gave up is not read from memory, though its bytes are there")
  func existence() throws {
    let store = try open()
    let bytes = Array("gone".utf8)
    let name = try warm(store, bytes)
    store.drop(try store.located(name, in: [realmA]))
    #expect(store.stat(name, in: [realmA]) == nil)
    #expect(code { _ = try store.read(name, in: [realmA]) } == .notFound)
    try store.put(bytes)
    let before = faults.count(.pread)
    #expect(try store.read(name, in: [realmA]) == bytes)
    #expect(faults.count(.pread) > before)
  }

  @Test("Without hot memory every read is a read of the disk")
  func off() throws {
    var options = Store.Options.small
    options.hotMemory = ByteCount(0)
    let store = try open(options)
    let name = try warm(store, Array("cold".utf8))
    let before = faults.count(.pread)
    #expect(try store.read(name, in: [realmA]) == Array("cold".utf8))
    #expect(faults.count(.pread) == before + 1)
    #expect(store.statistics.hot == Store.HotStatistics())
    #expect(try store.gather([BlobRange(name)], in: [realmA]) == nil)
  }

  @Test("A closure is gathered in few sealed slabs, each record once")
  func gather() throws {
    let store = try open()
    var random = Seeded(42)
    let large = random.noise(50_000)
    let blobs = [random.text(3000), large, [], Array(large.reversed()), random.text(10)]
    let names = try blobs.map { try store.put($0).digest }
    let gathered = try #require(
      try store.gather((names + [names[0]]).map { BlobRange($0) }, in: [realmA]))
    #expect(gathered.map(\.digest) == names + [names[0]])
    for (blob, bytes) in zip(gathered, blobs + [blobs[0]]) {
      #expect(blob.size.value == Int64(bytes.count))
      #expect(try joined(blob) == bytes)
      #expect(blob.extents.allSatisfy { $0.slab.isSealed && $0.slab.byteCount <= 32 << 10 })
    }
    let slabs = Set(gathered.flatMap(\.extents).map(\.slab.id))
    #expect(slabs.count == 4)
    // What lies in sealed slabs is answered where it is.
    let again = try #require(try store.gather(names.map { BlobRange($0) }, in: [realmA]))
    #expect(Set(again.flatMap(\.extents).map(\.slab.id)) == slabs)
    let before = faults.count(.pread)
    #expect(try store.read(names[0], in: [realmA]) == blobs[0])
    #expect(faults.count(.pread) == before)
  }

  @Test("A range is gathered in its chunks alone, and found again without the disk")
  func gatherRange() throws {
    let store = try open()
    var random = Seeded(44)
    let large = random.noise(50_000)
    let name = try store.put(large).digest
    let range: Range<Int64> = 20_000..<20_100
    let blob = try #require(
      try store.gather([BlobRange(name, range)], in: [realmB, realmA])?.first)
    #expect(try joined(blob) == Array(large[20_000..<20_100]))
    #expect(blob.size.value == 50_000)
    #expect(store.statistics.hot.residentBytes < 40_000)
    let small = try store.put(Array("small".utf8)).digest
    #expect(store.gathered(BlobRange(small), in: [realmA]) == nil)
    _ = try store.gather([BlobRange(small)], in: [realmA])
    let found = try #require(store.gathered(BlobRange(small, 1..<99), in: [realmB, realmA]))
    #expect(try joined(found) == Array("mall".utf8))
    #expect(store.gathered(BlobRange(small), in: [realmB]) == nil)
  }

  @Test("A blob of many chunks lies in one piece, as long as a slab holds it")
  func gatherInOnePiece() throws {
    let store = try open()
    var random = Seeded(46)
    let large = random.noise(30_001)
    let names = try [random.noise(1001), large].map { try store.put($0).digest }
    let blobs = try #require(try store.gather(names.map { BlobRange($0) }, in: [realmA]))
    #expect(blobs.map(\.extents.count) == [1, 1])
    #expect(blobs[1].extents[0].offset == 1024)
    #expect(try joined(blobs[1]) == large)
    // The second reading of the list has it kept.
    _ = try store.gather([BlobRange(names[1])], in: [realmA])
    let found = try #require(store.gathered(BlobRange(names[1], 5..<29_000), in: [realmA]))
    #expect(found.extents.count == 1)
    #expect(try joined(found) == Array(large[5..<29_000]))
  }

  @Test("The short way to a blob in one piece is open once all its chunks are noted as used")
  func joinedBlob() throws {
    let store = try open()
    var random = Seeded(47)
    let large = random.noise(30_001)
    let name = try store.put(large).digest
    for _ in 0..<2 { _ = try store.gather([BlobRange(name)], in: [realmA]) }
    func used() throws -> Int {
      let read = try #require(store.gathered(BlobRange(name), in: [realmA]))
      #expect(try joined(read) == large)
      return store.state.withLock { state in
        (0..<MemoryTable.shardCount).reduce(0) { sum, shard in
          sum + state.table.places(inShard: shard).count { $0.isUsed }
        }
      }
    }
    let all = try used()
    #expect(all > 2)
    #expect(try used() == all)
    store.state.withLock { $0.clearUsed() }
    #expect(try used() == all)
  }

  @Test("A closure that lacks a blob is refused, one larger than the budget is left to bytes")
  func gatherLimits() throws {
    let store = try open()
    #expect(code { _ = try store.gather([BlobRange(digest([1]))], in: [realmA]) } == .notFound)
    var random = Seeded(43)
    // 192 KiB are the realm's.
    let names = try (0..<2).map { _ in try store.put(random.noise(100_000)).digest }
    #expect(try store.gather(names.map { BlobRange($0) }, in: [realmA]) == nil)
    #expect(try store.gather([BlobRange(names[0])], in: [realmA]) != nil)
    #expect(store.statistics.hot.residentBytes <= 256 << 10)
  }

  @Test("Another process gets a descriptor with the bytes, and can change nothing by it")
  func handOut() throws {
    let store = try open()
    let bytes = Array("shared".utf8)
    let name = try store.put(bytes).digest
    let blob = try #require(try store.gather([BlobRange(name)], in: [realmA])?.first)
    let extent = try #require(blob.extents.first)
    do {
      guard let memory = try store.handOut(extent.slab, to: 1000) else {
        Issue.record("not handed out")
        return
      }
      #expect(store.statistics.hot.handedOutBytes == extent.slab.byteCount)
      let shown = try memory.map().withBytes { Array($0[extent.offset..<extent.offset + 6]) }
      #expect(shown == bytes)
    }
    store.takeBack(extent.slab.id, from: 1000)
    #expect(store.statistics.hot.handedOutBytes == 0)
  }

  @Test("What a user gave back counts until nobody has it; then there is room again")
  func givenBack() throws {
    let store = try open()
    var random = Seeded(45)
    let slabs = try (0..<3).map { _ in
      let name = try store.put(random.noise(30_000)).digest
      let blob = try #require(try store.gather([BlobRange(name)], in: [realmA])?.first)
      return try #require(blob.extents.first).slab
    }
    // A quarter of 256 KiB are two slabs of 32 KiB.
    #expect(try isHandedOut(slabs[1], of: store))
    do {
      guard let held = try store.handOut(slabs[0], to: 7) else {
        Issue.record("not handed out")
        return
      }
      store.takeBack(slabs[0].id, from: 7)
      #expect(try !isHandedOut(slabs[2], of: store))
      _ = consume held
    }
    #expect(try isHandedOut(slabs[2], of: store))
    // The second one was not given back, though nobody has it: its user may be told of it again.
    #expect(store.statistics.hot.handedOutBytes == 2 * 32 << 10)
  }

  private func isHandedOut(_ slab: Slab, of store: Store) throws -> Bool {
    let memory = try store.handOut(slab, to: 7)
    return memory != nil
  }

  @Test("Closing gives all memory back")
  func close() throws {
    let store = try open()
    _ = try warm(store, Array("warm".utf8))
    #expect(store.statistics.hot.residentBytes > 0)
    try store.close()
    #expect(store.statistics.hot.residentBytes == 0)
  }

  private func joined(_ blob: GatheredBlob) throws -> [UInt8] {
    var bytes: [UInt8] = []
    for extent in blob.extents {
      extent.slab.withBytes(at: extent.offset, count: extent.length) { bytes += Array($0) }
    }
    return bytes
  }

}
