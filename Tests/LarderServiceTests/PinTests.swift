import LarderCore
import LarderFederation
import LarderMessages
import LarderOrigin
import LarderRegistry
import LarderStore
import OriginRig
import Testing

@testable import LarderService

@Suite("PIN and UNPIN")
struct PinTests {
  private func release(_ fixture: Fixture, _ deploy: Deploy) async throws -> DeployOrigin {
    let origin = try await DeployOrigin(deploy)
    _ = try await fixture.service.addRemote(deploy.name, urls: [origin.url], for: fixture.peer)
    _ = try await fixture.service.updateRemote(deploy.name, for: fixture.peer)
    return origin
  }

  @Test("A channel names its release, whose lost files are fetched first; all are listed")
  func pin() async throws {
    try await withService { fixture in
      let deploy = Deploy(name: "nav")
      let origin = try await release(fixture, deploy)
      let facts = try await fixture.plan("nav")
      let lost = try #require(facts.files.first { $0.path == "route.js" }?.digest)
      #expect(try fixture.store.evict(lost, in: fixture.peer.realm))
      let request = PinMessage.Request(name: "nav", release: "current")
      let pinned = try await fixture.service.pin(request, for: fixture.peer)
      #expect(fixture.store.stat(lost, in: fixture.peer.readable) != nil)
      #expect(origin.counts["/route.js"] == 2)
      let id = facts.containers[0].release
      #expect(pinned.pins.map(\.release) == [id] && pinned.pins[0].name == "nav")
      #expect(pinned.bytes == deploy.files.values.reduce(0) { $0 + Int64($1.count) })
      #expect(try await fixture.service.pin(.init(), for: fixture.peer) == pinned)
      let other = try await fixture.service.capability(realm: "other")
      #expect(try await fixture.service.pin(.init(), for: other).pins.isEmpty)
      let rest = try await fixture.service.unpin(
        .init(name: "nav", release: id), for: fixture.peer)
      #expect(rest.pins.isEmpty && rest.bytes == 0)
    }
  }

  @Test("A pin past a quarter of the realm's quota, or of what is lost or unknown, is refused")
  func refused() async throws {
    try await withService { fixture in
      let deploy = Deploy(name: "nav")
      let request = PinMessage.Request(name: "nav", release: "current")
      try await expectError(.unknownRemote) {
        try await fixture.service.pin(request, for: fixture.peer)
      }
      let origin = try await release(fixture, deploy)
      let size = deploy.files.values.reduce(0) { $0 + Int64($1.count) }
      fixture.service.setQuota(ByteCount(size * 4 - 4), for: fixture.peer)
      let refusal = try await expectError(.tooLarge) {
        try await fixture.service.pin(request, for: fixture.peer)
      }
      #expect(refusal.remedy?.contains("larder unpin") == true)
      fixture.service.setQuota(ByteCount(size * 4), for: fixture.peer)
      #expect(try await fixture.service.pin(request, for: fixture.peer).bytesMax == size)
      try await expectError(.notFound) {
        try await fixture.service.pin(.init(name: "nav", release: "next"), for: fixture.peer)
      }
      try await expectError(.badRequest) {
        try await fixture.service.pin(.init(release: "current"), for: fixture.peer)
      }
      origin.set(.down)
      let lost = try #require(try await fixture.plan("nav").files[0].digest)
      #expect(try fixture.store.evict(lost, in: fixture.peer.realm))
      try await expectError(.corrupt) {
        try await fixture.service.pin(request, for: fixture.peer)
      }
    }
  }
}
