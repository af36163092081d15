import LarderFederation
import LarderMessages
import OriginRig
import Testing

@testable import LarderService

@Suite("What a console shows of a realm") struct UsageTests {
  @Test("says of each release what it takes, what is its alone, and why it is kept")
  func usage() async throws {
    try await withService { fixture in
      let first = try await fixture.publish(Deploy(name: "nav", version: "1"))
      let second = try await fixture.publish(Deploy(name: "nav", version: "2"))
      let cart = try await fixture.publish(Deploy(name: "nav", version: "2"), as: "cart")
      _ = try await fixture.service.setChannel(
        "beta", to: first.release, of: "nav", for: fixture.peer)
      _ = try await fixture.service.pin(
        PinMessage.Request(name: "nav", release: first.release), for: fixture.peer)
      let session = fixture.service.sessions.open(HostFacts(name: "shell", target: .asyncNode))
      _ = try await fixture.plan("nav", in: session)
      let usage = try await fixture.service.usage(for: fixture.peer)
      #expect(usage.remotes.map(\.name) == ["cart", "nav"])
      let nav = usage.remotes[1]
      #expect(nav.releases.map(\.release) == [second.release, first.release])
      #expect(nav.releases[0].reasons == ["channel current", "in use", "newest 8"])
      #expect(nav.releases[1].reasons == ["channel beta", "pinned", "newest 8"])
      // The same build under two names is there once: neither's end would free it.
      #expect(nav.releases[0].ownBytes == 0 && nav.releases[0].bytes > 0)
      #expect(nav.releases[1].ownBytes == nav.releases[1].bytes)
      #expect(usage.remotes[0].releases[0].release == cart.release)
      #expect(nav.bytes == nav.releases[0].bytes + nav.releases[1].bytes)
      #expect(usage.releaseBytes == nav.bytes)
      #expect(usage.pinnedBytes == nav.releases[1].bytes && usage.pinnedBytesMax > 0)
    }
  }

  @Test("says who imports whom by the current releases, those of parents among them")
  func federation() async throws {
    let policy = try RealmPolicy([
      "shop": RealmPolicy.Realm(parents: ["default"]), "default": RealmPolicy.Realm(),
    ])
    try await withService(policy: policy) { fixture in
      try await fixture.publish(Deploy(name: "cart"))
      try await fixture.publish(
        Deploy(name: "nav", version: "1", remotes: [(container: "cart", expose: "./Header")]))
      let nav = try await fixture.publish(
        Deploy(
          name: "nav", version: "2", exposes: ["./Header", "./Footer"],
          remotes: [(container: "gone", expose: "./X"), (container: "gone", expose: "./Y")]))
      let shop = try await fixture.service.capability(realm: "shop")
      let containers = try await fixture.service.federation(for: shop).containers
      #expect(containers.map(\.name) == ["cart", "nav"])
      #expect(containers[1].release == nav.release && containers[1].imports == ["gone"])
      #expect(containers[1].exposes == ["./Header", "./Footer"])
      #expect(containers[0].imports.isEmpty && containers[0].uniqueName == "cart")
    }
  }
}
