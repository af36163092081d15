import Foundation
import LarderClient
import LarderCore
import LarderMessages
import LarderPlatform
import LarderService
import LarderStore
import LarderWire
import Testing

@testable import LarderSocket

@Suite("Leases over a socket")
struct LeaseTests {
  /// Whether an administrator is refused to evict the blob; it is gone otherwise.
  private static func isHeld(_ digest: LarderCore.Digest, _ daemon: TestDaemon) throws -> Bool {
    let admin = try daemon.connect(to: TestDaemon.admin)
    do {
      let _: AdminMessage.Removed = try admin.admin(.init(op: .evict, digest: digest))
      return false
    } catch {
      guard error.code.rawValue == "busy" else { throw error }
      return true
    }
  }

  private static func isHeld(_ digest: BlobDigest, _ daemon: TestDaemon) throws -> Bool {
    try isHeld(#require(Digest(hex: digest.hex)), daemon)
  }

  @Test("A lease holds until RELEASE, which no other connection may send")
  func release() async throws {
    try await TestDaemon.run(realms: ["default", "other"]) { daemon in
      try await blocking {
        let client = try daemon.connect()
        let blobs = try [[1, 2, 3], [4, 5]].map { BlobDigest(try client.put($0).digest) }
        let lease = try client.lease(blobs + blobs)
        #expect(lease.sizeBytes == 5 && lease.duration == nil)
        for stranger in [try daemon.connect(), try daemon.connect(to: "other")] {
          #expect(code { try stranger.release(lease) } == .notFound)
        }
        #expect(try Self.isHeld(blobs[0], daemon))
        try client.release(lease)
        #expect(code { try client.release(lease) } == .notFound)
        #expect(try !Self.isHeld(blobs[0], daemon))
        let refusal = #expect(throws: ClientError.self) { _ = try client.lease(blobs) }
        #expect(refusal?.code == .notFound && refusal?.subject == blobs[0].hex)
        #expect(try !Self.isHeld(blobs[1], daemon))
      }
    }
  }

  @Test("A lease without a time ends with its connection, one with a time goes on")
  func connectionEnds() async throws {
    try await TestDaemon.run(realms: ["default", "other"]) { daemon in
      let (bound, timed, lease) = try await blocking {
        let client = try daemon.connect()
        let blobs = try [[1], [2]].map { BlobDigest(try client.put($0).digest) }
        _ = try client.lease([blobs[0]])
        let lease = try client.lease([blobs[1]], for: .milliseconds(59_500))
        #expect(lease.duration == .seconds(60))
        #expect(try Self.isHeld(blobs[0], daemon))
        return (blobs[0], blobs[1], lease)
      }
      // That of the administrator, too.
      #expect(await daemon.settle { daemon.server.connections.open == 0 })
      try await blocking {
        #expect(try !Self.isHeld(bound, daemon))
        #expect(try Self.isHeld(timed, daemon))
        #expect(code { try daemon.connect(to: "other").release(lease) } == .notFound)
        try daemon.connect().release(lease)
        #expect(try !Self.isHeld(timed, daemon))
      }
    }
  }

  @Test("A lease ends with its connection, though a request of that still waits for the disk")
  func requestGoesOn() async throws {
    try await TestDaemon.run { daemon in
      let realm = try await daemon.service.capability(realm: "default").realm
      let (raw, digest) = try await blocking {
        let digest = try daemon.connect().put([1, 2, 3]).digest
        let raw = try RawClient.ready(daemon.path())
        try raw.send(Self.request(1, digest))
        #expect(try raw.receive()?.code == nil)
        return (Unchecked(raw), digest)
      }
      let gate = Gate()
      defer { gate.open() }
      for _ in 0..<2 { #expect(daemon.workers.submit { gate.wait() }) }
      try await blocking {
        try raw.value.send(Self.request(2, digest) + RawClient.request(.ping, id: 3))
        #expect(try raw.value.receive()?.id == 3)
        raw.value.finishSending()
        #expect(try raw.value.receive() == nil)
      }
      #expect(await daemon.settle { daemon.server.connections.open == 0 })
      #expect(try daemon.store.evict(digest, in: realm))
    }
  }

  private static func request(_ id: UInt64, _ digest: LarderCore.Digest) -> [UInt8] {
    RawClient.request(.lease, id: id, body: Array(#"{"digests":["\#(digest.hex)"]}"#.utf8))
  }

  @Test("A lease that is granted when its connection has ended ends at once")
  func late() async throws {
    try await TestDaemon.run { daemon in
      let peer = try await daemon.service.capability(realm: "default")
      let digest = try await blocking { try daemon.connect().put([1, 2, 3]).digest }
      let table = LeaseTable()
      table.add(try await daemon.service.lease([digest], for: peer))
      #expect(try await blocking { try Self.isHeld(digest, daemon) })
      table.end()
      let late = try await daemon.service.lease([digest], for: peer)
      table.add(late)
      #expect(!table.release(late.number))
      #expect(try await !blocking { try Self.isHeld(digest, daemon) })
    }
  }

  @Test("As many digests as the limit are leased, one more is refused, and none")
  func digestsMax() async throws {
    try await TestDaemon.run { daemon in
      try await blocking {
        let client = try daemon.connect()
        let blob = BlobDigest(try client.put([1]).digest)
        let lease = try client.lease(.init(repeating: blob, count: WireLimits.digestsMax))
        #expect(lease.sizeBytes == 1)
        for count in [0, WireLimits.digestsMax + 1] {
          #expect(
            code { _ = try client.lease(.init(repeating: blob, count: count)) } == .badRequest)
        }
        #expect(code { _ = try client.lease([blob], for: .seconds(86_401)) } == .badRequest)
        #expect(code { _ = try client.lease([blob], for: .zero) } == .badRequest)
      }
    }
  }
}
