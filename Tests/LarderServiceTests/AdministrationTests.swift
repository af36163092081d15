import LarderCore
import LarderMessages
import LarderOrigin
import LarderRegistry
import LarderStore
import OriginRig
import Testing

@testable import LarderService

@Suite("Operations of ADMIN")
struct AdministrationTests {
  private func admin(_ fixture: Fixture) async throws -> RealmCapability {
    try await fixture.service.capability(realm: "default", may: .administrator)
  }

  @Test("Each is refused to who is no administrator, and changes nothing")
  func refused() async throws {
    try await withService { fixture in
      let digest = try await fixture.put(Array("here".utf8))
      let peer = fixture.peer
      let service = fixture.service
      for op in AdminMessage.Operation.allCases {
        let request = AdminMessage.Request(op: op, digest: digest)
        try await expectError(.notPermitted) {
          switch op {
          case .check, .scrub:
            _ = try await service.check(request, for: peer) { (_) async throws(ServiceError) in }
          case .collect: _ = try await service.collect(request, for: peer)
          case .evict: _ = try await service.evict(request, for: peer)
          case .purge: _ = try await service.purge(request, for: peer)
          case .list: _ = try await service.listBlobs(request, for: peer)
          case .why: _ = try await service.explain(request, for: peer)
          }
        }
      }
      #expect(try await fixture.bytes(digest) == Array("here".utf8))
    }
  }

  @Test("A blob that a release needs is not evicted, and what names it is told, its origin too")
  func held() async throws {
    try await withService { fixture in
      let deploy = Deploy(name: "nav")
      let origin = try await DeployOrigin(deploy)
      _ = try await fixture.service.addRemote("nav", urls: [origin.url], for: fixture.peer)
      let remote = try await fixture.service.updateRemote("nav", for: fixture.peer)
      try await fixture.service.keepReleases()
      let admin = try await admin(fixture)
      let route = try await fixture.ensure(origin.http.url("/route.js")).digest
      let stats = try await fixture.ensure(origin.http.url("/stats.json")).digest
      for (digest, path) in [(route, "route.js"), (stats, "stats.json")] {
        try await expectError(.busy) {
          try await fixture.service.evict(.init(op: .evict, digest: digest), for: admin)
        }
        let why = try await fixture.service.explain(.init(op: .why, digest: digest), for: admin)
        #expect(why.blob?.kept == true && why.quarantined.isEmpty)
        #expect(
          why.releases == [
            AdminMessage.Use(
              remote: "nav", release: try #require(remote.current?.release), path: path)
          ])
        #expect(why.fetches == [origin.http.url("/\(path)")])
      }
    }
  }

  @Test("A purge without a realm is of all realms, one with a realm leaves the others")
  func purge() async throws {
    try await withService { fixture in
      let admin = try await admin(fixture)
      let other = try await fixture.service.capability(realm: "other")
      func put(_ text: String) async throws -> Digest {
        try await fixture.put(Array(text.utf8), for: other)
        return try await fixture.put(Array(text.utf8))
      }
      let one = try await put("one")
      let all = try await put("all")
      let removed = try await fixture.service.purge(
        .init(op: .purge, realm: "other", digest: one), for: admin)
      #expect(removed.records == 1)
      #expect(fixture.service.stat(one, for: fixture.peer) != nil)
      #expect(fixture.service.stat(one, for: other) == nil)
      #expect(
        try await fixture.service.purge(.init(op: .purge, digest: all), for: admin).records == 2)
      #expect(fixture.service.stat(all, for: fixture.peer) == nil)
      #expect(fixture.service.stat(all, for: other) == nil)
      let listed = try await fixture.service.listBlobs(
        .init(op: .list, realm: "other"), for: admin)
      #expect(listed.realm == "other" && listed.blobs.isEmpty)
      try await expectError(.notFound) {
        try await fixture.service.listBlobs(.init(op: .list, realm: "nowhere"), for: admin)
      }
    }
  }

  @Test("A collection frees what it is asked for, and refuses to free less than nothing")
  func collect() async throws {
    try await withService(options: .init(quota: .mebibytes(64))) { fixture in
      let admin = try await admin(fixture)
      // Six segments of 2 MiB, of bytes that LZ4 does not shorten.
      var state: UInt64 = 1
      for _ in 0..<12 {
        try await fixture.put(
          (0..<1_000_000).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1
            return UInt8(truncatingIfNeeded: state >> 33)
          })
      }
      var request = AdminMessage.Request(op: .collect)
      request.freeBytes = 1 << 20
      let before = fixture.store.statistics.diskBytes
      let collected = try await fixture.service.collect(request, for: admin)
      #expect(collected.segments > 0 && collected.freedBytes >= 1 << 20 && collected.enough)
      #expect(fixture.store.statistics.diskBytes < before)
      request.freeBytes = -1
      try await expectError(.badRequest) {
        try await fixture.service.collect(request, for: admin)
      }
    }
  }
}
