import Foundation
import LarderClient
import LarderCore
import LarderMessages
import LarderRegistry
import LarderWire
import Testing

@testable import LarderService
@testable import LarderSocket

@Suite("WATCH over a socket")
struct WatchTests {
  private static let unknown = Array(#"{"known":{"nav":null}}"#.utf8)

  /// Makes a release of one file, which nobody reads, and points `current` at it.
  private static func move(_ name: String, _ daemon: TestDaemon, in realm: String = "default")
    async throws -> String
  {
    let peer = try await daemon.service.capability(realm: realm)
    let id = try #require(ReleaseID(UUID().uuidString.replacing("-", with: "").lowercased()))
    let digest = Digest(copying: [UInt8](repeating: 7, count: 32))
    let entry = ReleaseAsset(
      path: "remoteEntry.js", blob: BlobStat(digest: digest, size: ByteCount(1)),
      type: "text/javascript")
    let variant = ReleaseVariant(
      target: "web", ruleSet: "webpack-5.75", webpack: "5.75.0", entry: "remoteEntry.js",
      facts: "{}", stats: nil, assets: [entry])
    return try await daemon.registry.commitRelease(
      ReleaseDraft(id: id, completeness: .exact, variants: [variant]),
      of: #require(RemoteName(name)), in: peer.realm, movingChannel: .current, creatingRemote: true
    ).id.description
  }

  private static func waits(_ daemon: TestDaemon, in realm: String = "default") async throws
    -> @Sendable () -> Int
  {
    let id = try await daemon.service.capability(realm: realm).realm
    return { daemon.service.watchers.count(in: id) }
  }

  @Test("Two clients follow a remote through its moves, and one that has patience no longer ends")
  func clients() async throws {
    try await TestDaemon.run { daemon in
      let waits = try await Self.waits(daemon)
      var release: String?
      for _ in 0..<3 {
        let known = release
        let told = (0..<2).map { _ in
          Task { try await blocking { try daemon.connect().watch(["nav": known, "cart": nil]) } }
        }
        #expect(await daemon.settle { waits() == 2 })
        release = try await Self.move("nav", daemon)
        for task in told { #expect(try await task.value == ["nav": release]) }
      }
      try await blocking {
        let client = try daemon.connect()
        let impatience = #expect(throws: ClientError.self) {
          _ = try client.watch(["cart": nil], timeout: .zero)
        }
        #expect(impatience?.code == .timedOut)
        #expect(impatience?.message.hasSuffix("nothing for 0.0 seconds") == true)
        #expect(throws: ClientError.self) { try client.ping() }
      }
      #expect(await daemon.settle { waits() == 0 })
    }
  }

  @Test("A wait passes no deadline, keeps nothing else waiting, and ends with its connection")
  func idle() async throws {
    try await TestDaemon.run { daemon in
      let waits = try await Self.waits(daemon)
      let raw = try await blocking { () -> Unchecked<RawClient> in
        let raw = try RawClient.ready(daemon.path())
        for id in 1...63 as ClosedRange<UInt64> {
          try raw.send(RawClient.request(.watch, id: id, body: Self.unknown))
        }
        return Unchecked(raw)
      }
      #expect(await daemon.settle { waits() == 63 })
      daemon.pass(.seconds(86_400))
      try await blocking {
        try raw.value.send(RawClient.request(.ping, id: 64))
        #expect(try raw.value.receive()?.id == 64)
        // Of the client's direction alone.
        raw.value.finishSending()
        #expect(try raw.value.receive() == nil)
      }
      #expect(await daemon.settle { waits() == 0 })
    }
  }

  @Test("A stop does not wait for who waits, and tells them")
  func drain() async throws {
    try await TestDaemon.run { daemon in
      let waits = try await Self.waits(daemon)
      let raw = try await blocking { () -> Unchecked<RawClient> in
        let raw = try RawClient.ready(daemon.path())
        try raw.send(RawClient.request(.watch, id: 1, body: Self.unknown))
        return Unchecked(raw)
      }
      #expect(await daemon.settle { waits() == 1 })
      // The clock stands still: only an answer ends this.
      let stopped = Task { await daemon.server.stop(within: .seconds(60)) }
      let told = try? await blocking {
        (try raw.value.receive()?.code, try raw.value.receive() == nil)
      }
      daemon.pass(.seconds(61))
      await stopped.value
      #expect(told?.0 == "shuttingDown" && told?.1 == true)
    }
  }

  @Test("A realm is told of its own remotes")
  func otherRealm() async throws {
    try await TestDaemon.run(realms: ["default", "other"]) { daemon in
      let waits = try await Self.waits(daemon, in: "other")
      let told = Task {
        try await blocking { try daemon.connect(to: "other").watch(["nav": nil]) }
      }
      #expect(await daemon.settle { waits() == 1 })
      _ = try await Self.move("nav", daemon)
      let theirs = try await Self.move("nav", daemon, in: "other")
      #expect(try await told.value == ["nav": theirs])
    }
  }
}
