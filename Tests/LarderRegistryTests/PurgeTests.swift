import LarderCore
import LarderRegistry
import Testing

@Suite("Purges")
struct PurgeTests {
  @Test(
    "A purge is remembered while a release names the blob, in its realm, and outlives the process")
  func remembered() async throws {
    let fixture = try Fixture()
    let registry = try fixture.open()
    let realm = try await registry.realm(named: userRealm).id
    let other = try await registry.realm(named: valid(RealmName("other"))).id
    _ = try await registry.commitRelease(
      draft(1), of: nav, in: realm, movingChannel: .current, creatingRemote: true)
    try await registry.recordFetches([fetch(10, in: realm), fetch(11, in: realm)])
    // A file, the description, and what no release names.
    for number in [10, 19, 77] { try await registry.recordPurge(of: digest(number), in: realm) }
    #expect(try await Set(registry.purges(in: realm).keys) == [digest(10), digest(19)])
    #expect(try await registry.purges(in: other).isEmpty)
    #expect(try await registry.fetchedDigests(in: realm) == [digest(11)])
    try registry.close()
    let again = try fixture.open()
    #expect(try await again.purges(in: realm).count == 2)
    // Here again, by another release, then by a fetch.
    try await again.recordFetches([fetch(10, in: realm)])
    #expect(try await Set(again.purges(in: realm).keys) == [digest(19)])
    _ = try await again.commitRelease(draft(1), of: nav, in: realm, movingChannel: .current)
    #expect(try await again.purges(in: realm).isEmpty)
    // The rows go with what names them.
    try await again.recordPurge(of: digest(10), in: realm)
    try await again.removeRemote(nav, in: realm)
    try await again.recordPurge(of: digest(77), in: realm)
    #expect(try await again.purges(in: realm).isEmpty)
  }
}
