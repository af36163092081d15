import DiskRig
import Glibc
import LarderCore
import LarderPlatform
import Testing

@testable import LarderStore

@Suite("Many threads")
struct StoreConcurrencyTests {
  let scratch = Scratch()

  @Test("Writers, readers and syncs of two realms see whole blobs only")
  func mixed() throws {
    let store = try Store.filled(scratch.path, options: .small)
    let wrong = Locked<[String]>([])
    threads(8) { number in
      var random = Seeded(UInt64(number % 4))
      let realm = number < 4 ? realmA : realmB
      do {
        for step in 0..<60 {
          // Four seeds on eight threads: each blob is put twice, at about the same time.
          let bytes = random.noise(Int(random.next() % 12_000))
          let result = try store.put(bytes, in: realm, ack: step % 7 == 0 ? .durable : .accepted)
          if try store.read(result.digest, in: [realm]) != bytes {
            wrong.withLock { $0.append("thread \(number) step \(step)") }
          }
        }
      } catch {
        wrong.withLock { $0.append("\(error)") }
      }
    }
    #expect(wrong.withLock { $0 } == [])
    let total = store.statistics.total
    try store.close()
    let again = try Store.filled(scratch.path, options: .small)
    #expect(again.opening == OpeningReport())
    #expect(again.statistics.total == total)
  }

  @Test("Durable puts that wait together share one sync")
  func groupCommit() throws {
    let faults = Faults()
    let store = try Store.filled(scratch.path, options: .small, system: faults.system)
    try store.put([0], ack: .durable)
    let isFirst = Locked(true)
    faults.set { call, _, _ in
      guard call == .fdatasync else { return nil }
      let mustWait = isFirst.withLock { first in
        defer { first = false }
        return first
      }
      // The first sync ends only after all are written; those that it did not see wait behind it.
      while mustWait, store.statistics.total.blobs < 9 { sched_yield() }
      return nil
    }
    let before = store.statistics.counters.syncs
    let failures = Locked(0)
    threads(8) { number in
      do {
        try store.put([1, UInt8(number)], ack: .durable)
      } catch {
        failures.withLock { $0 += 1 }
      }
    }
    #expect(failures.withLock { $0 } == 0)
    #expect(store.statistics.unsyncedRecords == 0)
    #expect((1...2).contains(store.statistics.counters.syncs - before))
  }
}
