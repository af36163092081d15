import LarderCore
import LarderRegistry
import Testing

@Suite("Moves of channels")
struct MoveTests {
  @Test("Each call that may move a channel tells so, with its remote and realm, and no other")
  func told() async throws {
    let fixture = try Fixture()
    let registry = try fixture.open()
    let realm = try await registry.realm(named: userRealm).id
    let moves = Locked<[String]>([])
    registry.whenChannelsMove { remote, realm in
      moves.withLock { $0.append("\(remote) of \(realm.rawValue)") }
    }
    func told() -> [String] {
      moves.withLock { moves in
        defer { moves = [] }
        return moves
      }
    }
    let ours = ["nav of \(realm.rawValue)"]
    _ = try await registry.addRemote(nav, urls: ["http://a.test/"], in: realm)
    #expect(told() == ours)
    _ = try await registry.updateURLs(["http://b.test/"], of: nav, in: realm)
    #expect(told() == ours)
    for number in 1...2 {
      _ = try await registry.commitRelease(
        draft(number), of: nav, in: realm, movingChannel: .current)
      #expect(told() == ours)
    }
    let stable = valid(ChannelName("stable"))
    try await registry.setChannel(stable, of: nav, in: realm, to: draft(1).id)
    #expect(told() == ours)
    _ = try await registry.rollback(of: nav, in: realm)
    #expect(told() == ours)
    try await registry.pin(draft(2).id, of: nav, in: realm, bytesMax: .mebibytes(1))
    #expect(
      try await registry.releases(at: .current, of: [nav, valid(RemoteName("cart"))], in: realm)
        == [nav: draft(1).id])
    #expect(told().isEmpty)
    try await registry.removeRemote(nav, in: realm)
    #expect(told() == ours)
    #expect(try await registry.releases(at: .current, of: [nav], in: realm).isEmpty)
  }

  @Test("Channels are looked up by name, in their realm")
  func lookUp() async throws {
    let fixture = try Fixture()
    let registry = try fixture.open()
    let realm = try await registry.realm(named: userRealm).id
    let other = try await registry.realm(named: valid(RealmName("other"))).id
    for (number, place) in [(1, realm), (2, other)] {
      _ = try await registry.commitRelease(
        draft(number), of: nav, in: place, movingChannel: .current, creatingRemote: true)
    }
    let next = valid(ChannelName("next"))
    #expect(try await registry.releases(at: next, of: [nav], in: realm).isEmpty)
    #expect(
      try await registry.releases(at: .current, of: [nav], in: other) == [nav: draft(2).id])
  }
}
