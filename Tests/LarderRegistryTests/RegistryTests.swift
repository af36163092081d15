import Foundation
import GRDB
import LarderCore
import LarderRegistry
import Testing

@Suite struct RegistryTests {
  let fixture: Fixture

  init() throws { fixture = try Fixture() }

  @Test("A realm keeps its number under its name, over reopening")
  func realms() async throws {
    let registry = try fixture.open()
    let first = try await registry.realm(named: userRealm)
    let second = try await registry.realm(named: RealmName("job:pr/nav")!)
    #expect(first.id != second.id)
    #expect(try await registry.realm(named: userRealm) == first)
    try registry.close()
    let again = try fixture.open()
    #expect(try await again.realm(named: userRealm) == first)
    #expect(try await again.realms() == [first, second])
  }

  @Test("A remote is added, listed, given other URLs and removed with its releases")
  func remotes() async throws {
    let registry = try fixture.open()
    let realm = try await registry.realm(named: userRealm).id
    let other = try await registry.realm(named: RealmName("other")!).id
    let added = try await registry.addRemote(
      nav, urls: ["http://a.test/", "http://b.test/"], in: realm)
    #expect(added.urls == ["http://a.test/", "http://b.test/"])
    #expect(try await registry.remotes(in: realm) == [added])
    #expect(try await registry.remotes(in: other) == [])
    #expect(try await registry.remote(nav, in: other) == nil)
    let moved = try await registry.updateURLs(["http://c.test/"], of: nav, in: realm)
    #expect(try await registry.remote(nav, in: realm) == moved)
    #expect(moved.addedAt == added.addedAt)
    _ = try await registry.commitRelease(draft(1), of: nav, in: realm, movingChannel: .current)
    try await registry.removeRemote(nav, in: realm)
    #expect(try await registry.remote(nav, in: realm) == nil)
    #expect(try await registry.referencedDigests(in: realm) == [])
    await expect(.notFound) { try await registry.removeRemote(nav, in: realm) }
    await expect(.notFound) { try await registry.updateURLs([], of: nav, in: realm) }
  }

  @Test("A name is registered once, and URLs with white space are refused")
  func remoteErrors() async throws {
    let registry = try fixture.open()
    let realm = try await registry.realm(named: userRealm).id
    _ = try await registry.addRemote(nav, urls: [], in: realm)
    await expect(.alreadyExists) { try await registry.addRemote(nav, urls: [], in: realm) }
    let name = RemoteName("cart")!
    for url in ["", "http://a b/", "http://a\n/", "http://\u{0}/"] {
      await expect(.invalid) { try await registry.addRemote(name, urls: [url], in: realm) }
    }
    await expect(.notFound) { try await registry.addRemote(name, urls: [], in: RealmID(77)) }
  }

  @Test("Limits hold one past, and not at, their value")
  func limits() async throws {
    var limits = RegistryLimits()
    limits.realmsMax = 2
    limits.remotesMax = 2
    limits.urlsMax = 2
    limits.channelsMax = 2
    limits.variantsMax = 2
    limits.assetsMax = 6
    limits.factsBytesMax = 4
    let registry = try fixture.open(limits: limits)
    let realm = try await registry.realm(named: userRealm).id
    _ = try await registry.realm(named: RealmName("two")!)
    await expect(.limit) { try await registry.realm(named: RealmName("three")!) }
    _ = try await registry.addRemote(nav, urls: ["http://a/", "http://b/"], in: realm)
    await expect(.limit) {
      try await registry.updateURLs(["http://a/", "http://b/", "http://c/"], of: nav, in: realm)
    }
    _ = try await registry.addRemote(RemoteName("two")!, urls: [], in: realm)
    await expect(.limit) { try await registry.addRemote(RemoteName("three")!, urls: [], in: realm) }
    let good = draft(1, facts: "1234")
    let release = try await registry.commitRelease(
      good, of: nav, in: realm, movingChannel: .current)
    try await registry.setChannel(ChannelName("two")!, of: nav, in: realm, to: release.id)
    await expect(.limit) {
      try await registry.setChannel(ChannelName("three")!, of: nav, in: realm, to: release.id)
    }
    await expect(.limit) {
      try await registry.commitRelease(
        draft(2, facts: "12345"), of: nav, in: realm, movingChannel: nil)
    }
    let third = ReleaseVariant(
      target: "node", ruleSet: "", webpack: "", entry: "a.js", facts: "", stats: nil,
      assets: [ReleaseAsset(path: "a.js", blob: BlobStat(digest: digest(1), size: .zero), type: "")]
    )
    await expect(.limit) {
      try await registry.commitRelease(
        ReleaseDraft(id: good.id, completeness: .exact, variants: good.variants + [third]),
        of: nav, in: realm, movingChannel: nil)
    }
  }

  @Test(
    "The barrier sees every digest before they are committed, and nothing is committed if it fails")
  func barrier() async throws {
    let registry = try fixture.open()
    let realm = try await registry.realm(named: userRealm).id
    _ = try await registry.addRemote(nav, urls: [], in: realm)
    fixture.failing.withLock { $0 = true }
    await expect(.notSynced) {
      try await registry.commitRelease(draft(1), of: nav, in: realm, movingChannel: .current)
    }
    await expect(.notSynced) { try await registry.recordFetches([fetch(1, in: realm)]) }
    #expect(try await registry.releases(of: nav, in: realm) == [])
    #expect(try await registry.fetch(fetch(1, in: realm).key) == nil)
    fixture.failing.withLock { $0 = false }
    _ = try await registry.commitRelease(draft(1), of: nav, in: realm, movingChannel: .current)
    try await registry.recordFetches([fetch(1, in: realm), fetch(2, in: realm)])
    let seen = fixture.synced.withLock { $0 }
    #expect(seen.map(\.0) == [realm, realm])
    #expect(seen.map(\.1) == [draft(1).digests, [digest(1), digest(2)]])
    #expect(fixture.ended.withLock { $0 } == 2)
  }

  @Test(
    "Fetches are found by their whole key, replaced, forgotten, and the oldest go past the limit")
  func fetches() async throws {
    var limits = RegistryLimits()
    limits.fetchesMax = 3
    let registry = try fixture.open(limits: limits)
    let realm = try await registry.realm(named: userRealm).id
    let other = try await registry.realm(named: RealmName("other")!).id
    let first = fetch(1, in: realm, at: 10)
    try await registry.recordFetches([
      first, fetch(2, in: realm, at: 20), fetch(1, in: other, at: 5),
    ])
    #expect(try await registry.fetch(first.key) == first)
    for key in [
      FetchKey(realm: realm, credential: "x", url: first.key.url, variant: ""),
      FetchKey(realm: realm, credential: "", url: first.key.url, variant: "x"),
      FetchKey(realm: realm, credential: "", url: first.key.url + "x", variant: ""),
    ] {
      #expect(try await registry.fetch(key) == nil)
    }
    let confirmed = fetch(1, in: realm, at: 30)
    try await registry.recordFetches([confirmed, fetch(3, in: realm, at: 25)])
    #expect(try await registry.fetch(first.key) == confirmed)
    #expect(try await registry.fetchedDigests(in: realm) == [digest(1), digest(2), digest(3)])
    try await registry.recordFetches([fetch(4, in: realm, at: 40)])
    #expect(try await registry.fetchedDigests(in: realm) == [digest(1), digest(3), digest(4)])
    #expect(try await registry.fetchedDigests(in: other) == [digest(1)])
    try await registry.forgetFetches(of: [digest(1), digest(9)], in: realm)
    #expect(try await registry.fetch(first.key) == nil)
    #expect(try await registry.fetchedDigests(in: realm) == [digest(3), digest(4)])
    #expect(try await registry.fetchedDigests(in: other) == [digest(1)])
  }

  @Test("Commits are synced in full, on one exclusive connection with a bounded log")
  func settings() throws {
    let registry = try fixture.open()
    defer { _ = registry }
    // Another connection, even for reading, finds the file held.
    #expect(throws: DatabaseError.self) {
      try DatabaseQueue(path: fixture.path).read { db in
        try Int.fetchOne(db, sql: "SELECT count(*) FROM realms")
      }
    }
    #expect(throws: RegistryError.self) { try fixture.open() }
    do {
      _ = try fixture.open()
    } catch let error as RegistryError {
      #expect(error.code == .locked)
    } catch {
      Issue.record("unexpected: \(error)")
    }
  }
}

/// Expects that `body` throws a `RegistryError` of `code`.
func expect<Value>(
  _ code: RegistryError.Code, sourceLocation: SourceLocation = #_sourceLocation,
  _ body: () async throws -> Value
) async {
  do {
    _ = try await body()
    Issue.record("nothing was thrown instead of \(code)", sourceLocation: sourceLocation)
  } catch let error as RegistryError {
    #expect(error.code == code, "\(error)", sourceLocation: sourceLocation)
    #expect(!error.remedy.isEmpty, sourceLocation: sourceLocation)
  } catch {
    Issue.record("unexpected: \(error)", sourceLocation: sourceLocation)
  }
}
