import LarderCore
import LarderRegistry
import Testing

@Suite struct ReleaseTests {
  let fixture: Fixture
  let registry: Registry
  let realm: RealmID

  init() async throws {
    fixture = try Fixture()
    registry = try fixture.open()
    realm = try await registry.realm(named: userRealm).id
    _ = try await registry.addRemote(nav, urls: ["http://a.test/"], in: realm)
  }

  private func commit(_ number: Int, inUse: Set<ReleaseID> = []) async throws -> Release {
    try await registry.commitRelease(
      draft(number), of: nav, in: realm, movingChannel: .current, inUse: inUse)
  }

  @Test("A release comes back as it was committed, also after reopening")
  func roundTrip() async throws {
    let facts = #"{"exposes":["./Header"],"text":"é \u0000 \n"}"#
    let committed = try await registry.commitRelease(
      draft(1, facts: facts), of: nav, in: realm, movingChannel: .current)
    #expect(committed.variants == draft(1, facts: facts).variants)
    #expect(committed.completeness == .exact)
    #expect(try await registry.release(committed.id, of: nav, in: realm) == committed)
    #expect(try await registry.currentRelease(of: nav, in: realm) == committed)
    try registry.close()
    let again = try fixture.open()
    #expect(try await again.currentRelease(of: nav, in: realm) == committed)
    #expect(try await again.referencedDigests(in: realm) == draft(1).digests)
  }

  @Test("Committing the same release again changes nothing but its rank and the channel")
  func idempotent() async throws {
    let first = try await commit(1)
    let second = try await commit(2)
    #expect(try await commit(2) == second)
    let again = try await commit(1)
    #expect(again.ordinal > second.ordinal)
    #expect(again.createdAt == first.createdAt)
    #expect(try await registry.releases(of: nav, in: realm).map(\.id) == [first.id, second.id])
    #expect(try await registry.channels(of: nav, in: realm) == [.current: first.id])
  }

  @Test("A channel is left alone unless the commit names it")
  func withoutChannel() async throws {
    let first = try await commit(1)
    _ = try await registry.commitRelease(draft(2), of: nav, in: realm, movingChannel: nil)
    #expect(try await registry.currentRelease(of: nav, in: realm) == first)
    #expect(try await registry.releases(of: nav, in: realm).count == 2)
  }

  @Test("A commit registers an unknown remote only where it is told to")
  func creatingRemote() async throws {
    let cart = RemoteName("cart")!
    await expect(.notFound) {
      try await registry.commitRelease(draft(1), of: cart, in: realm, movingChannel: .current)
    }
    #expect(try await registry.remote(cart, in: realm) == nil)
    _ = try await registry.commitRelease(
      draft(1), of: cart, in: realm, movingChannel: .current, creatingRemote: true)
    #expect(try await registry.remote(cart, in: realm)?.urls == [])
  }

  @Test("What is no release is refused and leaves nothing")
  func refused() async throws {
    let web = draft(1).variants[0]
    func variant(_ paths: [String], entry: String) -> ReleaseVariant {
      ReleaseVariant(
        target: "web", ruleSet: "webpack", webpack: "", entry: entry, facts: "", stats: nil,
        assets: paths.map {
          ReleaseAsset(path: $0, blob: BlobStat(digest: digest(1), size: .zero), type: "")
        })
    }
    let bad: [([ReleaseVariant], RegistryError.Code)] = [
      ([], .limit), ([web, web], .invalid), ([variant(["a.js"], entry: "b.js")], .invalid),
      ([variant(["a.js", "a.js"], entry: "a.js")], .invalid),
      ([variant(["../a.js"], entry: "../a.js")], .invalid),
      ([variant(["/a.js"], entry: "/a.js")], .invalid),
      ([variant(["a\u{0}.js"], entry: "a\u{0}.js")], .invalid),
    ]
    for (variants, code) in bad {
      let draft = ReleaseDraft(id: draft(1).id, completeness: .open, variants: variants)
      await expect(code) {
        try await registry.commitRelease(draft, of: nav, in: realm, movingChannel: .current)
      }
    }
    #expect(try await registry.releases(of: nav, in: realm) == [])
  }

  @Test("Rolling back goes from release to release until there is none")
  func rollback() async throws {
    let releases = [try await commit(1), try await commit(2), try await commit(3)]
    #expect(try await registry.rollback(of: nav, in: realm).id == releases[1].id)
    #expect(try await registry.rollback(of: nav, in: realm).id == releases[0].id)
    #expect(try await registry.currentRelease(of: nav, in: realm)?.id == releases[0].id)
    await expect(.notFound) { try await registry.rollback(of: nav, in: realm) }
    #expect(try await registry.currentRelease(of: nav, in: realm)?.id == releases[0].id)
  }

  @Test("As many moves can be undone as the limit says, and not one more")
  func movesLimit() async throws {
    let releases = [try await commit(1).id, try await commit(2).id]
    let limit = RegistryLimits().channelMovesMax
    for move in 0..<limit {
      try await registry.setChannel(.current, of: nav, in: realm, to: releases[move % 2])
    }
    for _ in 0..<limit { _ = try await registry.rollback(of: nav, in: realm) }
    await expect(.notFound) { try await registry.rollback(of: nav, in: realm) }
  }

  @Test("A channel moves only to a release that is kept")
  func setChannel() async throws {
    let first = try await commit(1)
    let next = ChannelName("next")!
    try await registry.setChannel(next, of: nav, in: realm, to: first.id)
    await expect(.notFound) {
      try await registry.setChannel(next, of: nav, in: realm, to: draft(9).id)
    }
    #expect(
      try await registry.channels(of: nav, in: realm) == [.current: first.id, next: first.id])
  }

  @Test("The oldest releases go past the limit, unless a channel or a session holds them")
  func retention() async throws {
    let limit = RegistryLimits().releasesKeptMax
    let first = try await commit(1)
    let second = try await commit(2)
    let third = try await commit(3)
    try await registry.setChannel(ChannelName("pinned")!, of: nav, in: realm, to: first.id)
    for number in 4...limit { _ = try await commit(number) }
    #expect(try await registry.releases(of: nav, in: realm).count == limit)
    _ = try await commit(limit + 1, inUse: [second.id])
    _ = try await commit(limit + 2, inUse: [second.id])
    _ = try await commit(limit + 3, inUse: [second.id])
    let kept = try await registry.releases(of: nav, in: realm).map(\.id)
    #expect(kept.contains(first.id))
    #expect(kept.contains(second.id))
    #expect(!kept.contains(third.id))
    #expect(kept.count == limit + 2)
    #expect(!(try await registry.referencedDigests(in: realm)).contains(digest(30)))
    // What a channel left and is gone is no place to roll back to.
    for _ in 0..<limit - 1 { _ = try await registry.rollback(of: nav, in: realm) }
    _ = try? await registry.rollback(of: nav, in: realm)
    #expect(try await registry.currentRelease(of: nav, in: realm) != nil)
  }

  @Test("An unknown remote is told from one without releases")
  func unknown() async throws {
    #expect(try await registry.currentRelease(of: nav, in: realm) == nil)
    #expect(try await registry.release(draft(1).id, of: RemoteName("no")!, in: realm) == nil)
    let no = RemoteName("no")!
    await expect(.notFound) { try await registry.currentRelease(of: no, in: realm) }
    await expect(.notFound) { try await registry.releases(of: no, in: realm) }
    await expect(.notFound) { try await registry.channels(of: no, in: realm) }
  }
}
