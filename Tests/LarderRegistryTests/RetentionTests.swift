import LarderCore
import LarderRegistry
import Testing

@Suite("Retention and schedules")
struct RetentionTests {
  let fixture: Fixture
  let registry: Registry
  let realm: RealmID
  /// Seconds since 1970; each look at it takes one.
  var time: Int64 { fixture.clock.withLock { $0 } }

  init() async throws {
    fixture = try Fixture()
    var limits = RegistryLimits()
    limits.releasesMax = 6
    registry = try fixture.open(limits: limits)
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

  @Test("Releases are kept for their number or for their age, up to a limit")
  func countAndAge() async throws {
    registry.retain(Retention(count: 2, seconds: 1_000), in: realm)
    for number in 1...4 { try await commit(number) }
    #expect(try await kept() == [4, 3, 2, 1].map { draft($0).id })
    // Two have become too old; what comes takes them away.
    fixture.clock.withLock { $0 += 1_000 }
    try await commit(5)
    #expect(try await kept() == [5, 4].map { draft($0).id })
    for number in 6...12 { try await commit(number) }
    #expect(try await kept() == [12, 11, 10, 9, 8, 7].map { draft($0).id })
  }

  @Test("What is old goes without a commit, but not what a channel, a pin or a session holds")
  func prune() async throws {
    registry.retain(Retention(count: 1, seconds: 1_000), in: realm)
    for number in 1...5 { try await commit(number) }
    try await registry.setChannel(ChannelName("stable")!, of: nav, in: realm, to: draft(1).id)
    try await registry.pin(draft(2).id, of: nav, in: realm, bytesMax: .mebibytes(1))
    #expect(try await registry.prune(in: realm, inUse: [:]) == 0)
    fixture.clock.withLock { $0 += 1_000 }
    #expect(try await registry.prune(in: realm, inUse: [nav: [draft(3).id]]) == 1)
    #expect(try await kept() == [5, 3, 2, 1].map { draft($0).id })
    #expect(try await registry.prune(in: realm, inUse: [:]) == 1)
    // `current` is held whatever else is newer.
    try await registry.setChannel(.current, of: nav, in: realm, to: draft(1).id)
    #expect(try await registry.prune(in: realm, inUse: [:]) == 0)
    #expect(try await kept() == [5, 2, 1].map { draft($0).id })
  }

  @Test("An update interval outlives the process, and goes with its remote")
  func schedules() async throws {
    #expect(try await registry.updateIntervals(in: realm).isEmpty)
    try await registry.setUpdateInterval(600, of: nav, in: realm)
    try await registry.setUpdateInterval(0, of: nav, in: realm)
    try await registry.setUpdateInterval(60, of: nav, in: realm)
    try registry.close()
    let again = try fixture.open()
    #expect(try await again.updateIntervals(in: realm) == [nav: 60])
    await #expect(throws: RegistryError.self) {
      try await again.setUpdateInterval(60, of: RemoteName("no")!, in: realm)
    }
    try await again.removeRemote(nav, in: realm)
    _ = try await again.addRemote(nav, urls: ["http://a.test/"], in: realm)
    #expect(try await again.updateIntervals(in: realm).isEmpty)
  }
}
