import GRDB
import LarderCore
import LarderRegistry
import Testing

@Suite("Pins")
struct PinTests {
  let fixture: Fixture
  let registry: Registry
  let realm: RealmID
  let large = ByteCount.mebibytes(1)

  init() async throws {
    fixture = try Fixture()
    registry = try fixture.open()
    realm = try await registry.realm(named: userRealm).id
    _ = try await registry.addRemote(nav, urls: ["http://a.test/"], in: realm)
  }

  private func commit(_ number: Int) async throws {
    _ = try await registry.commitRelease(
      draft(number), of: nav, in: realm, movingChannel: .current)
  }

  private func kept() async throws -> [ReleaseID] {
    try await registry.releases(of: nav, in: realm).map(\.id)
  }

  @Test("A pinned release stays however many come after it, and goes once it is unpinned")
  func retention() async throws {
    try await commit(1)
    try await registry.pin(draft(1).id, of: nav, in: realm, bytesMax: large)
    let limit = RegistryLimits().releasesKeptMax
    for number in 2...limit + 3 { try await commit(number) }
    #expect(try await kept().contains(draft(1).id))
    #expect(try await kept().count == limit + 1)
    #expect(try await registry.referencedDigests(in: realm).isSuperset(of: draft(1).digests))
    try await registry.unpin(draft(1).id, of: nav, in: realm)
    #expect(try await registry.pins(in: realm).pins.isEmpty)
    try await commit(limit + 4)
    #expect(try await !kept().contains(draft(1).id))
  }

  @Test("A pin is durable, is there once, and outlives the process")
  func durable() async throws {
    try await commit(1)
    fixture.synced.withLock { $0 = [] }
    try await registry.pin(draft(1).id, of: nav, in: realm, bytesMax: large)
    #expect(fixture.synced.withLock { $0.map(\.1) } == [draft(1).digests])
    let pins = try await registry.pins(in: realm)
    #expect(pins.byteCount == ByteCount(606))
    #expect(pins.pins.map(\.release) == [draft(1).id] && pins.pins[0].byteCount == ByteCount(606))
    try await registry.pin(draft(1).id, of: nav, in: realm, bytesMax: large)
    #expect(try await registry.pins(in: realm) == pins)
    fixture.failing.withLock { $0 = true }
    await expect(.notSynced) {
      try await registry.pin(draft(1).id, of: nav, in: realm, bytesMax: large)
    }
    try registry.close()
    #expect(try await fixture.open().pins(in: realm) == pins)
  }

  @Test("What is not there, or not pinned, is said, and a realm has pins of its own")
  func unknown() async throws {
    try await commit(1)
    await expect(.notFound) {
      try await registry.pin(draft(9).id, of: nav, in: realm, bytesMax: large)
    }
    await expect(.notFound) { try await registry.unpin(draft(1).id, of: nav, in: realm) }
    let other = try await registry.realm(named: RealmName("other")!).id
    try await registry.pin(draft(1).id, of: nav, in: realm, bytesMax: large)
    #expect(try await registry.pins(in: other).pins.isEmpty)
    await expect(.notFound) { try await registry.unpin(draft(1).id, of: nav, in: other) }
    try await registry.removeRemote(nav, in: realm)
    #expect(try await registry.pins(in: realm).pins.isEmpty)
  }

  @Test("A pin at the budget passes, one past it changes nothing, in bytes and in number")
  func budget() async throws {
    for number in 1...3 { try await commit(number) }
    try await registry.pin(draft(1).id, of: nav, in: realm, bytesMax: ByteCount(606))
    await expect(.limit) {
      try await registry.pin(draft(2).id, of: nav, in: realm, bytesMax: ByteCount(1211))
    }
    #expect(try await registry.pins(in: realm).pins.count == 1)
    try await registry.pin(draft(2).id, of: nav, in: realm, bytesMax: ByteCount(1212))
    try registry.close()
    var limits = RegistryLimits()
    limits.pinsMax = 2
    let narrow = try fixture.open(limits: limits)
    await expect(.limit) {
      try await narrow.pin(draft(3).id, of: nav, in: realm, bytesMax: large)
    }
    #expect(try await narrow.pins(in: realm).pins.map(\.release) == [draft(1).id, draft(2).id])
  }

  @Test("A registry of schema 1 is brought to schema 5 with all that it holds")
  func migration() async throws {
    try await commit(1)
    try registry.close()
    // What schemas 2 to 5 added, taken away again.
    try await DatabaseQueue(path: fixture.path).writeWithoutTransaction { db in
      try db.execute(
        sql: """
          DROP TABLE pins;
          DROP TABLE purges;
          DROP TABLE keyed_entries;
          DROP TABLE schedules;
          DELETE FROM grdb_migrations WHERE identifier IN ('2', '3', '4', '5');
          PRAGMA user_version = 1;
          """)
    }
    let again = try fixture.open()
    #expect(try await again.currentRelease(of: nav, in: realm)?.variants == draft(1).variants)
    try await again.pin(draft(1).id, of: nav, in: realm, bytesMax: large)
    #expect(try await again.pins(in: realm).pins.count == 1)
    try again.close()
    let version = try await DatabaseQueue(path: fixture.path).read { db in
      try Int.fetchOne(db, sql: "PRAGMA user_version")
    }
    #expect(version == 5)
  }
}
