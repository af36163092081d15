import LarderCore
import LarderMessages
import LarderOrigin
import OriginRig
import Testing

@testable import LarderService

@Suite("A remote that pages of the public begin with") struct RevalidationTests {
  /// A service with one remote laid down, whose origin a test deploys to, and whose clock it drives.
  private func withRemote(
    _ body: @escaping (Fixture, DeployOrigin, ManualClock) async throws -> Void
  ) async throws {
    let clock = ManualClock()
    try await withService(timing: clock.timing) { fixture in
      let origin = try await DeployOrigin(Deploy(name: "nav", loading: "jsonp"))
      try await fixture.service.lay(down: ["nav": [origin.url]], for: fixture.peer)
      _ = try await fixture.service.pageRelease(of: "nav", for: fixture.peer)
      try await body(fixture, origin, clock)
    }
  }

  private func release(
    _ fixture: Fixture, _ freshness: Freshness = Freshness()
  ) async throws -> String {
    await fixture.service.revalidate("nav", within: freshness, for: fixture.peer)
    return try await fixture.service.pageRelease(of: "nav", for: fixture.peer).id
  }

  @Test("is its origin's newest deploy each time, unless a while is nobody's matter")
  func newest() async throws {
    try await withRemote { fixture, origin, clock in
      let first = try await release(fixture)
      origin.deploy(Deploy(name: "nav", version: "2", loading: "jsonp"))
      let tenSeconds = Freshness(fresh: .seconds(10))
      #expect(try await release(fixture, tenSeconds) == first)
      let second = try await release(fixture)
      #expect(second != first)
      origin.deploy(Deploy(name: "nav", version: "3", loading: "jsonp"))
      clock.advance(.seconds(9))
      #expect(try await release(fixture, tenSeconds) == second)
      clock.advance(.seconds(1))
      #expect(try await release(fixture, tenSeconds) != second)
    }
  }

  @Test("stays what it was while its origin fails, which is left alone the longer it does")
  func failing() async throws {
    try await withRemote { fixture, origin, clock in
      let first = try await release(fixture)
      origin.set(.html)
      #expect(try await release(fixture) == first)
      // Nobody asks while it rests.
      let asked = origin.http.requests.count
      #expect(try await release(fixture) == first)
      clock.advance(Revalidations.restFirst - .milliseconds(1))
      #expect(try await release(fixture) == first && origin.http.requests.count == asked)
      clock.advance(.milliseconds(1))
      #expect(try await release(fixture) == first && origin.http.requests.count > asked)
      // Twice as long now.
      let again = origin.http.requests.count
      origin.set(.healthy)
      origin.deploy(Deploy(name: "nav", version: "2", loading: "jsonp"))
      clock.advance(Revalidations.restFirst)
      #expect(try await release(fixture) == first && origin.http.requests.count == again)
      clock.advance(Revalidations.restFirst)
      #expect(try await release(fixture) != first)
      let remote = try await fixture.service.showRemote("nav", for: fixture.peer)
      #expect(remote.updates?.failingSince == nil)
    }
  }

  @Test("is asked for once, however many begin with it")
  func together() async throws {
    try await withRemote { fixture, origin, _ in
      let first = try await release(fixture)
      let before = origin.counts["/stats.json"] ?? 0
      let gate = origin.hold("/stats.json")
      origin.deploy(Deploy(name: "nav", version: "2", loading: "jsonp"))
      let all = (0..<50).map { _ in
        Task { try await release(fixture) }
      }
      await origin.asked(for: "/stats.json")
      gate.open()
      var releases: Set<String> = []
      for task in all { releases.insert(try await task.value) }
      #expect(releases.count == 1 && !releases.contains(first))
      // Once for what it has, and once for whether it still has that.
      #expect((origin.counts["/stats.json"] ?? 0) <= before + 3)
    }
  }

  @Test("keeps nobody waiting for long, nor at all where stale is good enough")
  func patience() async throws {
    try await withRemote { fixture, origin, clock in
      let first = try await release(fixture)
      clock.advance(.seconds(60))
      let gate = origin.hold("/stats.json")
      origin.deploy(Deploy(name: "nav", version: "2", loading: "jsonp"))
      let stale = Freshness(fresh: .seconds(10), staleWhileRevalidate: .seconds(60))
      #expect(try await release(fixture, stale) == first)
      await origin.asked(for: "/stats.json")
      let waiting = Task { try await release(fixture) }
      #expect(await clock.pauses(1) == [Revalidations.patience])
      clock.advance(Revalidations.patience)
      #expect(try await waiting.value == first)
      gate.open()
      var now = first
      while now == first { now = try await release(fixture, stale) }
    }
  }

  @Test("comes from where it was laid down, also when that changes")
  func moved() async throws {
    try await withRemote { fixture, origin, _ in
      let first = try await release(fixture)
      let other = try await DeployOrigin(Deploy(name: "nav", version: "9", loading: "jsonp"))
      try await fixture.service.lay(down: ["nav": [other.url]], for: fixture.peer)
      #expect(try await release(fixture) != first)
      try await fixture.service.lay(down: ["nav": [other.url]], for: fixture.peer)
      await #expect(throws: ServiceError.self) {
        let reader = try await fixture.service.capability(realm: "default", may: [])
        try await fixture.service.lay(down: ["nav": [origin.url]], for: reader)
      }
    }
  }
}
