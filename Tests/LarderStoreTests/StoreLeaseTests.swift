import DiskRig
import LarderCore
import Testing

@testable import LarderStore

@Suite("Leases")
struct StoreLeaseTests {
  let scratch = Scratch()
  let now = Locked(ContinuousClock.now)

  private func open(_ options: Store.Options = .small) throws -> Store {
    try Store.filled(scratch.path, options: options) { [now] in now.withLock { $0 } }
  }

  private func isHeld(_ digest: Digest, _ store: Store) throws -> Bool {
    do {
      #expect(try store.evict(digest, in: realmA))
      return false
    } catch {
      guard error.code == .busy else { throw error }
      return true
    }
  }

  @Test("Where one blob is missing, none is leased, whatever ends the lease")
  func allOrNone() throws {
    let store = try open()
    let there = try store.put([1, 2, 3]).digest
    let absent = digest([9])
    let elsewhere = try store.put([4], in: realmB).digest
    for missing in [absent, elsewhere] {
      #expect(code { _ = try store.lease([there, missing], in: [realmA]) } == .notFound)
      #expect(
        code { _ = try store.lease([there, missing], in: [realmA], for: .seconds(9)) } == .notFound)
    }
    #expect(try !isHeld(there, store))
  }

  @Test("A list that proves damaged is a miss, and so not leased")
  func damagedList() throws {
    let store = try open()
    var random = Seeded(1)
    let name = try store.put(random.noise(40_000), ack: .durable).digest
    let found = try #require(store.find(name, in: [realmA]))
    try overwrite(
      scratch.segments()[0], at: Int(found.place.offset) + RecordHeader.byteCount + 5, with: [1, 2])
    #expect(code { _ = try store.lease([name], in: [realmA]) } == .notFound)
  }

  @Test("A lease by time holds until then, and its user alone ends it before, in its realm")
  func time() throws {
    let store = try open()
    let name = try store.put([1, 2, 3]).digest
    func take() throws -> TimedLease {
      try store.lease([name, name], in: [realmA], for: .seconds(10), user: 7)
    }
    let lease = try take()
    #expect(lease.byteCount.value == 3 && lease.life == .seconds(10))
    #expect(!store.endLease(lease.number, in: realmB, user: 7))
    #expect(!store.endLease(lease.number, in: realmA, user: 8))
    #expect(!store.endLease(lease.number, in: realmA))
    now.withLock { $0 += .seconds(9) }
    #expect(try isHeld(name, store))
    #expect(store.endLease(lease.number, in: realmA, user: 7))
    #expect(!store.endLease(lease.number, in: realmA, user: 7))
    let other = try take()
    #expect(other.number != lease.number)
    #expect(store.describe(name, in: realmA)?.leases == 1)
    now.withLock { $0 += .seconds(10) }
    #expect(store.describe(name, in: realmA)?.leases == 0)
    #expect(!store.endLease(other.number, in: realmA, user: 7))
    #expect(try !isHeld(name, store))
  }

  @Test("A lease lasts a day at most, and one without a time as long as its holder")
  func life() throws {
    let store = try open()
    let names = try [store.put([1]).digest, store.put([2]).digest]
    let timed = try store.lease([names[0]], in: [realmA], for: .seconds(1 << 40))
    #expect(timed.life == .seconds(86_400))
    let bound = try store.lease([names[1]], in: [realmA])
    // Nobody ends by its number what has a holder.
    #expect(!store.endLease(bound.number, in: realmA))
    now.withLock { $0 += .seconds(86_400) }
    #expect(try !isHeld(names[0], store))
    #expect(try isHeld(names[1], store))
    bound.release()
    #expect(try !isHeld(names[1], store))
  }

  @Test("What no realm may lease is refused for good, what others have leased for now")
  func budget() throws {
    var options = Store.Options.small
    options.leasedBytesMax = ByteCount(10)
    let store = try open(options)
    let names = try [[1, 2, 3, 4, 5, 6], [2, 2, 2, 2], [3]].map { try store.put($0).digest }
    #expect(code { _ = try store.lease(names, in: [realmA]) } == .tooLarge)
    let first = try store.lease([names[0]], in: [realmA], for: .seconds(10))
    let second = try store.lease([names[1]], in: [realmA])
    #expect(code { _ = try store.lease([names[2]], in: [realmA]) } == .busy)
    #expect(store.endLease(first.number, in: realmA))
    let third = try store.lease([names[2]], in: [realmA])
    #expect(second.byteCount.value + third.byteCount.value == 5)
    // The daemon's own holds count for nobody.
    let own = try store.hold(names, in: realmA)
    _ = try store.lease([names[2]], in: [realmA])
    own.release()
  }

  @Test("A realm has as many leases as the limit, and another realm its own")
  func leasesMax() throws {
    let store = try open()
    let (name, other) = try (store.put([1]).digest, store.put([1], in: realmB).digest)
    var leases = try (0..<Store.Options.leasesMax).map { _ in
      try store.lease([name], in: [realmA])
    }
    #expect(code { _ = try store.lease([name], in: [realmA], for: .seconds(1)) } == .busy)
    _ = try store.lease([other], in: [realmB])
    leases.removeLast()
    leases.append(try store.lease([name], in: [realmA]))
    #expect(try isHeld(name, store))
    leases = []
    #expect(try !isHeld(name, store))
  }
}
