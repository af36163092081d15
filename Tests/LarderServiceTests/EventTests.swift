import LarderCore
import LarderFederation
import LarderMessages
import LarderRegistry
import OriginRig
import Testing

@testable import LarderService

@Suite("What happens to remotes") struct EventTests {
  private let nav: RemoteName
  private let realm: RealmID

  init() throws {
    nav = try #require(RemoteName("nav"))
    realm = RealmID(1)
  }

  @Test("is told in its order: releases, moves, failures and departures")
  func told() async throws {
    try await withService { fixture in
      let service = fixture.service
      let first = try await fixture.publish(Deploy(name: "nav", version: "1"))
      let second = try await fixture.publish(Deploy(name: "nav", version: "2"))
      _ = try await service.rollBack("nav", for: fixture.peer)
      _ = try await service.setChannel("beta", to: second.release, of: "nav", for: fixture.peer)
      _ = try await service.switchChannel(
        nil, to: ["nav": second.release], for: fixture.peer)
      _ = try await service.rollBack(["nav"], for: fixture.peer)
      let session = HostSession(host: HostFacts(name: "shell"))
      await service.report(
        ReportMessage.Request(
          session: 1, differences: [.init(kind: "file", container: "nav", planned: nil, seen: "a")]),
        from: session, for: fixture.peer)
      try await service.removeRemote("nav", for: fixture.peer)
      let events = service.events(after: 0, for: fixture.peer)
      #expect(events.map(\.ordinal) == Array(1...8))
      #expect(
        events.map(\.kind) == [
          .recorded, .recorded, .moved, .moved, .moved, .moved, .departed, .removed,
        ])
      #expect(events[0].release == first.release && events[0].channel == nil)
      #expect(events[2].release == first.release && events[2].channel == "current")
      #expect(events[3].release == second.release && events[3].channel == "beta")
      #expect(events[4].release == second.release && events[5].release == first.release)
      #expect(events[6].message == "file: a")
      #expect(service.events(after: 6, for: fixture.peer).map(\.ordinal) == [7, 8])
      let other = try await service.capability(realm: "other")
      #expect(service.events(after: 0, for: other).isEmpty)
    }
  }

  @Test("is told of an origin: what comes from it, and once that it fails")
  func origin() async throws {
    try await withService { fixture in
      let origin = try await DeployOrigin()
      origin.deploy(Deploy(name: "nav"))
      _ = try await fixture.service.addRemote("nav", urls: [origin.url], for: fixture.peer)
      let made = try await fixture.service.updateRemote("nav", for: fixture.peer)
      origin.set(.down)
      for _ in 0..<3 {
        await #expect(throws: ServiceError.self) {
          try await fixture.service.updateRemote("nav", for: fixture.peer)
        }
      }
      let events = fixture.service.events(after: 0, for: fixture.peer)
      #expect(events.map(\.kind) == [.registered, .recorded, .failed], "\(events)")
      #expect(events[1].release == made.current?.release && events[2].message != nil)
    }
  }

  @Test("is kept up to a number, and one more takes the place of the oldest")
  func bounds() {
    let events = RecentEvents(now: { 1 })
    for _ in 0..<RecentEvents.keptMax { events.note(.recorded, nav, in: realm) }
    #expect(events.all(in: [realm], after: 0).map(\.ordinal) == Array(1...256))
    events.note(.recorded, nav, in: realm)
    #expect(events.all(in: [realm], after: 0).map(\.ordinal) == Array(2...257))
    let long = String(repeating: "é", count: RecentEvents.textMax)
    events.note(.failed, nav, long, in: realm)
    #expect(events.all(in: [realm], after: 257)[0].message?.utf8.count == RecentEvents.textMax)
  }

  @Test("fails anew where something else came between, or for another reason")
  func failures() {
    let events = RecentEvents(now: { 1 })
    for message in ["a", "a", "b", "a"] { events.note(.failed, nav, message, in: realm) }
    events.note(.recorded, nav, in: realm)
    events.note(.failed, nav, "a", in: realm)
    #expect(events.all(in: [realm], after: 0).map(\.message) == ["a", "b", "a", nil, "a"])
  }

  @Test("wakes those who listen to its realm, for as long as they do")
  func listening() async throws {
    let events = RecentEvents(now: { 1 })
    let own = try events.listen(to: [realm])
    var signals = own.signals.makeAsyncIterator()
    // Raised from the start.
    #expect(await signals.next() != nil)
    events.note(.recorded, nav, in: RealmID(2))
    events.note(.recorded, nav, in: realm)
    #expect(await signals.next() != nil)
    var others: [EventListening] = []
    for _ in 1..<RecentEvents.listenersMax { others.append(try events.listen(to: [realm])) }
    let error = #expect(throws: ServiceError.self) { try events.listen(to: [realm]) }
    #expect(error?.code == .busy)
    others.removeLast()
    others.append(try events.listen(to: [realm]))
    events.end()
    #expect(await signals.next() == nil)
    others.removeAll()
    var late = try events.listen(to: [realm]).signals.makeAsyncIterator()
    #expect(await late.next() == nil)
  }
}
