import LarderCore
import LarderWire
import Testing

@testable import LarderClient

@Suite("Calls of a client")
struct CallTests {
  /// The first byte of a digest, as content.
  private static func content(_ frame: ScriptedPeer.Frame) throws -> [UInt8] {
    Array(try frame.digests[0].bytes.prefix(2))
  }

  @Test("from many tasks go out before any is answered, 64 at a time, and each gets its own answer")
  func pipelined() async throws {
    let count = 200
    let daemon = try ScriptedDaemon { peer, _ in
      var open: [ScriptedPeer.Frame] = []
      for _ in 0..<WireLimits.requestsInFlightMax { open.append(try peer.receive()) }
      var received = open.count
      // The last first, so that answers meet other tasks than those that wait the longest.
      while let frame = open.popLast() {
        try peer.answer(frame, Self.content(frame))
        if received < count {
          open.append(try peer.receive())
          received += 1
        }
      }
      while try peer.next() != nil {}
    }
    let client = daemon.client()
    let answers = try await withThrowingTaskGroup(of: (Int, [UInt8]?).self) { group in
      for number in 0..<count {
        group.addTask { (number, try await client.get(digest(number))) }
      }
      return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
    #expect(answers.count == count)
    for (number, bytes) in answers {
      #expect(bytes == [UInt8(number & 0xff), UInt8(number >> 8)])
    }
    #expect(daemon.connections == 1 && daemon.failures.isEmpty)
    daemon.stop()
  }

  @Test("that are cancelled end at once, and their slot is free when the daemon has answered")
  func cancelled() async throws {
    let (asked, answering) = (Gate(), Gate())
    let daemon = try ScriptedDaemon { peer, _ in
      let frames = try (0..<WireLimits.requestsInFlightMax).map { _ in try peer.receive() }
      asked.open()
      answering.wait()
      // Nobody waits for this one, and nothing goes out instead before it is answered.
      try peer.answer(frames[0], Self.content(frames[0]))
      let last = try peer.receive()
      for frame in frames.dropFirst() + [last] { try peer.answer(frame, Self.content(frame)) }
      while try peer.next() != nil {}
    }
    let client = daemon.client()
    let first = Task { try await client.get(digest(0)) }
    // The first is asked first: the daemon sees it so.
    let rest = Task {
      try await withThrowingTaskGroup(of: Bool.self) { group in
        for number in 1..<WireLimits.requestsInFlightMax {
          group.addTask { try await client.get(digest(number)) == [UInt8(number), 0] }
        }
        return try await group.allSatisfy { $0 }
      }
    }
    await asked.opened()
    let waits = Task { try await client.get(digest(1_000)) }
    let last = Task { try await client.get(digest(1_001)) }
    waits.cancel()
    await #expect(throws: ClientError.self) { try await waits.value }
    first.cancel()
    let error = await #expect(throws: ClientError.self) { try await first.value }
    #expect(error?.code == .cancelled)
    answering.open()
    #expect(try await rest.value)
    #expect(try await last.value == [0xe9, 3])
    #expect(daemon.failures.isEmpty && daemon.connections == 1)
    daemon.stop()
  }

  @Test("get a new connection where all requests of the old one were cancelled")
  func allCancelled() async throws {
    let asked = Gate()
    let daemon = try ScriptedDaemon { peer, number in
      if number == 0 {
        for _ in 0..<WireLimits.requestsInFlightMax { _ = try peer.receive() }
        asked.open()
      }
      while let frame = try peer.next() {
        if number > 0 { try peer.answer(frame, Self.content(frame)) }
      }
    }
    let client = daemon.client()
    let tasks = (0..<WireLimits.requestsInFlightMax).map { number in
      Task { try await client.get(digest(number)) }
    }
    await asked.opened()
    for task in tasks { task.cancel() }
    for task in tasks { await #expect(throws: ClientError.self) { try await task.value } }
    #expect(try await client.get(digest(7)) == [7, 0])
    #expect(daemon.connections == 2 && daemon.failures.isEmpty)
    daemon.stop()
  }

  @Test("that are not answered in time end alone while the daemon answers others")
  func late() async throws {
    let asked = Gate()
    let daemon = try ScriptedDaemon { peer, _ in
      while let frame = try peer.next() {
        let content = try Self.content(frame)
        if content[0] == 1 { asked.open() } else { try peer.answer(frame, content) }
      }
    }
    let clock = HandClock()
    let client = daemon.client { $0.now = clock.now }
    let late = Task { try await client.get(digest(1)) }
    await asked.opened()
    clock.pass(.seconds(40), for: client)
    #expect(try await client.get(digest(2)) == [2, 0])
    clock.pass(.seconds(40), for: client)
    let error = await #expect(throws: ClientError.self) { try await late.value }
    #expect(error?.code == .timedOut)
    #expect(try await client.get(digest(3)) == [3, 0])
    #expect(daemon.connections == 1 && daemon.failures.isEmpty)
    daemon.stop()
  }

  @Test("beyond what a frame holds are refused before anything is sent")
  func tooLarge() async throws {
    let client = LarderClient(socketPath: "/nowhere/larder.sock")
    let error = await #expect(throws: ClientError.self) {
      try await client.ensure(String(repeating: "x", count: WireLimits.frameBodyMax))
    }
    #expect(error?.code == .tooLarge)
  }

  @Test("that a malformed reply answers fail, and the next has a new connection")
  func malformed() async throws {
    let daemon = try ScriptedDaemon { peer, number in
      let frame = try peer.receive()
      if number == 0 {
        try peer.reply(to: frame, [.reply, .data], [1, 2, 3])
        #expect(try peer.next() == nil)
      } else {
        try peer.answer(frame, [4])
        while try peer.next() != nil {}
      }
    }
    let client = daemon.client()
    let error = await #expect(throws: ClientError.self) { try await client.get(digest(1)) }
    #expect(error?.code == .malformedReply)
    #expect(try await client.get(digest(1)) == [4])
    #expect(daemon.failures.isEmpty)
    daemon.stop()
  }
}
