import Foundation
import LarderClient
import LarderCore
import LarderMessages
import LarderService
import LarderWire
import Testing

@testable import LarderSocket

@Suite("ENSURE over a socket")
struct EnsureTests {
  @Test("content that an integrity value names comes from the store, with its bytes if asked")
  func fromStore() async throws {
    try await TestDaemon.run { daemon in
      try await blocking {
        let client = try daemon.connect()
        let bytes = noise((3 << 20) + 5, seed: 1)
        let digest = try client.put(bytes).digest
        var request = EnsureMessage.Request(
          url: "http://localhost:1/x.js",
          integrity: "sha256-\(Data(digest.bytes).base64EncodedString())")
        let bare = try client.ensure(request)
        #expect(bare.digest == digest && bare.verified && bare.source == .store)
        request.bytes = true
        let received = Received()
        let reply = try client.ensure(request) { received.append($0) }
        #expect(reply == bare)
        #expect(received.bytes == bytes)
        #expect(received.largest <= WireLimits.contentFrameBytes)
      }
    }
  }

  @Test("a client that is gone while it is sent content frees its task")
  func gone() async throws {
    try await TestDaemon.run { daemon in
      try await blocking {
        let client = try daemon.connect()
        let digest = try client.put(noise(8 << 20, seed: 2)).digest
        let integrity = "sha256-\(Data(digest.bytes).base64EncodedString())"
        let body = #"{"url":"http://localhost:1/x.js","integrity":"\#(integrity)","bytes":true}"#
        let raw = try RawClient.ready(daemon.path())
        try raw.send(RawClient.request(.ensure, id: 1, body: Array(body.utf8)))
        #expect(try raw.receive()?.flags == [.reply, .data, .more])
      }
      #expect(await daemon.settle { daemon.server.connections.open == 0 })
    }
  }

  @Test(
    "room is given to those who wait as the queue empties, and nobody waits for one that is gone")
  func room() async throws {
    let room = OutputRoom(queuedBytesMax: 100)
    try await room.take(60)
    try await room.take(60)
    let third = Task { () -> ServiceError.Code? in
      do throws(ServiceError) {
        try await room.take(1)
        return nil
      } catch { return error.code }
    }
    room.arrived(120)
    room.update(queuedBytes: 101)
    room.update(queuedBytes: 100)
    #expect(await third.value == nil)
    room.update(queuedBytes: 101)
    let fourth = Task { () -> ServiceError.Code? in
      do throws(ServiceError) {
        try await room.take(1)
        return nil
      } catch { return error.code }
    }
    room.close()
    #expect(await fourth.value == .shuttingDown)
  }
}

/// What a streamed reply brought.
private final class Received {
  private(set) var bytes: [UInt8] = []
  private(set) var largest = 0

  func append(_ piece: UnsafeRawBufferPointer) {
    bytes += piece
    largest = max(largest, piece.count)
  }
}
