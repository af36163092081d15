import Foundation
import LarderClient
import LarderCore
import LarderMessages
import LarderWire
import Testing

@Suite("A lease of a scope")
struct LeaseTests {
  private static func grant(_ frame: ScriptedPeer.Frame, _ number: UInt64, by peer: ScriptedPeer)
    throws
  {
    #expect(frame.verb == .lease)
    let request = try JSONDecoder().decode(LeaseMessage.Request.self, from: Data(frame.body))
    #expect(request.digests == [digest(1).value] && request.seconds == nil)
    try peer.reply(
      to: frame, .reply, Array(#"{"lease":\#(number),"bytes":3}"#.utf8))
  }

  private static func expectRelease(of number: UInt64, _ frame: ScriptedPeer.Frame) throws {
    #expect(frame.verb == .release)
    let release = try JSONDecoder().decode(LeaseMessage.Release.self, from: Data(frame.body))
    #expect(release.lease == number)
  }

  @Test("is taken again on a new connection, before anything is called, and released by its number")
  func reconnects() async throws {
    let (taken, released) = (Gate(), Gate())
    let daemon = try ScriptedDaemon { peer, number in
      try Self.grant(try peer.receive(), UInt64(10 + number), by: peer)
      guard number > 0 else { return }
      taken.open()
      try Self.expectRelease(of: 11, try peer.receive())
      released.open()
      while try peer.next() != nil {}
    }
    let client = daemon.client()
    let result = try await client.withLease(of: [digest(1)]) {
      await taken.opened()
      return 5
    }
    #expect(result == 5)
    await released.opened()
    #expect(daemon.connections == 2 && daemon.failures.isEmpty)
    daemon.stop()
  }

  @Test("that is granted when nobody waits for it any more is released")
  func cancelled() async throws {
    let (asked, answering, released) = (Gate(), Gate(), Gate())
    let daemon = try ScriptedDaemon { peer, _ in
      let lease = try peer.receive()
      asked.open()
      answering.wait()
      try Self.grant(lease, 10, by: peer)
      try Self.expectRelease(of: 10, try peer.receive())
      released.open()
      while try peer.next() != nil {}
    }
    let client = daemon.client()
    let task = Task {
      try await client.withLease(of: [digest(1)]) { Issue.record("ran without a lease") }
    }
    await asked.opened()
    task.cancel()
    let error = await #expect(throws: ClientError.self) { try await task.value }
    #expect(error?.code == .cancelled)
    answering.open()
    await released.opened()
    #expect(daemon.failures.isEmpty)
    daemon.stop()
  }

  @Test("that is refused runs nothing")
  func refused() async throws {
    let daemon = try ScriptedDaemon { peer, _ in
      try peer.refuse(try peer.receive(), .notFound)
      while try peer.next() != nil {}
    }
    let client = daemon.client()
    let error = await #expect(throws: ClientError.self) {
      try await client.withLease(of: [digest(1)]) { Issue.record("ran without a lease") }
    }
    #expect(error?.code == .notFound)
    daemon.stop()
  }
}
