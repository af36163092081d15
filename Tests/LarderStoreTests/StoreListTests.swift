import DiskRig
import LarderCore
import LarderPlatform
import SystemPackage
import Testing

@testable import LarderStore

@Suite("Large blobs")
struct StoreListTests {
  let scratch = Scratch()

  @Test(
    "A blob above the chunk size is cut, and read whole after a reopening",
    arguments: [4097, 8192, 8193, 200_000, 256 << 10])
  func large(size: Int) throws {
    var random = Seeded(UInt64(size))
    let bytes = random.noise(size)
    let store = try Store.filled(scratch.path, options: .small)
    let result = try store.put(bytes)
    #expect(result.digest == digest(bytes))
    #expect(result.size.value == Int64(size))
    #expect(try store.read(result.digest, in: [realmA]) == bytes)
    let total = store.statistics.total
    #expect(total.blobs == 1 && total.chunks == chunks(of: bytes).count)
    #expect(total.logicalBytes == Int64(size) && total.chunkBytes == Int64(size))
    #expect(total.storedBytes == result.storedBytes.value)
    try store.close()
    let again = try Store.filled(scratch.path, options: .small)
    #expect(again.opening == OpeningReport())
    #expect(again.stat(result.digest, in: [realmA])?.size.value == Int64(size))
    #expect(try again.read(result.digest, in: [realmA]) == bytes)
    #expect(again.statistics.total == total)
  }

  @Test("With the default options a blob up to 256 KiB is one chunk")
  func defaultLimit() throws {
    var random = Seeded(3)
    let store = try Store.filled(scratch.path, options: Store.Options(quota: .mebibytes(256)))
    let bytes = random.noise(256 << 10 + 1)
    try store.put(Array(bytes.dropLast()))
    #expect(store.statistics.total.chunks == 1)
    let result = try store.put(bytes)
    #expect(store.statistics.total.chunks > 2)
    #expect(try store.read(result.digest, in: [realmA]) == bytes)
  }

  @Test("A blob that differs in one place shares all chunks but those around it")
  func sharing() throws {
    var random = Seeded(12)
    let store = try Store.filled(scratch.path, options: .small)
    let bytes = random.noise(200_000)
    try store.put(bytes)
    let before = store.statistics.total.chunks
    try store.put(Array(bytes[..<100_000] + [1, 2, 3] + bytes[100_000...]))
    // The changed chunk, and the next one or two until the cuts fall together again.
    #expect((1...4).contains(store.statistics.total.chunks - before))
  }

  @Test("A range gives these bytes and no others")
  func ranges() throws {
    var random = Seeded(4)
    let store = try Store.filled(scratch.path, options: .small)
    for size in [10, 4096, 20_000] {
      let bytes = random.noise(size)
      let name = try store.put(bytes).digest
      for _ in 0..<50 {
        let low = Int(random.next() % UInt64(size + 1))
        let high = low + Int(random.next() % UInt64(size + 10 - low))
        var seen: [UInt8] = []
        try store.read(name, in: [realmA], range: Int64(low)..<Int64(high)) { piece in
          #expect(!piece.isEmpty && piece.count <= 4096)
          seen += piece
        }
        #expect(seen == Array(bytes[low..<min(high, size)]), "\(low)..<\(high) of \(size)")
      }
    }
  }

  @Test("A range reads the list and the chunks that it touches, nothing else")
  func rangeReads() throws {
    var random = Seeded(13)
    let faults = Faults()
    let store = try Store.filled(scratch.path, options: .small, system: faults.system)
    let bytes = random.noise(100_000)
    let name = try store.put(bytes).digest
    let third = chunks(of: bytes)[..<2].reduce(0) { $0 + $1.count }
    let before = faults.count(.pread)
    try store.read(name, in: [realmA], range: Int64(third)..<Int64(third + 10)) { _ in }
    #expect(faults.count(.pread) - before == 2)
    try store.read(name, in: [realmA], range: Int64(third - 1)..<Int64(third + 10)) { _ in }
    #expect(faults.count(.pread) - before == 5)
  }

  @Test("Bytes that come in parts make the same blob", arguments: [1, 2, 3, 4, 5, 6])
  func ingest(seed: UInt64) throws {
    print("seed \(seed)")
    var random = Seeded(seed)
    let store = try Store.filled(scratch.path, options: .small)
    for size in [0, 1, 4095, 4096, 4097, 8192, 30_000] {
      let bytes = random.noise(size)
      let ingest = try store.beginPut(realm: realmA)
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = min(rest.count, 1 + Int(random.next() % 9000))
        try rest.prefix(count).withUnsafeBytes { try ingest.append($0) }
        rest = rest.dropFirst(count)
        #expect(store.stat(digest(bytes), in: [realmA]) == nil)
      }
      let result = try ingest.finish(expecting: digest(bytes), ack: .accepted)
      #expect(result.digest == digest(bytes) && result.size.value == Int64(size))
      #expect(try store.read(result.digest, in: [realmA]) == bytes)
      #expect(try store.put(bytes).deduplicated)
      #expect(code { _ = try ingest.finish(ack: .accepted) } == .closed)
    }
    #expect(store.state.withLock { $0.openIngests } == 0)
  }

  @Test("Other bytes than announced are stored under neither name", arguments: [100, 10_000])
  func mismatch(size: Int) throws {
    var random = Seeded(5)
    let bytes = random.noise(size)
    let wanted = digest([1, 2, 3])
    let store = try Store.filled(scratch.path, options: .small)
    let ingest = try store.beginPut(realm: realmA)
    try bytes.withUnsafeBytes { try ingest.append($0) }
    let refusal = code { _ = try ingest.finish(expecting: wanted, ack: .durable) }
    #expect(refusal == .digestMismatch(expected: wanted, actual: digest(bytes)))
    #expect(store.stat(wanted, in: [realmA]) == nil)
    #expect(store.stat(digest(bytes), in: [realmA]) == nil)
    #expect(store.statistics.total.blobs == 0)
  }

  @Test("A cancelled or forgotten ingest leaves no blob and frees its place")
  func cancel() throws {
    var random = Seeded(6)
    let bytes = random.noise(10_000)
    var options = Store.Options.small
    options.ingestsMax = 2
    let store = try Store.filled(scratch.path, options: options)
    do {
      let first = try store.beginPut(realm: realmA)
      let second = try store.beginPut(realm: realmA)
      #expect(code { _ = try store.beginPut(realm: realmA) } == .busy)
      try bytes.withUnsafeBytes { try first.append($0) }
      first.cancel()
      first.cancel()
      #expect(code { _ = try first.finish(ack: .accepted) } == .closed)
      try bytes.withUnsafeBytes { try second.append($0) }
    }
    #expect(store.state.withLock { $0.openIngests } == 0)
    #expect(store.stat(digest(bytes), in: [realmA]) == nil)
    _ = try store.beginPut(realm: realmA)
  }

  @Test("The largest blob is taken and one byte more is refused, in one part or many")
  func sizeLimit() throws {
    var random = Seeded(7)
    let store = try Store.filled(scratch.path, options: .small)
    let bytes = random.text(256 << 10 + 1)
    #expect(code { try store.put(bytes) } == .tooLarge)
    let ingest = try store.beginPut(realm: realmA)
    try bytes.dropLast().withUnsafeBytes { try ingest.append($0) }
    #expect(code { try [0].withUnsafeBytes { try ingest.append($0) } } == .tooLarge)
    #expect(code { _ = try ingest.finish(ack: .accepted) } == .closed)
    #expect(store.statistics.total.blobs == 0)
    #expect(try store.put(Array(bytes.dropLast())).size.value == 256 << 10)
  }

  @Test("A blob whose chunk was lost is a miss, and putting it again heals it")
  func heal() throws {
    var random = Seeded(8)
    let bytes = random.noise(20_000)
    let store = try Store.filled(scratch.path, options: .small)
    let name = try store.put(bytes, ack: .durable).digest
    let piece = chunks(of: bytes)[1]
    let chunk = try #require(store.find(digest(piece), in: [realmA]))
    let path = try #require(try scratch.segments().first)
    try overwrite(path, at: Int(chunk.place.offset) + 100, with: [piece[28] ^ 1])
    #expect(code { _ = try store.read(name, in: [realmA]) } == .corrupt)
    #expect(store.stat(name, in: [realmA]) == nil)
    #expect(code { _ = try store.read(name, in: [realmA]) } == .notFound)
    let result = try store.put(bytes, ack: .durable)
    #expect(!result.deduplicated)
    #expect(try store.read(name, in: [realmA]) == bytes)
    try store.close()
    let again = try Store.filled(scratch.path, options: .small)
    #expect(try again.read(name, in: [realmA]) == bytes)
  }

  @Test("Putting a blob whose record rotted unseen writes it again", arguments: [1000, 20_000])
  func healUnseen(size: Int) throws {
    var random = Seeded(9)
    let bytes = random.noise(size)
    let store = try Store.filled(scratch.path, options: .small)
    try store.put(bytes, ack: .durable)
    let piece = size > 4096 ? chunks(of: bytes)[0] : bytes
    let chunk = try #require(store.find(digest(piece), in: [realmA]))
    let path = try #require(try scratch.segments().first)
    try overwrite(path, at: Int(chunk.place.offset) + 100, with: [piece[28] ^ 1])
    let result = try store.put(bytes)
    #expect(!result.deduplicated && result.storedBytes.value == Int64(chunk.place.recordLength))
    #expect(try store.read(digest(bytes), in: [realmA]) == bytes)
    #expect(store.statistics.counters.corruptRecords == 1)
  }

  @Test("A store whose chunk size has changed reads and writes what was cut before")
  func changedChunkSize() throws {
    var random = Seeded(10)
    let bytes = random.noise(4000)
    var cut = Store.Options.small
    cut.chunkedAbove = .kibibytes(2)
    for options in [cut, .small, cut] {
      let store = try Store.filled(scratch.path, options: options)
      try store.put(bytes)
      #expect(try store.read(digest(bytes), in: [realmA]) == bytes)
      try store.close()
    }
  }
}
