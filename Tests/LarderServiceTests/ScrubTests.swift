import LarderCore
import LarderMessages
import LarderStore
import Testing

@testable import LarderService

@Suite("The daemon's scrub")
struct ScrubTests {
  private struct Ended: Error {}

  /// Lets the schedule run on a clock that moves with its sleeps, until it has slept `pauses`.
  private func run(
    _ fixture: Fixture, every interval: Duration?, pauses: Int
  ) async -> [Duration] {
    let slept = Locked<[Duration]>([])
    await fixture.service.keepScrubbed(every: interval) { pause in
      let count = slept.withLock { slept in
        slept.append(pause)
        return slept.count
      }
      if count == pauses { throw Ended() }
      fixture.time.withLock { $0 += pause.components.seconds }
    }
    return slept.withLock { $0 }
  }

  private func statistics(_ fixture: Fixture) -> StatisticsMessage.Machine {
    fixture.service.statistics(for: fixture.peer).machine
      ?? StatisticsMessage.Machine(lastScrub: -1)
  }

  @Test("reads everything, and says when it ended and what it found")
  func finds() async throws {
    try await withService { fixture in
      let digest = try await fixture.put(Array("hello, world".utf8))
      try fixture.damage(digest)
      #expect(statistics(fixture).lastScrub == nil && statistics(fixture).damagedRecords == 0)
      #expect(await run(fixture, every: .seconds(86_400), pauses: 1) == [.seconds(3600)])
      #expect(statistics(fixture).lastScrub == 1_700_000_000)
      #expect(statistics(fixture).damagedRecords == 1)
      let admin = try await fixture.service.capability(realm: "default", may: .administrator)
      let why = try await fixture.service.explain(.init(op: .why, digest: digest), for: admin)
      #expect(why.blob == nil && why.quarantined.count == 1)
      #expect(why.quarantined.first.map { 1_700_000_000 - $0.at < 3600 } == true)
      #expect(why.quarantined.first?.reason.contains("damaged") == true)
    }
  }

  @Test("comes again when its interval has passed, and not before, whatever is restarted")
  func schedule() async throws {
    try await withService { fixture in
      let interval = Duration.seconds(9000)
      let pauses = await run(fixture, every: interval, pauses: 4)
      #expect(pauses == [3600, 3600, 1800, 3600].map { .seconds($0) })
      #expect(statistics(fixture).lastScrub == 1_700_009_000)
      fixture.service.lastScrub.withLock { $0 = nil }
      fixture.time.withLock { $0 += 8000 }
      #expect(await run(fixture, every: interval, pauses: 1) == [.seconds(1000)])
      #expect(statistics(fixture).lastScrub == 1_700_009_000)
      // A clock that was wrong must not put scrubs off for years.
      fixture.time.withLock { $0 = 1_500_000_000 }
      _ = await run(fixture, every: interval, pauses: 1)
      #expect(statistics(fixture).lastScrub == 1_500_000_000)
    }
  }

  @Test("does not come where it is switched off, but the administrator's counts")
  func off() async throws {
    try await withService { fixture in
      #expect(await run(fixture, every: nil, pauses: 1).isEmpty)
      #expect(statistics(fixture).lastScrub == nil)
      let admin = try await fixture.service.capability(realm: "default", may: .administrator)
      let delivery: Service.CheckDelivery = { (_) async throws(ServiceError) in }
      _ = try await fixture.service.check(.init(op: .check), for: admin, telling: delivery)
      #expect(statistics(fixture).lastScrub == nil)
      _ = try await fixture.service.check(.init(op: .scrub), for: admin, telling: delivery)
      #expect(try fixture.store.lastScrub() == 1_700_000_000)
      #expect(statistics(fixture).lastScrub == 1_700_000_000)
    }
  }
}
