import DiskRig
import Foundation
import LarderCore
import Testing

@testable import LarderStore

@Suite("Hot tier")
struct HotTierTests {
  private let options = Store.Options.small

  private func key(_ number: Int, _ realm: RealmID = realmA) -> HotKey {
    let name = withUnsafeBytes(of: number) { RunningDigest.digest($0) }
    return HotKey(digest: name, realm: realm, kind: .chunk)
  }

  /// Bytes that no other number has.
  private func bytes(_ number: Int, _ count: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: count)
    withUnsafeBytes(of: number) { bytes.replaceSubrange(0..<min(8, count), with: $0.prefix(count)) }
    return bytes
  }

  private func read(_ tier: HotTier, _ key: HotKey) throws -> [UInt8]? {
    var found: [UInt8]?
    let isHit = try tier.read(key) { found = Array($0) }
    #expect(isHit == (found != nil))
    return found
  }

  /// A read as the store makes it.
  @discardableResult
  private func touch(_ tier: HotTier, _ key: HotKey, _ bytes: [UInt8]) throws -> Bool {
    var isRight = true
    if try tier.read(key, { isRight = Array($0) == bytes }) {
      // Not compared in the macro, which would search thousands of bytes for their difference.
      #expect(isRight)
      return true
    }
    bytes.withUnsafeBytes { tier.admit(key, $0) }
    return false
  }

  @Test("A blob is kept when it is read for the second time, and answered from the third on")
  func secondTouch() throws {
    let tier = HotTier(options)
    let bytes = bytes(1, 100)
    #expect(try !touch(tier, key(1), bytes))
    #expect(tier.statistics().residentBytes == 0)
    #expect(try !touch(tier, key(1), bytes))
    #expect(try touch(tier, key(1), bytes))
    #expect(try read(tier, key(1, realmB)) == nil)
    #expect(tier.statistics().admitted == 1)
  }

  @Test("It agrees with a dictionary and stays within its budgets", arguments: [21, 22, 23, 24])
  func model(seed: UInt64) throws {
    print("seed \(seed)")
    var random = Seeded(seed)
    var options = options
    options.hotMemoryPerRealm = .kibibytes(160)
    let tier = HotTier(options)
    var held: [(Slab, UInt32)] = []
    // In all, of one realm, and handed out.
    var most = (0, 0, 0)
    for step in 0..<6000 {
      let number = Int(random.next() % 200)
      let realm = random.next() % 3 == 0 ? realmB : realmA
      let name = key(number, realm)
      // A number's length is its own: what is found under a key is compared with what was put.
      let content = bytes(number << 8 | Int(realm.rawValue), 1 + number * 41 % 9000)
      switch random.next() % 100 {
      case 0: tier.forget(name.digest, realm)
      case 1 where step % 8 == 0: tier.forget(realm)
      case 2:
        if let slab = tier.extent(name, isShared: true)?.slab {
          let user = UInt32(random.next() % 2)
          if try tier.handOut(slab, to: user) != nil { held.append((slab, user)) }
        }
      case 3:
        if let index = held.indices.randomElement(using: &random) {
          let (slab, user) = held.remove(at: index)
          tier.takeBack(slab.id, from: user)
        }
      default: try touch(tier, name, content)
      }
      let figures = tier.statistics()
      most.0 = max(most.0, figures.residentBytes)
      most.1 = max(most.1, tier.statistics(of: realmA).residentBytes)
      most.2 = max(most.2, figures.handedOutBytes)
    }
    let figures = tier.statistics()
    #expect(most.0 <= 256 << 10)
    #expect(most.1 <= 160 << 10)
    #expect(most.2 <= 2 * 64 << 10)
    #expect(figures.hits > 500)
    #expect(figures.evictedSlabs > 5)
    tier.forget()
    for (slab, user) in held { tier.takeBack(slab.id, from: user) }
    held = []
    #expect(tier.statistics().residentBytes == 0)
    #expect(tier.statistics().handedOutBytes == 0)
  }

  @Test("A full slab is sealed, and answers as before")
  func sealed() throws {
    let tier = HotTier(options)
    for number in 0..<9 {
      for _ in 0..<2 { try touch(tier, key(number), bytes(number, 8000)) }
    }
    // Four to a slab: two are full, and one is open.
    #expect(
      (0..<9).map { tier.extent(key($0), isShared: true) != nil } == Array(
        repeating: true, count: 8) + [
          false
        ])
    for number in 0..<9 { #expect(try read(tier, key(number)) == bytes(number, 8000)) }
  }

  @Test("What is longer than a quarter of a slab is left on disk")
  func long() throws {
    let tier = HotTier(options)
    let quarter = Int(options.slabSize.value) / 4
    for _ in 0..<2 {
      try touch(tier, key(1), bytes(1, quarter))
      try touch(tier, key(2), bytes(2, quarter + 1))
    }
    #expect(try read(tier, key(1)) != nil)
    #expect(try read(tier, key(2)) == nil)
  }

  @Test("Tiny blobs fill a slab by their number, so that what they cost beside it is bounded")
  func tiny() throws {
    let tier = HotTier(options)
    for number in 0..<33 { for _ in 0..<2 { try touch(tier, key(number), [1]) } }
    #expect(tier.extent(key(31), isShared: true) != nil)
    #expect(tier.extent(key(32), isShared: true) == nil)
  }

  @Test("A user holds a bounded number of bytes, on however many connections, until it gives back")
  func handOut() throws {
    let tier = HotTier(options)
    for number in 0..<16 {
      for _ in 0..<2 { try touch(tier, key(number), bytes(number, 8000)) }
    }
    let slabs = [0, 4, 8].compactMap { tier.extent(key($0), isShared: true)?.slab }
    try #require(slabs.count == 3)
    // A quarter of 256 KiB are two slabs of 32 KiB.
    #expect(try tier.handOut(slabs[0], to: 7) != nil)
    #expect(try tier.handOut(slabs[1], to: 7) != nil)
    #expect(try tier.handOut(slabs[2], to: 7) == nil)
    // The same slab again costs nothing, but is given back as often as it was taken.
    #expect(try tier.handOut(slabs[0], to: 7) != nil)
    #expect(try tier.handOut(slabs[2], to: 8) != nil)
    tier.takeBack(slabs[0].id, from: 7)
    #expect(try tier.handOut(slabs[2], to: 7) == nil)
    tier.takeBack(slabs[0].id, from: 7)
    tier.takeBack(slabs[0].id, from: 7)
    #expect(try tier.handOut(slabs[2], to: 7) != nil)
  }

  @Test("Bytes that a user holds stay charged after everything is forgotten, and are not evicted")
  func heldBytes() throws {
    let tier = HotTier(options)
    for number in 0..<5 { for _ in 0..<2 { try touch(tier, key(number), bytes(number, 8000)) } }
    do {
      let slab = try #require(tier.extent(key(0), isShared: true)?.slab)
      #expect(try tier.handOut(slab, to: 7) != nil)
    }
    for number in 100..<200 { for _ in 0..<2 { try touch(tier, key(number), bytes(number, 8000)) } }
    let slab = tier.extent(key(0), isShared: true)?.slab.id
    #expect(slab != nil)
    tier.forget()
    #expect(tier.statistics().residentBytes == 32 << 10)
    if let slab { tier.takeBack(slab, from: 7) }
    #expect(tier.statistics().residentBytes == 0)
  }

  @Test("Readers see whole blobs while another thread evicts")
  func concurrency() throws {
    let tier = HotTier(options)
    let wrong = Locked(0)
    DispatchQueue.concurrentPerform(iterations: 4) { thread in
      var random = Seeded(UInt64(thread))
      for _ in 0..<3000 {
        let number = Int(random.next() % 60)
        let content = bytes(number, 1000 + number * 100)
        do {
          if thread == 0, random.next() % 50 == 0 { tier.forget(realmA) }
          if try !tier.read(
            key(number),
            { found in
              if Array(found) != content { wrong.withLock { $0 += 1 } }
            })
          {
            content.withUnsafeBytes { tier.admit(key(number), $0) }
          }
        } catch {
          wrong.withLock { $0 += 1 }
        }
      }
    }
    #expect(wrong.withLock { $0 } == 0)
    #expect(tier.statistics().residentBytes <= 256 << 10)
    #expect(tier.statistics().hits > 0)
  }
}
