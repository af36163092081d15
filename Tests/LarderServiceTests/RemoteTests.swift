import LarderCore
import LarderFederation
import LarderMessages
import LarderOrigin
import LarderRegistry
import LarderStore
import OriginRig
import Testing

@testable import LarderService

@Suite struct RemoteTests {
  private func add(
    _ fixture: Fixture, _ urls: String..., as name: String = "nav"
  ) async throws -> RemoteMessage.Remote {
    try await fixture.service.addRemote(name, urls: urls, for: fixture.peer)
  }

  private func update(_ fixture: Fixture) async throws -> RemoteMessage.Remote {
    try await fixture.service.updateRemote("nav", for: fixture.peer)
  }

  @Test("A remote whose origin is down is not registered")
  func addDown() async throws {
    try await withService { fixture in
      let origin = try await DeployOrigin()
      origin.set(.down)
      try await expectError(.originUnavailable) { try await add(fixture, origin.url) }
      #expect(try await fixture.service.listRemotes(for: fixture.peer).remotes.isEmpty)
      try await expectError(.unknownRemote) {
        try await fixture.service.showRemote("nav", for: fixture.peer)
      }
      // Nothing of the attempt is in the way of the next.
      origin.set(.healthy)
      origin.deploy(Deploy(name: "nav"))
      #expect(try await add(fixture, origin.url).state == .announced)
    }
  }

  @Test("A deploy without statistics is read by its entry, and all that it leads to comes along")
  func addByEntry() async throws {
    try await withService { fixture in
      let origin = try await DeployOrigin()
      origin.set("/stall/remoteEntry.js", CodeBuild.entry)
      origin.set(
        "/stall/37.js", CodeBuild.chunk("n.p+\"a.svg\"") + "//# sourceMappingURL=37.js.map")
      origin.set("/stall/a.svg", "<svg/>")
      let url = origin.http.url("/stall/remoteEntry.js")
      #expect(try await add(fixture, url).state == .announced)
      let made = try await update(fixture)
      #expect(made.state == .complete && made.current?.completeness == "closed")
      #expect(made.current?.variants.first?.files == 3)
      #expect(origin.counts["/stall/stats.json"] == nil)
      // The entry is the same: nothing was deployed.
      #expect(try await update(fixture).current == made.current)
      // A later one may leave something to run time, and is no worse for that it names less.
      origin.set("/stall/remoteEntry.js", CodeBuild.entry + "\n")
      origin.set("/stall/37.js", CodeBuild.chunk("n.e(t).then(t)"))
      let later = try await update(fixture)
      #expect(later.current?.completeness == "open" && later.releases.count == 2)
    }
  }

  @Test("Adding twice is one remote; other URLs replace the first")
  func addAgain() async throws {
    try await withService { fixture in
      let origin = try await DeployOrigin(Deploy(name: "nav"), at: "/a/")
      origin.deploy(Deploy(name: "nav", version: "2"), at: "/b/")
      _ = try await add(fixture, origin.http.url("/a"))
      _ = try await add(fixture, origin.http.url("/a"))
      #expect(origin.counts["/a/stats.json"] == 1)
      let moved = try await add(fixture, origin.http.url("/b"))
      #expect(moved.urls == [origin.http.url("/b")])
      let updated = try await update(fixture)
      #expect(updated.releases.count == 1)
      #expect(origin.counts["/a/route.js"] == nil && origin.counts["/b/route.js"] == 1)
    }
  }

  @Test("An update fetches each file once, and an update without a deploy fetches none")
  func update() async throws {
    try await withService { fixture in
      let origin = try await DeployOrigin(Deploy(name: "nav"))
      _ = try await add(fixture, origin.url)
      let first = try await update(fixture)
      #expect(first.state == .complete)
      #expect(first.current?.variants[0].files == 5)
      for path in Deploy(name: "nav").files.keys { #expect(origin.counts["/\(path)"] == 1) }
      let again = try await update(fixture)
      #expect(again.current == first.current)
      for path in Deploy(name: "nav").files.keys { #expect(origin.counts["/\(path)"] == 1) }
    }
  }

  @Test("A second deploy becomes current, rollback and channels go back")
  func secondDeploy() async throws {
    try await withService { fixture in
      let origin = try await DeployOrigin(Deploy(name: "nav"))
      _ = try await add(fixture, origin.url)
      let first = try #require(try await update(fixture).current)
      origin.deploy(Deploy(name: "nav", version: "2"))
      let second = try await update(fixture)
      #expect(second.releases.count == 2 && second.current != first)
      let back = try await fixture.service.rollBack("nav", for: fixture.peer)
      #expect(back.current?.release == first.release)
      let pinned = try await fixture.service.setChannel(
        "stable", to: second.current?.release, of: "nav", for: fixture.peer)
      #expect(
        pinned.channels == ["current": first.release, "stable": second.current?.release ?? ""])
      try await expectError(.notFound) {
        try await fixture.service.setChannel(
          "stable", to: String(repeating: "0", count: 32), of: "nav", for: fixture.peer)
      }
      try await expectError(.badRequest) {
        try await fixture.service.setChannel("stable", to: "zz", of: "nav", for: fixture.peer)
      }
      try await expectError(.notFound) {
        try await fixture.service.rollBack("nav", for: fixture.peer)
      }
    }
  }

  @Test("A deploy that comes while another is read is recorded instead, whole")
  func changesWhileRead() async throws {
    try await withService { fixture in
      let origin = try await DeployOrigin(Deploy(name: "nav"))
      _ = try await add(fixture, origin.url)
      _ = try await update(fixture)
      origin.deploy(Deploy(name: "nav", version: "2"))
      origin.whenAsked(for: "/route.css") { origin.deploy(Deploy(name: "nav", version: "3")) }
      let updated = try await update(fixture)
      #expect(updated.state == .complete && updated.releases.count == 2)
      let plan = try await fixture.plan("nav")
      for file in plan.files {
        #expect(
          try await fixture.bytes(file.digest)
            == Deploy(name: "nav", version: "3").files[file.path])
      }
    }
  }

  @Test("An origin that never stands still becomes no release until it does")
  func neverStill() async throws {
    try await withService { fixture in
      let origin = try await DeployOrigin(Deploy(name: "nav"))
      _ = try await add(fixture, origin.url)
      let first = try await update(fixture)
      origin.deploy(Deploy(name: "nav", version: "2"))
      origin.whenAsked(for: "/route.css") {
        origin.deploy(Deploy(name: "nav", version: "3"))
        origin.whenAsked(for: "/route.css") { origin.deploy(Deploy(name: "nav", version: "4")) }
      }
      try await expectError(.truncated) { try await update(fixture) }
      let failed = try await fixture.service.showRemote("nav", for: fixture.peer)
      #expect(failed.state == .failed && failed.message != nil)
      #expect(failed.current?.release == first.current?.release && failed.releases.count == 1)
      let still = try await update(fixture)
      #expect(still.state == .complete && still.releases.count == 2)
    }
  }

  @Test("A deploy between the description and the entry is read again, whole")
  func changesBeforeEntry() async throws {
    try await withService { fixture in
      let origin = try await DeployOrigin(Deploy(name: "nav"))
      origin.whenAsked(for: "/remoteEntry.js") {
        origin.deploy(Deploy(name: "nav", version: "twenty"))
      }
      _ = try await add(fixture, origin.url)
      let remote = try await update(fixture)
      #expect(remote.releases.count == 1 && remote.state == .complete)
    }
  }

  /// Ways in which a deploy can be worse than the one before.
  enum Damage: String, CaseIterable, Sendable {
    case html, missingFile, truncatedFile, otherChunk, noStatistics

    var code: ServiceError.Code {
      switch self {
      case .html: .invalidBuild
      case .missingFile: .originUnavailable
      case .truncatedFile: .truncated
      case .otherChunk: .notJavaScript
      case .noStatistics: .originUnavailable
      }
    }
  }

  @Test("A broken deploy is refused, current stays and is served", arguments: Damage.allCases)
  func broken(damage: Damage) async throws {
    try await withService { fixture in
      let origin = try await DeployOrigin(Deploy(name: "nav"))
      _ = try await add(fixture, origin.url)
      let first = try await update(fixture)
      origin.deploy(Deploy(name: "nav", version: "2"))
      switch damage {
      case .html: origin.set(.html)
      case .missingFile: origin.set("/route.css", nil)
      case .truncatedFile: origin.set("/route.css", ".")
      case .otherChunk:
        let own = String(
          decoding: Deploy(name: "nav", version: "2").files["route.js"] ?? [], as: UTF8.self)
        origin.set("/route.js", own.replacing("\"route\"", with: "\"eturo\""))
      case .noStatistics: origin.set("/stats.json", nil)
      }
      try await expectError(damage.code) { try await update(fixture) }
      let shown = try await fixture.service.showRemote("nav", for: fixture.peer)
      #expect(shown.state == .failed)
      #expect(shown.current?.release == first.current?.release && shown.releases.count == 1)
      let plan = try await fixture.plan("nav")
      #expect(plan.isComplete && plan.containers[0].release == first.current?.release)
    }
  }

  @Test("A candidate that is fetched when something is published does not replace it")
  func publishedMeanwhile() async throws {
    try await withService { fixture in
      let origin = try await DeployOrigin(Deploy(name: "nav"))
      let gate = origin.hold("/unused.png")
      _ = try await add(fixture, origin.url)
      let plan = try await fixture.plan("nav")
      #expect(plan.isComplete && plan.containers[0].release == nil)
      await origin.asked(for: "/unused.png")
      let published = try await fixture.publish(Deploy(name: "nav", version: "mine"))
      gate.open()
      try await fixture.settle("nav")
      let shown = try await fixture.service.showRemote("nav", for: fixture.peer)
      #expect(shown.current == published)
    }
  }

  @Test("Updates that come at the same time take turns, and both succeed")
  func concurrentUpdates() async throws {
    try await withService { fixture in
      let origin = try await DeployOrigin(Deploy(name: "nav"))
      _ = try await add(fixture, origin.url)
      async let one = update(fixture)
      async let two = update(fixture)
      #expect(try await one.current?.release == two.current?.release)
      #expect(origin.counts["/route.js"] == 1)
    }
  }

  @Test("A removed remote is unknown, and its name is free")
  func remove() async throws {
    try await withService { fixture in
      let origin = try await DeployOrigin(Deploy(name: "nav"))
      _ = try await add(fixture, origin.url)
      _ = try await update(fixture)
      try await fixture.service.removeRemote("nav", for: fixture.peer)
      try await expectError(.unknownRemote) {
        try await fixture.service.removeRemote("nav", for: fixture.peer)
      }
      let plan = try await fixture.plan("nav")
      #expect(plan.errors.map(\.kind.rawValue) == ["unknownRemote"])
      #expect(try await add(fixture, origin.url).releases.isEmpty)
    }
  }

  @Test("Blobs that are gone are fetched by an update of the same deploy")
  func heals() async throws {
    try await withService { fixture in
      let deploy = Deploy(name: "nav")
      let origin = try await DeployOrigin(deploy)
      _ = try await add(fixture, origin.url)
      let name = try #require(RemoteName("nav"))
      let facts = try await fixture.service.inspect([origin.url], for: fixture.peer).variants[0]
      let lost = BlobStat(
        digest: try #require(Digest([UInt8](repeating: 9, count: 32))), size: ByteCount(1))
      let files = facts.assets.map { asset in
        (path: asset.name, blob: BlobStat(digest: lost.digest, size: ByteCount(asset.size ?? 0)))
      }
      let build = ReleaseBuild(
        facts: facts, stats: try await fixture.put(deploy.stats), files: files)
      _ = try await fixture.registry.commitRelease(
        try ReleaseBuild.draft([build], of: name), of: name, in: fixture.peer.realm,
        movingChannel: .current)
      #expect(try await fixture.plan("nav").errors.allSatisfy { $0.kind.rawValue == "corrupt" })
      _ = try await update(fixture)
      let plan = try await fixture.plan("nav")
      #expect(plan.isComplete && plan.files.allSatisfy { $0.digest != nil })
    }
  }

  @Test("A realm has remotes and bytes of its own")
  func realms() async throws {
    try await withService { fixture in
      let origin = try await DeployOrigin(Deploy(name: "nav"))
      _ = try await add(fixture, origin.url)
      _ = try await update(fixture)
      let other = try await fixture.service.capability(realm: "other")
      try await expectError(.unknownRemote) {
        try await fixture.service.showRemote("nav", for: other)
      }
      _ = try await fixture.service.addRemote("nav", urls: [origin.url], for: other)
      let plan = try await fixture.service.plan(
        [PlanRequest(remote: "nav", expose: "./Header")], consumes: [],
        in: HostSession(host: HostFacts(name: "host")), for: other)
      #expect(plan.body.cost.originRequests == 3)
    }
  }

  @Test("Inspecting stores nothing and registers nothing")
  func inspect() async throws {
    try await withService { fixture in
      let origin = try await DeployOrigin(Deploy(name: "nav"))
      let found = try await fixture.service.inspect([origin.url], for: fixture.peer)
      #expect(found.variants.map(\.name) == ["nav"])
      #expect(fixture.store.statistics.total.blobs == 0)
      #expect(try await fixture.service.listRemotes(for: fixture.peer).remotes.isEmpty)
      origin.set("/remoteEntry.js", "<html>")
      try await expectError(.notJavaScript) {
        try await fixture.service.inspect([origin.url], for: fixture.peer)
      }
    }
  }

  @Test("Two variants behind two URLs are one release, switched together")
  func variants() async throws {
    try await withService { fixture in
      let origin = try await DeployOrigin(Deploy(name: "nav"), at: "/node/")
      origin.deploy(Deploy(name: "nav", loading: "jsonp"), at: "/web/")
      _ = try await add(fixture, origin.http.url("/web"), origin.http.url("/node"))
      let remote = try await update(fixture)
      #expect(remote.current?.variants.map(\.target).sorted() == ["async-node", "web"])
    }
  }
}
