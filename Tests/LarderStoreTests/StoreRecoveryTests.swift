import DiskRig
import LarderCore
import LarderPlatform
import SystemPackage
import Testing

@testable import LarderStore

/// What a store finds when it was not closed. Letting go of a store without `close` is what a
/// killed process leaves: everything written, nothing synced, no row in the index.
@Suite("Recovery")
struct StoreRecoveryTests {
  let scratch = Scratch()

  private func open() throws -> Store { try Store.filled(scratch.path, options: .small) }

  @Test("What was accepted is read after the process died, and replayed once")
  func replay() throws {
    var random = Seeded(1)
    let small = random.text(500)
    let large = random.noise(150_000)
    do {
      let store = try open()
      try store.put(small)
      try store.put(large)
      try store.put(small, in: realmB)
    }
    do {
      let store = try open()
      #expect(store.opening.replayedRecords > 0)
      #expect(store.opening.truncatedSegments == 0)
      #expect(!store.opening.isIndexRebuilt)
      #expect(try store.read(digest(large), in: [realmA]) == large)
      #expect(try store.read(digest(small), in: [realmB]) == small)
      #expect(store.stat(digest(large), in: [realmB]) == nil)
      try store.sync()
    }
    #expect(try open().opening == OpeningReport())
  }

  @Test("A segment cut at any byte of its last record loses that record and no other")
  func truncation() throws {
    var random = Seeded(2)
    let kept = random.text(300)
    let torn = random.noise(61)
    let next = random.noise(90)
    do {
      let store = try open()
      try store.put(kept, ack: .durable)
      try store.put(torn)
    }
    let path = try #require(try scratch.segments().first)
    let whole = try contents(path)
    let place = try #require(try open().find(digest(torn), in: [realmA])?.place)
    for cut in Int(place.offset)..<Int(place.end) {
      // Once as a shorter file, once with what was reserved reading as zeros.
      for isShort in [true, false] {
        try truncate(path, to: 0)
        try overwrite(path, at: 0, with: Array(whole[..<cut]))
        if !isShort { try truncate(path, to: whole.count) }
        try forgetIndexed(beyond: place.offset)
        let store = try open()
        let isWhole = cut >= Int(place.offset) + RecordHeader.byteCount + torn.count && !isShort
        #expect((store.stat(digest(torn), in: [realmA]) != nil) == isWhole, "cut at \(cut)")
        #expect(try store.read(digest(kept), in: [realmA]) == kept)
        let found = try store.put(next)
        #expect(try store.read(found.digest, in: [realmA]) == next)
        #expect(try store.put(torn).deduplicated == isWhole)
        #expect(try store.read(digest(torn), in: [realmA]) == torn)
      }
    }
  }

  /// Puts the index back to where it knew the records before an offset of the first segment only.
  private func forgetIndexed(beyond offset: Int64) throws {
    let index = try Index(scratch.path.appending("index.sqlite"))
    let drops = try index.rows(after: nil, limit: .max).filter { $0.offset >= offset }.map {
      Index.Drop(
        realm: $0.realm, digest: $0.digest, segment: $0.segment, offset: $0.offset,
        isDamaged: false)
    }
    let rows = try index.segments().map {
      Index.SegmentRow(
        id: $0.id, realm: $0.realm, salt: $0.salt, indexed: offset, records: 1, phase: .open)
    }
    try index.commit(rows: [], segments: rows, drops: drops, nextSegment: 2)
  }

  @Test("A list is not shown unless all its chunks are, and putting the blob again completes it")
  func tornLarge() throws {
    var random = Seeded(3)
    let large = random.noise(20_000)
    do {
      let store = try open()
      try store.put([1], ack: .durable)
      try store.put(large)
    }
    let path = try #require(try scratch.segments().first)
    // The second chunk rots before it was ever synced: everything behind it is a tail that nobody
    // promised.
    let place = try #require(try open().find(digest(chunks(of: large)[1]), in: [realmA]))
    try forgetIndexed(beyond: 144)
    try overwrite(path, at: Int(place.place.offset) + 80, with: [0, 0, 0])
    let store = try open()
    #expect(store.opening.truncatedSegments == 1)
    #expect(store.stat(digest(large), in: [realmA]) == nil)
    #expect(store.stat(digest(chunks(of: large)[0]), in: [realmA]) != nil)
    #expect(try store.read(digest([1]), in: [realmA]) == [1])
    try store.put(large, ack: .durable)
    #expect(try store.read(digest(large), in: [realmA]) == large)
  }

  @Test("An indexed offset that is wrong cuts no record off", arguments: [-8, -1_000, 8, 1 << 12])
  func wrongOffset(by error: Int64) throws {
    var random = Seeded(4)
    let blobs = (0..<4).map { _ in random.noise(2_000) }
    do {
      let store = try open()
      for blob in blobs { try store.put(blob, ack: .durable) }
      try store.close()
    }
    do {
      let index = try Index(scratch.path.appending("index.sqlite"))
      try withExtendedLifetime(index) {
        try Index.execute("UPDATE segments SET indexed = indexed + \(error)", on: index.connection)
      }
    }
    var store = try open()
    for blob in blobs { #expect(try store.read(digest(blob), in: [realmA]) == blob) }
    try store.put([1], ack: .durable)
    try store.close()
    for name in ["index.sqlite", "index.sqlite-wal"] {
      // Closing leaves no log.
      try? FileSystem.real.unlink(scratch.path.appending(name))
    }
    store = try open()
    for blob in blobs + [[1]] { #expect(try store.read(digest(blob), in: [realmA]) == blob) }
  }

  @Test(
    "Without a usable index everything is read from the segments",
    arguments: ["removed", "noise", "cut", "empty", "foreign"])
  func indexLoss(damage: String) throws {
    var random = Seeded(4)
    let blobs = (0..<40).map { _ in random.noise(Int(random.next() % 9000)) }
    do {
      let store = try open()
      for blob in blobs { try store.put(blob) }
      try store.close()
    }
    #expect(try scratch.segments().count > 2)
    let path = scratch.path.appending("index.sqlite")
    switch damage {
    case "removed": try FileSystem.real.unlink(path)
    case "noise": try overwrite(path, at: 0, with: random.noise(20_000))
    case "cut": try truncate(path, to: 5000)
    case "empty": try truncate(path, to: 0)
    default:
      try FileSystem.real.unlink(path)
      try overwrite(path, at: 0, with: [UInt8](repeating: 65, count: 9000))
    }
    let store = try open()
    #expect(store.opening.isIndexRebuilt)
    for blob in blobs { #expect(try store.read(digest(blob), in: [realmA]) == blob) }
    let new = try store.put(Array("after".utf8)).digest
    try store.close()
    let again = try open()
    #expect(again.opening == OpeningReport())
    for blob in blobs { #expect(try again.read(digest(blob), in: [realmA]) == blob) }
    #expect(try again.read(new, in: [realmA]) == Array("after".utf8))
  }

  @Test(
    "Numbers that no store wrote make the index a damaged one, not the process", arguments: 0..<5)
  func absurdIndex(kind: Int) throws {
    do {
      let store = try open()
      try store.put([1, 2, 3])
      try store.close()
    }
    do {
      let index = try Index(scratch.path.appending("index.sqlite"))
      let segment = try #require(try index.segments().first)
      let row = try #require(try index.rows(after: nil, limit: 1).first)
      func record(offset: Int64, realm: RealmID) -> Index.Row {
        Index.Row(
          realm: realm, digest: row.digest, segment: row.segment, offset: offset,
          header: row.header)
      }
      func progress(indexed: Int64, records: Int) -> Index.SegmentRow {
        Index.SegmentRow(
          id: segment.id, realm: segment.realm, salt: segment.salt, indexed: indexed,
          records: records, phase: .open)
      }
      let largest = Int64.max - 7
      try index.commit(
        rows: kind == 0
          ? [record(offset: largest, realm: realmA)]
          : kind == 1 ? [record(offset: 64, realm: realmB)] : [],
        segments: kind == 2
          ? [progress(indexed: largest, records: 1)]
          : kind == 3 ? [progress(indexed: 144, records: .max)] : [],
        drops: [], nextSegment: kind == 4 ? UInt64(Int64.max) : 2)
    }
    let store = try open()
    #expect(try FileSystem.real.names(in: scratch.path).contains("index.sqlite.damaged"))
    #expect(try store.read(digest([1, 2, 3]), in: [realmA]) == [1, 2, 3])
    #expect(store.stat(digest([1, 2, 3]), in: [realmB]) == nil)
    try store.put([4], ack: .durable)
  }

  @Test("Damage of the index that only a commit meets is mended while the store goes on")
  func damageAtCommit() throws {
    var random = Seeded(9)
    let blobs = (0..<30).map { _ in random.noise(3000) }
    do {
      let store = try open()
      for blob in blobs { try store.put(blob) }
      try store.close()
    }
    // Opening reads the table of records, but not the index on it by segment.
    let path = scratch.path.appending("index.sqlite")
    let pages = try contents(path)
    // A leaf of an index with at least one cell (the file format of SQLite, section 1.6).
    let isLeaf = { (page: Int) in pages[page * 4096] == 10 && pages[page * 4096 + 4] > 0 }
    let last = try #require((1..<pages.count / 4096).last(where: isLeaf))
    try overwrite(path, at: last * 4096, with: [UInt8](repeating: 0xff, count: 4096))
    let store = try open()
    #expect(!store.opening.isIndexRebuilt)
    let new = try store.put([1, 2, 3], ack: .durable).digest
    for blob in blobs { #expect(try store.read(digest(blob), in: [realmA]) == blob) }
    #expect(try FileSystem.real.names(in: scratch.path).contains("index.sqlite.damaged"))
    try store.close()
    let again = try open()
    #expect(again.opening == OpeningReport())
    #expect(try again.read(new, in: [realmA]) == [1, 2, 3])
    for blob in blobs { #expect(try again.read(digest(blob), in: [realmA]) == blob) }
  }

  @Test("An index that is made again while the store goes on does not bring back what was dropped")
  func droppedStaysDropped() throws {
    var random = Seeded(10)
    let blobs = (0..<8).map { _ in random.noise(3000) }
    let store = try open()
    for blob in blobs { try store.put(blob) }
    let rotten = try #require(store.find(digest(blobs[0]), in: [realmA]))
    store.drop(rotten)
    #expect(try store.evict(digest(blobs[1]), in: realmA))
    // Dropped, and written again behind.
    #expect(try store.evict(digest(blobs[2]), in: realmA))
    try store.put(blobs[2], ack: .durable)
    try store.indexGate.pass { try store.abandonIndex() }
    try store.put([1], ack: .durable)
    #expect(try store.check().findings.isEmpty)
    try store.close()
    let again = try open()
    #expect(again.opening == OpeningReport())
    for (number, blob) in blobs.enumerated() {
      #expect((again.stat(digest(blob), in: [realmA]) != nil) == (number > 1))
    }
    #expect(try again.read(digest(blobs[2]), in: [realmA]) == blobs[2])
    #expect(try again.check().findings.isEmpty)
  }

  @Test("A lost index names a synced record until its later copy is synced as well")
  func copyThatWaits() throws {
    var random = Seeded(11)
    let blob = random.noise(3000)
    do {
      let store = try open()
      let place = try #require(try put(blob, store))
      for _ in 0..<40 { try store.put(random.noise(3000)) }
      try store.sync()
      #expect(store.state.withLock { $0.segments[place.slot].phase } == .sealed)
      // A copy, as a collection makes it, that nobody has synced.
      #expect(try store.evict(digest(blob), in: realmA))
      #expect(try #require(try put(blob, store)).slot != place.slot)
    }
    try FileSystem.real.unlink(scratch.path.appending("index.sqlite"))
    do { _ = try open() }
    // The power goes before the copy is synced.
    let tail = try #require(try scratch.segments().last)
    try truncate(tail, to: SegmentHeader.byteCount)
    let store = try open()
    #expect(try store.read(digest(blob), in: [realmA]) == blob)
  }

  private func put(_ blob: [UInt8], _ store: Store) throws -> MemoryTable.Place? {
    store.find(try store.put(blob).digest, in: [realmA])?.place
  }

  @Test("A rebuild steps over damage and keeps what stands behind it")
  func rebuildOverDamage() throws {
    var random = Seeded(5)
    let blobs = (0..<12).map { _ in random.noise(3000) }
    var places: [MemoryTable.Place] = []
    do {
      let store = try open()
      for blob in blobs { try store.put(blob) }
      places = try blobs.map { try #require(store.find(digest($0), in: [realmA])).place }
      try store.close()
    }
    let path = try #require(try scratch.segments().first)
    // A header, then a payload.
    try overwrite(path, at: Int(places[3].offset) + 20, with: [1, 2, 3])
    try overwrite(path, at: Int(places[7].offset) + 200, with: [1, 2, 3])
    try FileSystem.real.unlink(scratch.path.appending("index.sqlite"))
    let store = try open()
    #expect(store.opening.damagedRecords == 2)
    for (number, blob) in blobs.enumerated() {
      let isLost = number == 3 || number == 7
      #expect((store.stat(digest(blob), in: [realmA]) == nil) == isLost)
      if !isLost { #expect(try store.read(digest(blob), in: [realmA]) == blob) }
    }
  }

  @Test("A missing, cut or foreign segment loses its own blobs only", arguments: [0, 1, 2, 3])
  func segmentLoss(kind: Int) throws {
    var random = Seeded(6)
    let mine = random.noise(20_000)
    let other = random.noise(20_000)
    do {
      let store = try open()
      try store.put(mine)
      try store.put(other, in: realmB)
      try store.close()
    }
    let path = try #require(try scratch.segments().first)
    switch kind {
    case 0: try FileSystem.real.unlink(path)
    case 1: try truncate(path, to: 9000)
    case 2: try truncate(path, to: 10)
    default: try overwrite(path, at: 30, with: [1, 2, 3])
    }
    let store = try open()
    #expect(store.opening.lostSegments == 1)
    #expect(store.opening.unreadableSegments == (kind >= 2 ? 1 : 0))
    #expect(store.stat(digest(mine), in: [realmA]) == nil)
    // Cut in the third record: the first two chunks are still there, the list is not.
    #expect((store.stat(digest(chunks(of: mine)[0]), in: [realmA]) != nil) == (kind == 1))
    #expect(try store.read(digest(other), in: [realmB]) == other)
    try store.put(mine)
    #expect(try store.read(digest(mine), in: [realmA]) == mine)
    #expect(try scratch.segments().last?.lastComponent?.string != "0000000000000001.seg")
    try store.close()
    #expect(try open().stat(digest(mine), in: [realmA]) != nil)
  }

  @Test("A large blob whose chunk was in a lost segment is not shown")
  func listAcrossLoss() throws {
    var random = Seeded(7)
    let large = random.noise(100_000)
    do {
      let store = try open()
      try store.put(large)
      try store.close()
    }
    #expect(try scratch.segments().count == 2)
    try FileSystem.real.unlink(try #require(try scratch.segments().first))
    let store = try open()
    #expect(store.stat(digest(large), in: [realmA]) == nil)
    try store.put(large)
    try store.close()
    #expect(try open().read(digest(large), in: [realmA]) == large)
  }

  @Test("Segment ids are not used again, with or without the index")
  func ids() throws {
    let names: [String]
    do {
      let store = try open()
      try store.put([1])
      try store.put([1], in: realmB)
      try store.close()
      names = try scratch.segments().compactMap { $0.lastComponent?.string }
    }
    try FileSystem.real.unlink(try #require(try scratch.segments().last))
    do {
      let store = try open()
      try store.put([2], in: realmB)
      try store.close()
    }
    #expect(!(try scratch.segments().compactMap { $0.lastComponent?.string }.contains(names[1])))
    try FileSystem.real.unlink(scratch.path.appending("index.sqlite"))
    let store = try open()
    try store.put([3], in: RealmID(3))
    #expect(try scratch.segments().map { $0.lastComponent?.string }.last == "0000000000000004.seg")
  }

  @Test("Every flipped bit of a small store is a miss or an error, never another byte")
  func flips() throws {
    var random = Seeded(8)
    let blobs = [random.text(120), random.noise(20), random.text(5000), []]
    do {
      let store = try open()
      for blob in blobs { try store.put(blob) }
      try store.close()
    }
    let path = try #require(try scratch.segments().first)
    let whole = try contents(path)
    let store = try open()
    let places = try blobs.map { try #require(store.find(digest($0), in: [realmA])) }
    let end = Int(store.state.withLock { $0.segments[0].end })
    var missing = 0
    for bit in SegmentHeader.byteCount * 8..<end * 8 {
      try overwrite(path, at: bit / 8, with: [whole[bit / 8] ^ 1 << (bit % 8)])
      for (blob, found) in zip(blobs, places) where found.place.kind == .chunk {
        do {
          try RecordReader.read(found.digest, at: found.place, of: found.segment) { _, bytes in
            #expect(Array(bytes) == blob)
          }
        } catch {
          missing += 1
        }
      }
      try overwrite(path, at: bit / 8, with: [whole[bit / 8]])
    }
    // Every bit of the three small records but those of their padding, which nothing depends on.
    let bits = zip(blobs, places).filter { $0.1.place.kind == .chunk }
      .reduce(0) { $0 + (RecordHeader.byteCount + $1.1.place.storedLength) * 8 }
    #expect(missing == bits)
    for blob in blobs { #expect(try store.read(digest(blob), in: [realmA]) == blob) }
  }
}
