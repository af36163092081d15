import LarderCore
import LarderFederation
import LarderMessages
import LarderOrigin
import LarderRegistry
import LarderStore
import OriginRig
import Testing

@testable import LarderService

@Suite("WATCH")
struct WatchTests {
  private func watch(
    _ known: [String: String?], _ fixture: Fixture, at channel: String? = nil,
    for peer: RealmCapability? = nil
  ) async throws(ServiceError) -> [String: String?] {
    try await fixture.service.watch(
      WatchMessage.Request(known: known, channel: channel), for: peer ?? fixture.peer
    ).moved
  }

  /// Whether the signal of a wait is raised; waits for that until the wait has ended.
  private func isRaised(_ wait: MoveWatchers.Wait) async -> Bool {
    for await _ in wait.moves { return true }
    return false
  }

  @Test("What differs already is answered at once, and no more than that")
  func atOnce() async throws {
    try await withService { fixture in
      let nav = try await fixture.publish(Deploy(name: "nav")).release
      let cart = try await fixture.publish(Deploy(name: "cart")).release
      #expect(try await watch(["nav": nil, "cart": cart, "no": nil], fixture) == ["nav": nav])
      #expect(try await watch(["nav": cart, "cart": nil], fixture) == ["nav": nav, "cart": cart])
      #expect(try await watch(["nav": nav, "no": nav], fixture) == ["no": nil])
      #expect(try await watch(["nav": nav, "cart": nil], fixture, at: "next") == ["nav": nil])
      #expect(fixture.service.watchers.count(in: fixture.peer.realm) == 0)
    }
  }

  @Test("Each kind of move wakes, and only those who wait for that remote")
  func kinds() async throws {
    try await withService { fixture in
      let service = fixture.service
      let origin = try await DeployOrigin(Deploy(name: "nav"))
      var first = ""
      let kinds: [(String, () async throws -> Void)] = [
        (
          "publish",
          { first = try await fixture.publish(Deploy(name: "nav", version: "0")).release }
        ),
        (
          "update",
          {
            _ = try await service.addRemote("nav", urls: [origin.url], for: fixture.peer)
            _ = try await service.updateRemote("nav", for: fixture.peer)
          }
        ),
        (
          "channel",
          {
            _ = try await service.setChannel("next", to: first, of: "nav", for: fixture.peer)
          }
        ),
        ("rollback", { _ = try await service.rollBack("nav", for: fixture.peer) }),
        ("remove", { try await service.removeRemote("nav", for: fixture.peer) }),
      ]
      let (nav, cart) = try (#require(RemoteName("nav")), #require(RemoteName("cart")))
      let realm = fixture.peer.realm
      for (kind, move) in kinds {
        let waits = try [
          service.watchers.join([nav, cart], in: [realm]),
          service.watchers.join([nav], in: [realm]),
          service.watchers.join([cart], in: [realm]),
          service.watchers.join([nav], in: [RealmID(realm.rawValue + 1)]),
        ]
        for wait in waits { #expect(await isRaised(wait), "a look at the start") }
        try await move()
        for wait in waits { service.watchers.leave(wait) }
        var woken: [Bool] = []
        for wait in waits { woken.append(await isRaised(wait)) }
        #expect(woken == [true, true, false, false], "\(kind)")
      }
    }
  }

  @Test("A wait goes on over what is no difference, and ends with the move that is one")
  func follows() async throws {
    try await withService { fixture in
      let old = try await fixture.publish(Deploy(name: "nav", version: "0")).release
      let waiting = Task { try await watch(["nav": old, "cart": nil], fixture) }
      while fixture.service.watchers.count(in: fixture.peer.realm) == 0 { await Task.yield() }
      // The same release again, and another channel.
      _ = try await fixture.publish(Deploy(name: "nav", version: "0"))
      _ = try await fixture.service.setChannel("next", to: old, of: "nav", for: fixture.peer)
      let new = try await fixture.publish(Deploy(name: "nav", version: "1")).release
      #expect(try await waiting.value == ["nav": new])
      try await fixture.service.removeRemote("nav", for: fixture.peer)
      #expect(try await watch(["nav": new], fixture) == ["nav": nil])
    }
  }

  @Test("Two who wait are both answered, and a realm hears of its own remotes only")
  func two() async throws {
    try await withService { fixture in
      let other = try await fixture.service.capability(realm: "other")
      let elsewhere = Task { try await watch(["nav": nil], fixture, for: other) }
      let here = (0..<2).map { _ in Task { try await watch(["nav": nil], fixture) } }
      let watchers = fixture.service.watchers
      while watchers.count(in: other.realm) + watchers.count(in: fixture.peer.realm) < 3 {
        await Task.yield()
      }
      let release = try await fixture.publish(Deploy(name: "nav")).release
      for task in here { #expect(try await task.value == ["nav": release]) }
      #expect(watchers.count(in: fixture.peer.realm) == 0)
      #expect(watchers.count(in: other.realm) == 1)
      elsewhere.cancel()
      try await expectError(.shuttingDown) { try await elsewhere.value }
      #expect(watchers.count(in: other.realm) == 0)
    }
  }

  @Test("When the daemon ends, who waits is told, and who comes then")
  func end() async throws {
    try await withService { fixture in
      let waiting = Task { try await watch(["nav": nil], fixture) }
      while fixture.service.watchers.count(in: fixture.peer.realm) == 0 { await Task.yield() }
      fixture.service.endWatches()
      try await expectError(.shuttingDown) { try await waiting.value }
      try await expectError(.shuttingDown) { try await watch(["nav": nil], fixture) }
    }
  }

  @Test("A request that names nothing, too much or no names is refused")
  func refused() async throws {
    try await withService { fixture in
      func names(_ count: Int) -> [String: String?] {
        Dictionary(uniqueKeysWithValues: (0..<count).map { ("r\($0)", "") })
      }
      #expect(try await watch(names(Service.watchedMax), fixture).count == Service.watchedMax)
      for known in [names(0), names(Service.watchedMax + 1), ["../nav": nil]] {
        try await expectError(.badRequest) { try await watch(known, fixture) }
      }
      try await expectError(.badRequest) { try await watch(["nav": nil], fixture, at: "a/b") }
    }
  }

  @Test("As many as the limit wait in a realm, one more is refused, and others have their own")
  func waitsMax() throws {
    let watchers = MoveWatchers()
    let nav = try #require(RemoteName("nav"))
    let waits = try (0..<MoveWatchers.waitsMax).map { _ in
      try watchers.join([nav], in: [RealmID(1)])
    }
    #expect(throws: ServiceError.self) { try watchers.join([nav], in: [RealmID(1)]) }
    _ = try watchers.join([nav], in: [RealmID(2)])
    watchers.leave(waits[0])
    _ = try watchers.join([nav], in: [RealmID(1)])
  }
}
