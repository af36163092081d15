import Crypto
import LarderCore
import LarderFederation
import LarderMessages
import LarderOrigin
import LarderRegistry
import LarderStore
import OriginRig
import Testing

@testable import LarderService

@Suite("What is kept from eviction")
struct KeepingTests {
  private func isHeld(_ digest: LarderCore.Digest, _ fixture: Fixture) throws -> Bool {
    do {
      #expect(try fixture.store.evict(digest, in: fixture.peer.realm))
      return false
    } catch {
      guard error.code == .busy else { throw error }
      return true
    }
  }

  private func digest(_ deploy: Deploy, _ path: String) throws -> LarderCore.Digest {
    let bytes = try #require(deploy.served[path])
    return Array(SHA256.hash(data: bytes)).withUnsafeBytes { Digest(copying: $0) }
  }

  private func opened(
    _ fixture: Fixture, _ releases: [String: String]? = nil
  ) async throws -> (session: HostSession, opened: SessionMessage.Opened) {
    var request = SessionMessage.Open(
      session: 1, host: HostFacts(name: "host", target: .asyncNode))
    request.releases = releases
    return try await fixture.service.openSession(request, for: fixture.peer)
  }

  @Test("Files of a deploy are held until its release is recorded")
  func candidate() async throws {
    try await withService { fixture in
      let deploy = Deploy(name: "nav")
      let origin = try await DeployOrigin(deploy)
      let gate = origin.hold("/unused.png")
      _ = try await fixture.service.addRemote("nav", urls: [origin.url], for: fixture.peer)
      let paths = ["stats.json", "remoteEntry.js"]
      for path in paths { #expect(try isHeld(digest(deploy, path), fixture)) }
      #expect(try await fixture.plan("nav").isComplete)
      await origin.asked(for: "/unused.png")
      for path in paths + ["header.js", "route.js"] {
        #expect(try isHeld(digest(deploy, path), fixture))
      }
      gate.open()
      try await fixture.settle("nav")
      // The registry of this test keeps nothing.
      #expect(try !isHeld(digest(deploy, "header.js"), fixture))
    }
  }

  @Test("A deploy that was not recorded holds nothing, and what went is fetched again, or refused")
  func failedCandidate() async throws {
    try await withService { fixture in
      let deploy = Deploy(name: "nav")
      let origin = try await DeployOrigin(deploy)
      origin.set("/unused.png", nil)
      _ = try await fixture.service.addRemote("nav", urls: [origin.url], for: fixture.peer)
      let session = HostSession(host: HostFacts(name: "host", target: .asyncNode))
      #expect(try await fixture.plan("nav", in: session).isComplete)
      try await fixture.settle("nav")
      let lost = try digest(deploy, "route.css")
      #expect(try !isHeld(lost, fixture))
      let again = try await fixture.plan("nav", in: session)
      #expect(again.isComplete && again.cost.originRequests == 1)
      try await fixture.settle("nav")
      #expect(try !isHeld(lost, fixture))
      origin.set("/route.css", ".route { --v: '7 of nav' }")
      let other = try await fixture.plan("nav", in: session)
      #expect(other.errors.map(\.kind.rawValue) == ["integrityMismatch"])
    }
  }

  @Test("A release that a session runs stays, however many come after it, and its content longer")
  func inUse() async throws {
    try await withService { fixture in
      func publish(_ version: Int) async throws -> String {
        try await fixture.publish(Deploy(name: "nav", version: "\(version)")).release
      }
      let first = try await publish(0)
      let session = try await opened(fixture).session
      _ = try await fixture.plan("nav", in: session)
      for version in 1...9 { _ = try await publish(version) }
      let returned = try await opened(fixture, ["nav": first])
      #expect(returned.opened.releases == ["nav": first])
      // Its content outlives even the remote.
      try await fixture.service.removeRemote("nav", for: fixture.peer)
      try await fixture.service.keepReleases()
      let entry = try digest(Deploy(name: "nav", version: "0"), "remoteEntry.js")
      #expect(try isHeld(entry, fixture))
      #expect(session.release(of: "nav")?.id?.description == first)
    }
  }

  @Test("A release that no session runs any more goes with the next commit")
  func over() async throws {
    try await withService { fixture in
      func publish(_ version: Int) async throws -> String {
        try await fixture.publish(Deploy(name: "nav", version: "\(version)")).release
      }
      let first = try await publish(0)
      do {
        let session = try await opened(fixture).session
        _ = try await fixture.plan("nav", in: session)
        for version in 1...9 { _ = try await publish(version) }
        #expect(session.release(of: "nav")?.id?.description == first)
      }
      _ = try await publish(10)
      #expect(try await opened(fixture, ["nav": first]).opened.releases.isEmpty)
    }
  }

  @Test("The fetch of what was evicted or purged is forgotten, that of what is damaged is not")
  func fetches() async throws {
    try await withService { fixture in
      let origin = try await DeployOrigin()
      let admin = try await fixture.service.capability(realm: "default", may: .administrator)
      func reasons(_ digest: LarderCore.Digest) async throws -> [String] {
        try await fixture.service.explain(.init(op: .why, digest: digest), for: admin).fetches
      }
      var digests: [LarderCore.Digest] = []
      for name in ["evicted", "purged", "collected", "damaged", "here"] {
        origin.set("/\(name).txt", name)
        digests.append(try await fixture.ensure(origin.http.url("/\(name).txt")).digest)
      }
      _ = try await fixture.service.evict(.init(op: .evict, digest: digests[0]), for: admin)
      _ = try await fixture.service.purge(.init(op: .purge, digest: digests[1]), for: admin)
      #expect(try await reasons(digests[0]).isEmpty)
      #expect(try await reasons(digests[1]).isEmpty)
      // As a collection does.
      #expect(try fixture.store.evict(digests[2], in: fixture.peer.realm))
      try fixture.damage(digests[3])
      try await expectError(.corrupt) { try await fixture.bytes(digests[3]) }
      #expect(try await reasons(digests[2]).count == 1)
      try await fixture.service.forgetEvicted()
      #expect(try await reasons(digests[2]).isEmpty)
      #expect(try await reasons(digests[3]).count == 1)
      #expect(try await reasons(digests[4]).count == 1)
    }
  }
}
