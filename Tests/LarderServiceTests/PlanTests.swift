import LarderCore
import LarderFederation
import LarderMessages
import LarderOrigin
import LarderRegistry
import LarderStore
import OriginRig
import Testing

@testable import LarderService

@Suite struct PlanTests {
  private func session() -> HostSession {
    HostSession(host: HostFacts(name: "host", target: .asyncNode))
  }

  private func add(_ fixture: Fixture, _ origin: DeployOrigin, as name: String = "nav") async throws
  {
    _ = try await fixture.service.addRemote(name, urls: [origin.url], for: fixture.peer)
  }

  private func open(
    _ fixture: Fixture, _ phases: Set<PlanPhase> = [.required], have: Set<Digest> = [],
    in session: HostSession
  ) async throws -> OpenMessage.Head {
    try await fixture.service.open(
      [PlanRequest(remote: "nav", expose: "./Header")], consumes: [], phases: phases, have: have,
      in: session, for: fixture.peer
    ).body
  }

  @Test("A cold plan has the digest of every file and says what it cost; the second costs nothing")
  func coldAndWarm() async throws {
    try await withService { fixture in
      let origin = try await DeployOrigin(Deploy(name: "nav"))
      try await add(fixture, origin)
      let cold = try await fixture.plan("nav")
      #expect(cold.isComplete)
      #expect(
        cold.files.map(\.path) == ["remoteEntry.js", "header.js", "route.js", "route.css"])
      let deploy = Deploy(name: "nav")
      for file in cold.files {
        #expect(try await fixture.bytes(file.digest) == deploy.files[file.path])
        #expect(file.size == deploy.files[file.path].map { Int64($0.count) })
      }
      // The entry came with the description, when the remote was added.
      #expect(cold.cost.originRequests == 3)
      try await fixture.settle("nav")
      let before = origin.http.requests.count
      let warm = try await fixture.plan("nav")
      #expect(warm.cost.originRequests == 0 && warm.cost.networkBytes == 0)
      #expect(warm.containers[0].release?.count == 32)
      #expect(origin.http.requests.count == before)
    }
  }

  @Test("Planned files are counted as planned, the rest of the release as background")
  func counts() async throws {
    try await withService { fixture in
      let deploy = Deploy(name: "nav")
      let origin = try await DeployOrigin(deploy)
      try await add(fixture, origin)
      _ = try await fixture.plan("nav")
      try await fixture.settle("nav")
      let counts = fixture.service.statistics(for: fixture.peer).origin
      func size(_ paths: String...) -> Int64 {
        paths.reduce(0) { $0 + Int64(deploy.served[$1]?.count ?? 0) }
      }
      #expect(counts.descriptionBytes == size("stats.json"))
      #expect(
        counts.plannedBytes == size("remoteEntry.js", "header.js", "route.js", "route.css"))
      #expect(counts.backgroundBytes == size("unused.png"))
      #expect(counts.revalidations == 1 && counts.requests == 6 && counts.failures == 0)
      // Planned first: what nobody asked for comes last of the files.
      let files = origin.http.requests.map(\.path).filter { $0 != "/stats.json" }
      #expect(files.last == "/unused.png")
    }
  }

  @Test("OPEN of the required phase brings its bytes and asks the origin for no others first")
  func requiredOnly() async throws {
    try await withService { fixture in
      let origin = try await DeployOrigin(Deploy(name: "nav"))
      let gate = origin.hold("/route.js")
      try await add(fixture, origin)
      let head = try await open(fixture, in: session())
      #expect(head.files.map(\.path) == ["remoteEntry.js", "header.js"])
      #expect(head.blobs.map(\.digest) == head.files.map(\.digest))
      let reachable = head.plan?.files.first { $0.path == "route.js" }
      #expect(reachable?.phase == .reachable && reachable?.digest == nil)
      gate.open()
      try await fixture.settle("nav")
    }
  }

  @Test("OPEN sends each blob once and leaves out what the host has")
  func blobs() async throws {
    try await withService { fixture in
      try await fixture.publish(Deploy(name: "nav"))
      let session = session()
      let all = try await open(fixture, [.required, .reachable], in: session)
      #expect(all.files.count == 4 && all.blobs.count == 4)
      let have = Set(all.blobs.prefix(3).map(\.digest))
      let rest = try await open(fixture, [.required, .reachable], have: have, in: session)
      #expect(
        rest.files.map(\.digest) == all.files.map(\.digest)
          && rest.blobs == Array(all.blobs.suffix(1)))
      let twice = try await fixture.service.openFiles(
        ["route.css", "route.css", "unused.png"], of: "nav", have: [], in: session,
        for: fixture.peer)
      #expect(twice.plan == nil && twice.files.count == 3 && twice.blobs.count == 2)
      try await expectError(.notFound) {
        try await fixture.service.openFiles(
          ["none.css"], of: "nav", have: [], in: session, for: fixture.peer)
      }
      try await expectError(.unknownRemote) {
        try await fixture.service.openFiles(
          ["a.css"], of: "cart", have: [], in: session, for: fixture.peer)
      }
    }
  }

  @Test("What concerns one remote is an error in the plan, and the rest holds")
  func errorsAsData() async throws {
    try await withService { fixture in
      try await fixture.publish(
        Deploy(name: "nav", remotes: [("cart", "./Total"), ("bad", "./Thing")]))
      let origin = try await DeployOrigin(Deploy(name: "bad"))
      try await add(fixture, origin, as: "bad")
      await fixture.service.candidates.drop(try #require(RemoteName("bad")), in: fixture.peer.realm)
      origin.set(.down)
      let plan = try await fixture.service.plan(
        [
          PlanRequest(remote: "nav", expose: "./Header"),
          PlanRequest(remote: "nav", expose: "./None"),
          PlanRequest(remote: "who", expose: "./X"),
          PlanRequest(remote: "../etc", expose: "./X"),
        ], consumes: [], in: session(), for: fixture.peer
      ).body
      let errors = Set(plan.errors.map { "\($0.kind.rawValue) \($0.container) \($0.remote ?? "")" })
      #expect(errors.contains("unknownRemote nav cart"))
      #expect(errors.contains("originUnavailable nav bad"))
      #expect(errors.contains("unknownExpose nav "))
      #expect(errors.contains("unknownRemote who who"))
      #expect(errors.contains("unknownRemote ../etc ../etc"))
      #expect(plan.errors.allSatisfy { !$0.remedy.isEmpty && !$0.message.isEmpty })
      #expect(plan.files.filter { $0.container == "nav" }.allSatisfy { $0.digest != nil })
    }
  }

  @Test("Remotes of remotes are found, and a circle ends")
  func nested() async throws {
    try await withService { fixture in
      try await fixture.publish(
        Deploy(name: "nav", remotes: [("cart", "./Total")]))
      try await fixture.publish(
        Deploy(name: "cart", exposes: ["./Total"], remotes: [("nav", "./Header")]))
      let plan = try await fixture.plan("nav")
      #expect(plan.isComplete)
      #expect(plan.containers.map(\.name) == ["nav", "cart"])
      #expect(plan.files.allSatisfy { $0.digest != nil })
    }
  }

  @Test("A host for which a remote is not built is told so")
  func otherTarget() async throws {
    try await withService { fixture in
      try await fixture.publish(Deploy(name: "nav", loading: "jsonp"))
      let plan = try await fixture.plan("nav")
      #expect(plan.errors.map(\.kind.rawValue) == ["notFound"])
      #expect(plan.errors[0].message.contains("async-node"))
    }
  }

  // MARK: - Sessions

  @Test("A session keeps its release over an update, a later session gets the new one")
  func keepsRelease() async throws {
    try await withService { fixture in
      let origin = try await DeployOrigin(Deploy(name: "nav"))
      try await add(fixture, origin)
      let session = session()
      let before = try await fixture.plan("nav", in: session)
      try await fixture.settle("nav")
      origin.deploy(Deploy(name: "nav", version: "2"))
      _ = try await fixture.service.updateRemote("nav", for: fixture.peer)
      let after = try await fixture.plan("nav", in: session)
      #expect(after.files == before.files)
      // Once its deploy is a release, the session knows its id.
      #expect(before.containers[0].release == nil && after.containers[0].release != nil)
      let lazy = try await fixture.service.openFiles(
        ["route.js"], of: "nav", have: [], in: session, for: fixture.peer)
      #expect(
        try await fixture.bytes(lazy.files[0].digest) == Deploy(name: "nav").files["route.js"])
      let later = try await fixture.plan("nav")
      #expect(
        try await fixture.bytes(later.files[0].digest)
          == Deploy(name: "nav", version: "2").files["remoteEntry.js"])
    }
  }

  @Test("A session whose deploy is recorded makes no request and moves no channel with later plans")
  func recordedOnce() async throws {
    try await withService { fixture in
      let origin = try await DeployOrigin(Deploy(name: "nav"))
      try await add(fixture, origin)
      let session = session()
      _ = try await fixture.plan("nav", in: session)
      try await fixture.settle("nav")
      let published = try await fixture.publish(Deploy(name: "nav", version: "mine"))
      let before = origin.http.requests.count
      _ = try await fixture.plan("nav", in: session)
      try await fixture.settle("nav")
      #expect(origin.http.requests.count == before)
      let shown = try await fixture.service.showRemote("nav", for: fixture.peer)
      #expect(shown.current == published)
    }
  }

  @Test("A deploy that went away before the first plan is described anew, and the plan is whole")
  func renewsUnusedCandidate() async throws {
    try await withService { fixture in
      let origin = try await DeployOrigin(Deploy(name: "nav"))
      try await add(fixture, origin)
      origin.deploy(Deploy(name: "nav", version: "twenty"))
      let plan = try await fixture.plan("nav", in: session())
      #expect(plan.isComplete)
      for file in plan.files {
        #expect(
          try await fixture.bytes(file.digest)
            == Deploy(name: "nav", version: "twenty").files[file.path])
      }
      try await fixture.settle("nav")
      let shown = try await fixture.service.showRemote("nav", for: fixture.peer)
      #expect(shown.state == .complete && shown.releases.count == 1)
    }
  }

  @Test("Of a deploy that cannot run no file is handed out, and its session recovers")
  func recovers() async throws {
    try await withService { fixture in
      let origin = try await DeployOrigin(Deploy(name: "nav"))
      try await add(fixture, origin)
      origin.set("/header.js", nil)
      let session = session()
      let broken = try await fixture.plan("nav", in: session)
      #expect(broken.errors.map(\.kind.rawValue) == ["originUnavailable"])
      #expect(broken.files.allSatisfy { $0.digest == nil })
      try await fixture.settle("nav")
      origin.deploy(Deploy(name: "nav", version: "twenty"))
      let whole = try await fixture.plan("nav", in: session)
      #expect(whole.isComplete)
      #expect(
        try await fixture.bytes(whole.files[0].digest)
          == Deploy(name: "nav", version: "twenty").files["remoteEntry.js"])
    }
  }

  @Test("A host that runs a deploy's entry never gets files of another deploy")
  func neverMixes() async throws {
    try await withService { fixture in
      let origin = try await DeployOrigin(Deploy(name: "nav", exposes: ["./Header", "./Footer"]))
      let gate = origin.hold("/route.js")
      try await add(fixture, origin)
      let session = session()
      _ = try await open(fixture, in: session)
      origin.deploy(Deploy(name: "nav", version: "twenty", exposes: ["./Header", "./Footer"]))
      gate.open()
      try await fixture.settle("nav")
      let plan = try await fixture.plan("nav", "./Footer", in: session)
      #expect(plan.errors.contains { $0.kind.rawValue == "truncated" })
      for file in plan.files {
        guard let digest = file.digest else { continue }
        let bytes = try await fixture.bytes(digest)
        #expect(String(decoding: bytes, as: UTF8.self).contains("twenty") == false)
      }
      try await expectError(.truncated) {
        try await fixture.service.openFiles(
          ["unused.png"], of: "nav", have: [], in: session, for: fixture.peer)
      }
    }
  }

  @Test("A release that is corrupt in the store is an error of the plan, not a missing line")
  func lostBlob() async throws {
    try await withService { fixture in
      let release = try await lackingRelease(fixture)
      let session = session()
      _ = session.keep(.recorded(release), of: "nav")
      let head = try await open(fixture, in: session)
      #expect(head.plan?.errors.map(\.kind.rawValue).contains("corrupt") == true)
      #expect(head.files.isEmpty && head.blobs.isEmpty)
    }
  }

  @Test("Packages of equal version are the provider's with the greater name, loaded ones stay")
  func override() throws {
    let session = HostSession(
      host: HostFacts(name: "m", shared: [HostShare(key: "lib", version: "1.0.0", from: "m")]))
    func from(_ name: String) throws -> [String?] {
      try session.override([HostShare(key: "lib", version: "1.0.0", from: name)]).map(\.from)
    }
    #expect(try from("a") == ["m"])
    #expect(try from("z") == ["z"])
    let two = try session.override([HostShare(key: "lib", version: "1.1.0", from: "a")])
    #expect(two.map(\.version) == ["1.0.0", "1.1.0"])
  }

  @Test("Scopes take as many versions as the limit and not one more")
  func sharesLimit() throws {
    let shares = (0..<HostSession.sharesMax).map { HostShare(key: "k\($0)", version: "1.0.0") }
    let session = HostSession(host: HostFacts(name: "h", shared: Array(shares.dropLast())))
    #expect(try session.override([shares[HostSession.sharesMax - 1]]).count == shares.count)
    #expect(throws: ServiceError.self) {
      try session.override([HostShare(key: "more", version: "1.0.0")])
    }
    #expect(session.host.shared.count == shares.count)
  }

  @Test("A session takes as many requests as the limit and not one more; repeated ones are free")
  func requestsLimit() throws {
    let session = session()
    let requests = (0..<HostSession.requestsMax).map {
      PlanRequest(remote: "nav", expose: "./\($0)")
    }
    _ = try session.remember(Array(requests.dropLast()), [])
    #expect(try session.remember(requests, []).requests == requests)
    #expect(try session.remember(requests, []).requests.count == HostSession.requestsMax)
    #expect(throws: ServiceError.self) {
      try session.remember([PlanRequest(remote: "nav", expose: "./more")], [])
    }
    #expect(throws: ServiceError.self) { try session.remember([], [HostConsume(key: "lib")]) }
    #expect(try session.remember([], []).requests.count == HostSession.requestsMax)
  }

  @Test("A consume executes after as many of all requests as of those it came with")
  func consumePlaces() throws {
    let session = session()
    let requests = (0..<3).map { PlanRequest(remote: "nav", expose: "./\($0)") }
    _ = try session.remember([requests[0]], [HostConsume(key: "first", after: 1)])
    let all = try session.remember(
      [requests[1], requests[0], requests[2]],
      [HostConsume(key: "second", after: 2), HostConsume(key: "first")])
    #expect(all.requests == requests)
    #expect(all.consumes.map(\.key) == ["first", "second"])
    #expect(all.consumes.map(\.after) == [1, 2])
  }

  @Test("A host that lost its connection goes on with its releases, as far as they are kept")
  func reopens() async throws {
    try await withService { fixture in
      let first = try await fixture.publish(Deploy(name: "nav"))
      try await fixture.publish(Deploy(name: "nav", version: "2"))
      let request = SessionMessage.Open(
        session: 7, host: HostFacts(name: "host"),
        releases: [
          "nav": first.release, "cart": first.release, "..": "x",
        ])
      let (session, opened) = try await fixture.service.openSession(request, for: fixture.peer)
      #expect(opened.session == 7 && opened.releases == ["nav": first.release])
      #expect(
        try await fixture.plan("nav", in: session).containers[0].release == first.release)
    }
  }

  /// A release whose blobs are in no store: its rows were written, its files were not.
  private func lackingRelease(_ fixture: Fixture) async throws -> RecordedRelease {
    let lost = BlobStat(
      digest: [UInt8](repeating: 9, count: 32).withUnsafeBytes { Digest(copying: $0) },
      size: ByteCount(1))
    let facts = ContainerFacts(
      name: "nav", target: .asyncNode, exposes: [ExposeFacts(name: "./Header", chunks: ["h"])],
      chunks: [ChunkFacts(id: "h", files: ["header.js"])])
    let build = ReleaseBuild(
      facts: facts, stats: lost.digest,
      files: [(path: "remoteEntry.js", blob: lost), (path: "header.js", blob: lost)])
    let name = try #require(RemoteName("nav"))
    return try RecordedRelease(
      try await fixture.registry.commitRelease(
        try ReleaseBuild.draft([build], of: name), of: name, in: fixture.peer.realm,
        movingChannel: .current, creatingRemote: true), in: fixture.peer.realm)
  }
}
