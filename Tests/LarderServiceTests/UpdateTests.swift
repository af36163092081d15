import LarderCore
import LarderFederation
import LarderMessages
import LarderOrigin
import LarderRegistry
import OriginRig
import Testing

@testable import LarderService

@Suite("Updates on a schedule") struct UpdateTests {
  private func add(
    _ fixture: Fixture, _ url: String, every seconds: Int64? = 600
  ) async throws -> RemoteMessage.Remote {
    _ = try await fixture.service.addRemote(
      "nav", urls: [url], every: seconds, for: fixture.peer)
    return try await fixture.service.updateRemote("nav", for: fixture.peer)
  }

  @Test("A new deploy becomes current by itself; without one nothing but a 304 comes")
  func deploys() async throws {
    try await withUpdates { fixture, clock, turn in
      let origin = try await DeployOrigin(Deploy(name: "nav"))
      let first = try await add(fixture, origin.url)
      #expect(await clock.pauses(1) == [.seconds(30)])
      fixture.time.withLock { $0 += 30 }
      // That a file is not there has a body, too.
      func bodies() -> [String] { origin.bodies.filter { $0 != "/larder-lock.json" } }
      let before = bodies()
      let counts = fixture.service.statistics(for: fixture.peer).origin
      let same = try await turn()
      #expect(same.current == first.current && bodies() == before)
      let later = fixture.service.statistics(for: fixture.peer).origin
      #expect(later.revalidations == counts.revalidations + 1)
      #expect(later.descriptionBytes == counts.descriptionBytes)
      let now = fixture.time.withLock { $0 }
      #expect(
        same.updates
          == RemoteMessage.Updates(everySeconds: 600, askedAt: now, nextAt: now + 600))
      origin.deploy(Deploy(name: "nav", version: "2"))
      let second = try await turn()
      #expect(second.current != first.current && second.releases.count == 2)
    }
  }

  @Test("An origin that fails is asked less and less often, and the current release stays")
  func failures() async throws {
    try await withUpdates { fixture, clock, turn in
      let origin = try await DeployOrigin(Deploy(name: "nav"))
      let first = try await add(fixture, origin.url)
      _ = try await turn()
      origin.set(.html)
      fixture.time.withLock { $0 += 600 }
      let since = fixture.time.withLock { $0 }
      for pause in [600, 1_200, 2_400] {
        let failing = try await turn()
        #expect(await clock.pauses(1) == [.seconds(pause)])
        #expect(failing.current == first.current && failing.state == .failed)
        #expect(failing.updates?.failingSince == since && failing.updates?.message != nil)
        fixture.time.withLock { $0 += 600 }
      }
      origin.set(.healthy)
      let whole = try await turn()
      #expect(whole.state == .complete && whole.updates?.failingSince == nil)
      #expect(await clock.pauses(1) == [.seconds(600)])
    }
  }

  @Test("A deploy of which less is known is kept, but becomes current only when somebody asks")
  func worse() async throws {
    try await withUpdates { fixture, _, turn in
      let origin = try await DeployOrigin()
      origin.set("/stall/remoteEntry.js", CodeBuild.entry)
      origin.set("/stall/37.js", CodeBuild.chunk("0"))
      let first = try await add(fixture, origin.http.url("/stall/remoteEntry.js"))
      #expect(first.current?.completeness == "closed")
      origin.set("/stall/remoteEntry.js", CodeBuild.entry + "\n")
      origin.set("/stall/37.js", CodeBuild.chunk("n.e(t).then(t)"))
      let kept = try await turn()
      #expect(kept.current == first.current && kept.releases.count == 2)
      let other = try #require(kept.releases.first)
      #expect(other.completeness == "open")
      #expect(kept.updates?.message?.contains(other.release) == true)
      // It is not fetched again each time.
      let asked = origin.counts["/stall/37.js"]
      #expect(try await turn().current == first.current)
      #expect(origin.counts["/stall/37.js"] == asked)
      let taken = try await fixture.service.updateRemote("nav", for: fixture.peer)
      #expect(taken.current?.release == other.release && taken.updates?.message == nil)
    }
  }

  @Test("A release that was left by a rollback is not taken again; the next deploy is")
  func rolledBack() async throws {
    try await withUpdates { fixture, _, turn in
      let origin = try await DeployOrigin(Deploy(name: "nav"))
      let first = try await add(fixture, origin.url)
      origin.deploy(Deploy(name: "nav", version: "2"))
      _ = try await turn()
      let back = try await fixture.service.rollBack("nav", for: fixture.peer)
      #expect(back.current?.release == first.current?.release)
      let left = try await turn()
      #expect(left.current?.release == first.current?.release)
      #expect(left.updates?.message?.contains("larder remote update nav") == true)
      origin.deploy(Deploy(name: "nav", version: "3"))
      let third = try await turn()
      #expect(third.releases.count == 3 && third.current?.release == third.releases[0].release)
    }
  }

  @Test("The policy's interval holds for remotes of which nothing else was said")
  func policy() async throws {
    var rules = RealmPolicy.Realm()
    rules.updateInterval = .seconds(40)
    try await withUpdates(RealmPolicy(others: rules)) { fixture, clock, _ in
      let origin = try await DeployOrigin(Deploy(name: "nav"))
      #expect(try await add(fixture, origin.url, every: nil).updates?.everySeconds == 40)
      #expect(await clock.pauses(1) == [.seconds(20)])
      let off = try await fixture.service.updateRemote("nav", every: 0, for: fixture.peer)
      #expect(off.updates?.everySeconds == nil)
      #expect(await clock.pauses(0).isEmpty)
      for seconds: Int64 in [-1, 9, 30 * 86_400 + 1] {
        try await expectError(.badRequest) {
          try await fixture.service.updateRemote("nav", every: seconds, for: fixture.peer)
        }
      }
      try await fixture.service.removeRemote("nav", for: fixture.peer)
      _ = await clock.pauses(0)
    }
  }

  @Test("Releases that have become too old go without a deploy, except what a session runs")
  func retention() async throws {
    var rules = RealmPolicy.Realm()
    rules.retention = Retention(count: 1, seconds: 1_000)
    let rest = ManualClock()
    try await withService(policy: RealmPolicy(others: rules)) { fixture in
      for version in ["1", "2", "3"] {
        try await fixture.publish(Deploy(name: "nav", version: version))
      }
      func kept() async throws -> RemoteMessage.Remote {
        try await fixture.service.showRemote("nav", for: fixture.peer)
      }
      #expect(try await kept().retention == .init(newest: 1, seconds: 1_000))
      let oldest = try #require(try await kept().releases.last?.release)
      let host = SessionMessage.Open(
        session: 1, host: .init(name: "host"), releases: ["nav": oldest])
      let session = try await fixture.service.openSession(host, for: fixture.peer).session
      let keeper = Task { await fixture.service.keepRemotes(sleep: rest.timing.sleep) }
      #expect(await rest.pauses(1) == [.seconds(3_600)])
      #expect(try await kept().releases.count == 3)
      fixture.time.withLock { $0 += 1_000 }
      rest.advance(.seconds(3_600))
      _ = await rest.pauses(1)
      #expect(try await kept().releases.count == 2)
      #expect(try await kept().releases.last?.release == oldest)
      withExtendedLifetime(session) {}
      keeper.cancel()
      await keeper.value
    }
  }
}
