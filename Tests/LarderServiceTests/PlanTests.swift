import LarderCore
import LarderFederation
import LarderMessages
import Testing

@testable import LarderService

@Suite("Planning and opening")
struct PlanTests {
  private let request = [PlanRequest(remote: "app", expose: "./Module")]

  private func session() -> HostSession {
    HostSession(host: HostFacts(name: "host", target: .asyncNode))
  }

  @Test("name every file with its digest, required ones first")
  func plan() async throws {
    try await TestService.run { test in
      let release = try await test.publish(SmallBuild("one"))
      let plan = try await test.service.plan(
        request, consumes: [], in: session(), for: test.peer)
      #expect(plan.errors.isEmpty && plan.containers.map(\.release) == [release.release])
      #expect(plan.files.map(\.path) == ["remoteEntry.js", "module.js", "late.js"])
      #expect(plan.files.map(\.phase) == [.required, .required, .reachable])
      for file in plan.files {
        let digest = try #require(file.digest)
        #expect(test.service.stat(digest, for: test.peer)?.size.value == file.size)
      }
      #expect(plan.cost.originRequests == 0 && plan.cost.networkBytes == 0)
    }
  }

  @Test(
    "bring the bytes of the phases that are asked for, each blob once, without what the host has")
  func open() async throws {
    try await TestService.run { test in
      _ = try await test.publish(SmallBuild("one"))
      let required = try await test.service.open(
        request, consumes: [], phases: [.required], have: [], in: session(), for: test.peer)
      #expect(required.files.map(\.path) == ["remoteEntry.js", "module.js"])
      #expect(required.blobs.map(\.digest) == required.files.map(\.digest))
      let rest = try await test.service.open(
        request, consumes: [], phases: [.required, .reachable],
        have: Set(required.blobs.map(\.digest)), in: session(), for: test.peer)
      #expect(rest.files.count == 3 && rest.blobs.count == 1)
    }
  }

  @Test("keep a session at the release that it began with")
  func pinned() async throws {
    try await TestService.run { test in
      let first = try await test.publish(SmallBuild("one"))
      let early = session()
      _ = try await test.service.plan(request, consumes: [], in: early, for: test.peer)
      let second = try await test.publish(SmallBuild("two"))
      let kept = try await test.service.plan(request, consumes: [], in: early, for: test.peer)
      #expect(kept.containers.map(\.release) == [first.release])
      let late = try await test.service.plan(
        request, consumes: [], in: session(), for: test.peer)
      #expect(late.containers.map(\.release) == [second.release])
      let file = try await test.service.openFiles(
        ["late.js"], of: "app", have: [], in: early, for: test.peer)
      let text = try await read(file.blobs[0].digest, test)
      #expect(text.contains("of one"))
    }
  }

  @Test("let a host that lost its connection go on with a release that is kept")
  func resumed() async throws {
    try await TestService.run { test in
      let first = try await test.publish(SmallBuild("one")).release
      _ = try await test.publish(SmallBuild("two"))
      let asked = ["app": first, "gone": first, "app2": "no id"]
      let (session, opened) = try await test.service.openSession(
        SessionMessage.Open(session: 1, host: HostFacts(name: "host"), releases: asked),
        for: test.peer)
      #expect(opened.releases == ["app": first])
      let plan = try await test.service.plan(request, consumes: [], in: session, for: test.peer)
      #expect(plan.containers.map(\.release) == [first])
    }
  }

  @Test("say in the plan what is wrong with one remote, and plan the rest")
  func errors() async throws {
    try await TestService.run { test in
      _ = try await test.publish(SmallBuild("one"))
      _ = try await test.publish(SmallBuild("two", remote: "lost"), as: "nested")
      let plan = try await test.service.plan(
        [
          PlanRequest(remote: "nowhere", expose: "./X"), PlanRequest(remote: "app", expose: "./No"),
          PlanRequest(remote: "nested", expose: "./Module"),
          PlanRequest(remote: "app", expose: "./Module"),
        ], consumes: [], in: session(), for: test.peer)
      #expect(
        Set(plan.errors.map(\.kind.rawValue)) == ["unknownRemote", "unknownExpose"])
      #expect(
        Set(plan.errors.compactMap(\.remote)) == ["nowhere", "lost"])
      #expect(plan.errors.allSatisfy { !$0.remedy.isEmpty })
      #expect(plan.files.contains { $0.container == "app" && $0.path == "module.js" })
    }
  }

  @Test("keep a host's own packages where its requests stand, over several plans")
  func consumes() async throws {
    try await TestService.run { test in
      _ = try await test.publish(SmallBuild("one"))
      let host = session()
      _ = host.override([HostShare(key: "lib", version: "1.0.0")])
      let consume = HostConsume(key: "lib", requiredVersion: "^1.0.0", after: 1)
      _ = try await test.service.plan(request, consumes: [], in: host, for: test.peer)
      let plan = try await test.service.plan(
        request, consumes: [consume], in: host, for: test.peer)
      #expect(plan.executionOrder == ["app:./Module", "host:lib@1.0.0"])
      #expect(plan.requests == request)
    }
  }

  @Test("let an override contest a version by webpack's rule")
  func overrides() {
    let host = HostSession(
      host: HostFacts(
        name: "host", shared: [HostShare(key: "lib", version: "1.0.0", from: "host")]))
    #expect(host.override([HostShare(key: "lib", version: "1.0.0", from: "a")])[0].from == "host")
    #expect(host.override([HostShare(key: "lib", version: "1.0.0", from: "z")])[0].from == "z")
    let eager = HostShare(key: "lib", version: "1.0.0", from: "a", eager: true)
    #expect(host.override([eager])[0].from == "a")
    #expect(host.override([HostShare(key: "lib", version: "2.0.0")]).count == 2)
  }

  @Test("refuse a session's request past its limit, and take what it asked for before again")
  func limit() throws {
    let host = session()
    let most = (0..<HostSession.requestsMax).map { HostConsume(key: "k\($0)") }
    #expect(try host.remember([], most).consumes.count == HostSession.requestsMax)
    let error = #expect(throws: ServiceError.self) {
      try host.remember([], [HostConsume(key: "one more")])
    }
    #expect(error?.code == .busy)
    #expect(try host.remember([], [most[7]]).consumes == most)
  }

  private func read(_ digest: Digest, _ test: TestService) async throws -> String {
    let bytes = Locked<[UInt8]>([])
    try test.service.read(digest, for: test.peer) { piece in bytes.withLock { $0 += piece } }
    return String(decoding: bytes.withLock { $0 }, as: UTF8.self)
  }
}
