import DiskRig
import LarderCore
import LarderPlatform
import SystemPackage
import Testing

@testable import LarderStore

@Suite("Store")
struct StoreTests {
  let scratch = Scratch()

  @Test("What was put is read, before and after a reopening", arguments: [0, 1, 7, 8, 4095, 4096])
  func putReadReopen(size: Int) throws {
    var random = Seeded(UInt64(size))
    let text = random.text(size)
    let store = try Store.filled(scratch.path, options: .small)
    let result = try store.put(text, ack: .durable)
    #expect(result.digest == digest(text))
    #expect(result.size.value == Int64(size))
    #expect(!result.deduplicated)
    #expect(try store.read(result.digest, in: [realmA]) == text)
    try store.close()
    let again = try Store.filled(scratch.path, options: .small)
    #expect(again.stat(result.digest, in: [realmA])?.size.value == Int64(size))
    #expect(try again.read(result.digest, in: [realmA]) == text)
    #expect(again.opening == OpeningReport())
  }

  @Test("A blob put twice is stored once, and only within its realm")
  func deduplication() throws {
    let store = try Store.filled(scratch.path, options: .small)
    let bytes = Array("shared by all".utf8)
    let first = try store.put(bytes)
    let second = try store.put(bytes)
    #expect(second.deduplicated && second.storedBytes == .zero)
    #expect(store.stat(first.digest, in: [realmB]) == nil)
    #expect(code { _ = try store.read(first.digest, in: [realmB]) } == .notFound)
    let other = try store.put(bytes, in: realmB)
    #expect(!other.deduplicated)
    #expect(try store.read(first.digest, in: [realmB, realmA]) == bytes)
    #expect(try scratch.segments().count == 2)
    #expect(store.statistics.total.blobs == 2)
    #expect(store.statistics.counters.deduplicatedPuts == 1)
  }
}
