import DiskRig
import LarderCore
import Testing

@testable import LarderStore

@Suite("Memory table")
struct MemoryTableTests {
  private func place(_ number: Int) -> MemoryTable.Place {
    MemoryTable.Place(
      slot: number % 7, offset: Int64(number) * 8, size: Int64(number % 1000),
      storedLength: number % (1 << 20), kind: number % 3 == 0 ? .list : .chunk,
      isPart: number % 5 == 0, codec: number % 2 == 0 ? .lz4 : .raw)
  }

  @Test("It agrees with a dictionary over random insertions and removals", arguments: [1, 2, 3])
  func model(seed: UInt64) {
    print("seed \(seed)")
    var random = Seeded(seed)
    var table = MemoryTable()
    var model: [UInt64: MemoryTable.Place] = [:]
    for number in 0..<20_000 {
      // Few homes, at the end of two shards: long runs, wrapping around.
      let hash = (random.next() % 2) << 63 | 0x03ff_ffff_ffff_ff00 | random.next() % 900 << 8
      if random.next() % 3 == 0, let old = model[hash] {
        let removedOther = table.remove(hash, at: place(number + 1_000_000))
        let removed = table.remove(hash, at: old)
        #expect(removed && !removedOther)
        model[hash] = nil
      } else {
        let old = table.insert(place(number), under: hash)
        #expect(old == model[hash])
        model[hash] = place(number)
      }
    }
    #expect(table.count == model.count)
    for (hash, place) in model { #expect(table.find(hash) == place) }
    for hash in UInt64(2000)..<2100 { #expect(table.find(hash) == nil) }
  }

  @Test("An entry takes at most 32 bytes, and all are found")
  func density() {
    var random = Seeded(4)
    var table = MemoryTable()
    let hashes = (0..<100_000).map { _ in random.next() }
    for (number, hash) in hashes.enumerated() {
      table.insert(place(number), under: hash)
      if number > 10_000, number % 1000 == 0 { #expect(table.byteCount <= 32 * (number + 1)) }
    }
    for (number, hash) in hashes.enumerated() { #expect(table.find(hash) == place(number)) }
  }

  @Test("Uses are noted once, kept when the table grows, and forgotten together")
  func uses() {
    var table = MemoryTable()
    table.insert(place(1), under: 9)
    let first = table.use(9)
    let second = table.use(9)
    #expect(first?.place == place(1) && first?.isFirst == true)
    #expect(second?.place == place(1) && second?.isFirst == false)
    for number in 100..<2000 { table.insert(place(number), under: UInt64(number)) }
    #expect(table.isUsed(9) && !table.isUsed(100))
    table.insert(place(2), under: 9)
    #expect(!table.isUsed(9))
    _ = table.use(9)
    table.clearUsed()
    #expect(!table.isUsed(9))
  }

  @Test("A segment's entries go together")
  func removeAll() {
    var table = MemoryTable()
    var random = Seeded(5)
    let hashes = (0..<3000).map { _ in random.next() }
    for (number, hash) in hashes.enumerated() { table.insert(place(number), under: hash) }
    let removed = table.removeAll(inSlot: 3)
    #expect(removed.count == hashes.indices.count { $0 % 7 == 3 })
    #expect(table.count == hashes.count - removed.count)
    for (number, hash) in hashes.enumerated() {
      #expect(table.find(hash) == (number % 7 == 3 ? nil : place(number)))
    }
  }

  @Test("An entry keeps the largest numbers that a store can have")
  func extremes() {
    var table = MemoryTable()
    let place = MemoryTable.Place(
      slot: Store.Options.segmentsMax - 1, offset: Store.Options.segmentSizeMax.value - 8,
      size: Store.Options.blobSizeLimit.value, storedLength: RecordHeader.payloadMax, kind: .list,
      isPart: false, codec: .raw)
    table.insert(place, under: 9)
    #expect(table.find(9) == place)
  }

  @Test("The hash depends on realm, digest and key")
  func hashes() {
    let table = MemoryTable(key: SipHash.Key(low: 1, high: 2))
    let name = digest([1])
    #expect(table.hash(name, in: realmA) != table.hash(name, in: realmB))
    #expect(table.hash(name, in: realmA) != table.hash(digest([2]), in: realmA))
    #expect(table.hash(name, in: realmA) != MemoryTable().hash(name, in: realmA))
  }
}
