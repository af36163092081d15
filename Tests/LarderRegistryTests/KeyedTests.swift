import GRDB
import LarderCore
import LarderRegistry
import Testing

@Suite("Keyed entries")
struct KeyedTests {
  private let fixture: Fixture
  private let registry: Registry
  private let realm: RealmID

  init() async throws {
    fixture = try Fixture()
    registry = try fixture.open()
    realm = try await registry.realm(named: userRealm).id
  }

  @Test("An entry is found by realm, namespace and key, outlives the process, and is written over")
  func entries() async throws {
    for number in 1...3 { try await registry.put(entry(number, in: realm)) }
    let other = try await registry.realm(named: valid(RealmName("other"))).id
    #expect(try await registry.entry(entry(1, in: other).key) == nil)
    try registry.close()
    let again = try fixture.open()
    for number in 1...3 {
      #expect(try await again.entry(entry(number, in: realm).key) == entry(number, in: realm))
    }
    let elsewhere = valid(
      EntryKey(realm: realm, namespace: valid(NamespaceName("other")), key: "step 1"))
    #expect(try await again.entry(elsewhere) == nil)
    let newer = KeyedEntry(
      key: entry(1, in: realm).key, blob: entry(2, in: realm).blob, needs: [], writtenAt: 7,
      writtenBy: 8, usedAt: 7)
    try await again.put(newer)
    #expect(try await again.entry(newer.key) == newer)
    try await again.removeEntry(newer.key)
    try await again.removeEntry(newer.key)
    #expect(try await again.entry(newer.key) == nil)
  }

  @Test("Beyond the limit those that were not used for longest go, in their realm alone")
  func limit() async throws {
    try registry.close()
    var limits = RegistryLimits()
    limits.entriesMax = 8
    let small = try fixture.open(limits: limits)
    let other = try await small.realm(named: valid(RealmName("other"))).id
    try await small.put(entry(1, in: other, at: 0))
    // One for each of the rows between two counts, and the one above.
    for number in 1...63 { try await small.put(entry(number, in: realm, at: Int64(100 - number))) }
    var left: [Int] = []
    for number in 1...63 where try await small.entry(entry(number, in: realm).key) != nil {
      left.append(number)
    }
    #expect(left == Array(1...8))
    #expect(try await small.entry(entry(1, in: other).key) != nil)
  }

  @Test("A use is written down once a day")
  func uses() async throws {
    let key = entry(1, in: realm).key
    try await registry.put(entry(1, in: realm))
    let written = entry(1, in: realm).usedAt
    for _ in 1...2 { #expect(try await registry.entry(key)?.usedAt == written) }
    fixture.clock.withLock { $0 = written + 86_400 }
    _ = try await registry.entry(key)
    let used = try #require(try await registry.entry(key)?.usedAt)
    #expect(used > written + 86_400)
    #expect(try await registry.entry(key)?.usedAt == used)
  }

  @Test("A damaged entry is told, and can be written over and removed", arguments: [true, false])
  func damage(removing: Bool) async throws {
    try await registry.put(entry(1, in: realm))
    try registry.close()
    try await DatabaseQueue(path: fixture.path).writeWithoutTransaction { db in
      try db.execute(sql: "UPDATE keyed_entries SET size = size + 1")
    }
    let again = try fixture.open()
    await expect(.corrupt) { _ = try await again.entry(entry(1, in: realm).key) }
    if removing {
      try await again.removeEntry(entry(1, in: realm).key)
      #expect(try await again.entry(entry(1, in: realm).key) == nil)
    } else {
      try await again.put(entry(1, in: realm))
      #expect(try await again.entry(entry(1, in: realm).key) == entry(1, in: realm))
    }
  }

  @Test("What is no name of a space, no key, and too much for one entry is refused")
  func bounds() async throws {
    let space = valid(NamespaceName("@scope/tool"))
    for name in ["", "a b", "../a", "a:b", String(repeating: "n", count: 65)] {
      #expect(NamespaceName(name) == nil)
    }
    for key in ["", "a\n", "\u{7f}", String(repeating: "k", count: 513)] {
      #expect(EntryKey(realm: realm, namespace: space, key: key) == nil)
    }
    #expect(
      EntryKey(realm: realm, namespace: space, key: String(repeating: "ü", count: 256)) != nil)
    let full = entry(1, in: realm)
    let much = KeyedEntry(
      key: full.key, blob: full.blob, needs: (0...64).map { digest($0) }, writtenAt: 0,
      writtenBy: nil, usedAt: 0)
    await expect(.invalid) { try await registry.put(much) }
  }
}
