import Foundation
import LarderClient
import LarderCore
import LarderMessages
import LarderWire
import Testing

@Suite("The moves of a channel")
struct MoveTests {
  /// Answers a WATCH of `nav` that knows `known`.
  private static func answer(
    _ peer: ScriptedPeer, known: String, moved: String, channel: String = "current"
  ) throws {
    let watch = try peer.receive()
    let request = try JSONDecoder().decode(WatchMessage.Request.self, from: Data(watch.body))
    #expect(watch.verb == .watch && request.known["nav"] == known && request.channel == channel)
    try peer.reply(to: watch, .reply, Array(#"{"moved":{"nav":\#(moved)}}"#.utf8))
  }

  @Test("go on over lost connections, from where they were, and end with their task")
  func reconnects() async throws {
    let (waits, ended) = (Gate(), Gate())
    let daemon = try ScriptedDaemon { peer, number in
      switch number {
      case 0:
        try Self.answer(peer, known: "", moved: #""r1""#)
        _ = try peer.receive()
      case 1:
        // A daemon that ends tells who waits.
        let watch = try peer.receive()
        try peer.refuse(watch, .shuttingDown)
        _ = try peer.receive()
      default:
        try Self.answer(peer, known: "r1", moved: "null")
        _ = try peer.receive()
        waits.open()
        #expect(try peer.next() == nil)
        ended.open()
      }
    }
    let client = daemon.client()
    let seen = Locked<[ChannelMove]>([])
    let task = Task {
      for try await move in client.moves(of: ["nav"]) { seen.withLock { $0.append(move) } }
    }
    await waits.opened()
    task.cancel()
    try await task.value
    await ended.opened()
    let moves = seen.withLock { $0 }
    #expect(moves.map(\.release) == ["r1", nil] && moves.allSatisfy { $0.remote == "nav" })
    #expect(daemon.connections == 3 && daemon.failures.isEmpty)
    daemon.stop()
  }

  @Test("are waited for where there is no daemon yet")
  func later() async throws {
    let early = try ScriptedDaemon { peer, _ in }
    let path = early.path
    early.stop()
    var options = LarderClient.Options()
    options.reconnectPauseMax = .milliseconds(5)
    let client = LarderClient(socketPath: path, options: options)
    let task = Task {
      var moves = client.moves(of: ["nav"], channel: "beta").makeAsyncIterator()
      return try await moves.next()
    }
    #expect(try await client.get(digest(1)) == nil)
    let daemon = try ScriptedDaemon(at: path) { peer, _ in
      try Self.answer(peer, known: "", moved: #""r1""#, channel: "beta")
      while try peer.next() != nil {}
    }
    #expect(try await task.value?.release == "r1")
    daemon.stop()
  }

  @Test("are refused for names that are none, and with LARDER=off")
  func refused() async throws {
    let daemon = try ScriptedDaemon { peer, _ in
      try peer.refuse(try peer.receive(), .badRequest)
      while try peer.next() != nil {}
    }
    let clients: [(LarderClient, ClientError.Code)] = [
      (daemon.client(), .badRequest), (LarderClient(environment: ["LARDER": "off"]), .noDaemon),
    ]
    for (client, code) in clients {
      let error = await #expect(throws: ClientError.self) {
        for try await _ in client.moves(of: ["nav"]) { Issue.record("a move") }
      }
      #expect(error?.code == code)
    }
    daemon.stop()
  }
}
