import LarderCore
import LarderFederation
import LarderMessages
import OriginRig
import Testing

@testable import LarderService

@Suite("Reports of departures") struct ReportTests {
  private let header = PlanRequest(remote: "nav", expose: "./Header")

  private func session(_ name: String = "shell") -> HostSession {
    HostSession(host: HostFacts(name: name, target: .asyncNode))
  }

  private func report(
    _ fixture: Fixture, _ seen: String, of container: String? = "nav",
    requests: [PlanRequest]?, from session: HostSession
  ) async {
    await fixture.service.report(
      ReportMessage.Request(
        session: 1,
        differences: [.init(kind: "file", container: container, planned: nil, seen: seen)],
        requests: requests),
      from: session, for: fixture.peer)
  }

  private func differences(
    _ fixture: Fixture, of request: PlanRequest? = nil
  ) async throws -> [ReportedDifference] {
    let plan = try await fixture.service.plan(
      [request ?? header], consumes: [], telling: .differences, in: session(), for: fixture.peer)
    return try #require(plan.body.differences)
  }

  @Test("A plan tells what departed from it, how often, and when and in which host last")
  func counted() async throws {
    try await withService { fixture in
      let release = try await fixture.publish(
        Deploy(name: "nav", exposes: ["./Header", "./Footer"]))
      let (first, second) = (session("shell"), session("admin"))
      for session in [first, second] { _ = try await fixture.plan("nav", in: session) }
      #expect(try await fixture.plan("nav").differences == nil)
      #expect(try await differences(fixture).isEmpty)
      await report(fixture, "a.js", requests: [header], from: first)
      fixture.time.withLock { $0 += 60 }
      await report(fixture, "b.js", requests: [header], from: first)
      await report(fixture, "a.js", requests: [header], from: second)
      let told = try await differences(fixture)
      #expect(told.map(\.seen) == ["a.js", "b.js"])
      #expect(told[0].count == 2 && told[0].host == "admin" && told[0].request == header)
      #expect(told[0].lastAt - told[0].firstAt == 60 && told[1].count == 1)
      #expect(told[0].release == release.release)
      // Another module is not blamed; what is of no module is told of all.
      let footer = PlanRequest(remote: "nav", expose: "./Footer")
      #expect(try await differences(fixture, of: footer).isEmpty)
      await report(fixture, "c.js", requests: nil, from: first)
      #expect(try await differences(fixture, of: footer).map(\.seen) == ["c.js"])
    }
  }

  @Test("What another release did is not told of this one")
  func releases() async throws {
    try await withService { fixture in
      try await fixture.publish(Deploy(name: "nav"))
      let old = session()
      _ = try await fixture.plan("nav", in: old)
      await report(fixture, "a.js", requests: [header], from: old)
      await report(fixture, "by itself", of: nil, requests: [header], from: old)
      #expect(try await differences(fixture).count == 2)
      try await fixture.publish(Deploy(name: "nav", version: "2"))
      #expect(try await differences(fixture).isEmpty)
    }
  }

  @Test("Reports take a bounded place: the oldest go, texts are cut")
  func bounded() async throws {
    try await withService { fixture in
      try await fixture.publish(Deploy(name: "nav"))
      let session = session()
      _ = try await fixture.plan("nav", in: session)
      for number in 0...ReportedDifferences.keptMax {
        await report(fixture, "\(number).js", requests: [header], from: session)
      }
      let kept = try await differences(fixture)
      #expect(kept.count == ReportedDifferences.keptMax && kept.last?.seen == "1.js")
      await report(
        fixture, String(repeating: "é", count: 1_000), requests: [header], from: session)
      let text = try #require(try await differences(fixture).first?.seen)
      #expect(text.utf8.count == ReportedDifferences.textMax && text.hasSuffix("é"))
      let many = ReportMessage.Request(
        session: 1,
        differences: (0...ReportedDifferences.reportMax).map {
          .init(kind: "order", container: "nav", planned: "\($0)", seen: nil)
        }, requests: [header])
      await fixture.service.report(many, from: session, for: fixture.peer)
      #expect(
        try await differences(fixture).count { $0.kind == "order" }
          == ReportedDifferences.reportMax)
    }
  }
}
