import LarderCore
import LarderOrigin
import LarderRegistry
import OriginRig
import Testing

@testable import LarderService

@Suite("The schedule of updates") struct UpdateScheduleTests {
  private func subject(_ number: Int) throws -> UpdateSchedule.Subject {
    UpdateSchedule.Subject(realm: RealmID(1), remote: try #require(RemoteName("r\(number)")))
  }

  @Test("A pause is the interval, a tenth more or less; failures stretch it, with full jitter")
  func pauses() {
    func pause(_ failures: Int, _ random: Double, of every: Int64 = 600) -> Duration {
      UpdateSchedule.pause(.seconds(every), failures: failures, random)
    }
    #expect(pause(0, 0) == .seconds(540) && pause(0, 0.5) == .seconds(600))
    #expect(pause(1, 0.5) == .seconds(600) && pause(2, 0.5) == .seconds(1_200))
    #expect(pause(3, 0.25) == .seconds(1_200))
    // From the least interval to the greatest bound.
    #expect(pause(3, 0) == .seconds(10))
    #expect(pause(1_000, 0.5) == .seconds(3 * 3_600))
    // An interval above that bound is not made shorter than by chance.
    #expect(pause(9, 0.5, of: 86_400) == .seconds(43_200))
  }

  @Test("A few are asked at a time, and all in the end")
  func turns() async throws {
    let clock = ManualClock()
    let schedule = UpdateSchedule(timing: clock.timing) { 0 }
    let gate = Gate()
    let (asked, arrivals) = AsyncStream.makeStream(of: UpdateSchedule.Subject.self)
    let running = Locked((now: 0, most: 0))
    let count = 3 * UpdateSchedule.runningMax
    for number in 0..<count { await schedule.set(.seconds(600), for: try subject(number)) }
    await schedule.begin { subject in
      running.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
      arrivals.yield(subject)
      await gate.wait()
      running.withLock { $0.now -= 1 }
      return .success(nil)
    }
    #expect(await clock.pauses(count).allSatisfy { $0 == .seconds(30) })
    clock.advance(.seconds(30))
    var seen: Set<UpdateSchedule.Subject> = []
    for await subject in asked {
      seen.insert(subject)
      if seen.count == UpdateSchedule.runningMax { break }
    }
    gate.open()
    _ = await clock.pauses(count)
    #expect(running.withLock(\.most) == UpdateSchedule.runningMax)
    await schedule.end()
    _ = await clock.pauses(0)
  }

  @Test("A new interval takes the place of the old one, and none ends it")
  func changes() async throws {
    let clock = ManualClock()
    let schedule = UpdateSchedule(timing: clock.timing) { 7 }
    await schedule.begin { _ in .success(nil) }
    let subject = try subject(1)
    await schedule.set(.seconds(20), for: subject)
    #expect(await clock.pauses(1) == [.seconds(10)])
    await schedule.set(.seconds(40), for: subject)
    while await clock.pauses(1) != [.seconds(20)] { await Task.yield() }
    // As long as it is the same, nothing begins anew.
    await schedule.set(.seconds(40), for: subject)
    #expect(await schedule.state(of: subject).nextAt == 27)
    await schedule.set(nil, for: subject)
    #expect(await clock.pauses(0).isEmpty)
    #expect(await schedule.state(of: subject) == UpdateSchedule.State())
    // An interval that no origin could bear is not taken from a policy either.
    await schedule.set(.zero, for: subject)
    #expect(await schedule.state(of: subject).every == .seconds(10))
    await schedule.remove(subject)
    _ = await clock.pauses(0)
  }
}
