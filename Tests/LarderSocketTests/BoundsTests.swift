import Foundation
import LarderClient
import LarderCore
import LarderMessages
import LarderPlatform
import LarderStore
import LarderWire
import SystemPackage
import Testing

@testable import LarderSocket

@Suite("Bounds of the socket face")
struct BoundsTests {
  @Test("a client that never reads is read no further, holds up nobody, and is closed in time")
  func neverReading() async throws {
    try await TestDaemon.run { daemon in
      let raw = try await blocking { () -> Unchecked<RawClient> in
        let raw = try RawClient.ready(daemon.path())
        let request = RawClient.request(.ping, id: 0, body: [UInt8](repeating: 1, count: 64))
        var stream: [UInt8] = []
        for _ in 0..<(32 << 20) / request.count { stream += request }
        // Its answers fill both socket buffers and the queue; then nothing more is taken.
        let sent = try raw.sendSome(stream, patienceMilliseconds: 500)
        #expect(sent < 8 << 20)
        try daemon.connect().ping()
        return Unchecked(raw)
      }
      daemon.pass(.seconds(29))
      #expect(daemon.server.connections.open >= 1)
      daemon.pass(.seconds(2))
      #expect(await daemon.settle { daemon.server.connections.open == 0 })
      _ = raw
    }
  }

  @Test("a slow reader gets every byte of large blobs, a batch at a time")
  func slowReader() async throws {
    try await TestDaemon.run { daemon in
      try await blocking {
        let client = try daemon.connect()
        let bytes = noise(3 << 20, seed: 8)
        let digest = try client.put(bytes).digest
        let raw = try RawClient.ready(daemon.path())
        // 64 requests of 3 MiB: were they read ahead, the daemon would hold 192 MiB.
        for id in 1...64 as ClosedRange<UInt64> {
          try raw.send(RawClient.get(digest, id: id))
        }
        try client.ping()
        var received: [UInt64: Int] = [:]
        var ended = 0
        while ended < 64 {
          let reply = try #require(try raw.receive())
          received[reply.id, default: 0] += reply.body.count - GetItemHead.byteCount
          if !reply.flags.contains(.more) { ended += 1 }
        }
        #expect(received.values.allSatisfy { $0 == 3 << 20 })
      }
    }
  }

  @Test(
    "as many connections as the limit, of all or of one user, are served, one more is told so and closed",
    arguments: [(2, 9), (9, 2)])
  func connectionsMax(ofAll: Int, ofOneUser: Int) async throws {
    var limits = SocketLimits()
    limits.connectionsMax = ofAll
    limits.connectionsPerUserMax = ofOneUser
    try await TestDaemon.run(limits: limits) { daemon in
      try await blocking {
        let first = try daemon.connect()
        do {
          let second = try daemon.connect()
          try second.ping()
          let refusal = code { _ = try daemon.connect() }
          #expect(refusal == .busy)
        }
        try first.ping()
      }
      #expect(await daemon.settle { daemon.server.connections.open == 0 })
    }
  }

  @Test("connections take three quarters of a process's descriptors at most, one user's fewer")
  func descriptorsMax() {
    let limits = SocketLimits(descriptorsMax: 1024)
    #expect(limits.connectionsMax == 768)
    #expect(limits.connectionsPerUserMax == 576)
    #expect(SocketLimits(descriptorsMax: .max).connectionsMax == SocketLimits().connectionsMax)
  }

  @Test("where all together hold too much, the one that holds most is closed, and no other")
  func heldBytesMax() async throws {
    var limits = SocketLimits()
    limits.heldBytesMax = 2 << 20
    try await TestDaemon.run(limits: limits) { daemon in
      try await blocking {
        let idle = try daemon.connect()
        let small = try RawClient.ready(daemon.path())
        let frame = RawClient.request(.put, id: 1, body: [UInt8](repeating: 0, count: 4 << 20))
        try small.send(Array(frame[..<(100 << 10)]))
        let large = try RawClient.ready(daemon.path())
        _ = try large.sendSome(frame, patienceMilliseconds: 60_000)
        #expect(try large.receive() == nil)
        // The other is waited for on: it may go on.
        try small.send(Array(frame[(100 << 10)..<(200 << 10)]))
        try idle.ping()
        #expect(daemon.server.connections.open == 2)
      }
    }
  }

  @Test("no request waits for ever behind later ones")
  func turns() async throws {
    var options = Store.Options()
    options.hotMemory = ByteCount(0)
    try await TestDaemon.run(options: options) { daemon in
      try await blocking {
        let digest = try daemon.connect().put(noise(64 << 10, seed: 3)).digest
        let raw = try RawClient.ready(daemon.path())
        // Four of these fill a batch.
        var next: UInt64 = 1
        while next <= 16 {
          try raw.send(RawClient.get(digest, id: next))
          next += 1
        }
        for _ in 0..<300 {
          let reply = try #require(try raw.receive())
          #expect(reply.id + 64 > next)
          try raw.send(RawClient.get(digest, id: next))
          next += 1
        }
        let open = try (0..<16).map { _ in try #require(try raw.receive()).id }
        #expect(open.allSatisfy { $0 + 64 > next })
      }
    }
  }

  @Test("who says no HELLO, or leaves a frame or a PUT unfinished, is told and closed in time")
  func deadlines() async throws {
    try await TestDaemon.run { daemon in
      try await blocking {
        let silent = try RawClient(daemon.path())
        let unfinished = try RawClient.ready(daemon.path())
        let putting = try RawClient.ready(daemon.path())
        let idle = try daemon.connect()
        try unfinished.send([0, 0])
        var head: [UInt8] = []
        PutHead(ack: .accepted).append(to: &head)
        try putting.send(
          RawClient.request(.put, .more, id: 1, body: head)
            + RawClient.request(.ping, id: 2))
        #expect(try putting.receive()?.id == 2)
        daemon.pass(.seconds(9))
        try idle.ping()
        daemon.pass(.seconds(2))
        #expect(try silent.receive()?.code == "protocolViolation")
        #expect(try silent.receive() == nil)
        daemon.pass(.seconds(20))
        #expect(try unfinished.receive()?.code == "protocolViolation")
        #expect(try unfinished.receive() == nil)
        #expect(try putting.receive()?.code == "protocolViolation")
        #expect(try putting.receive() == nil)
        // A host that keeps its connection and asks for nothing is none of these.
        daemon.pass(.seconds(86_400))
        try idle.ping()
      }
    }
  }

  @Test("PUT content beyond the limit is not read before the disk took what waits")
  func putBackPressure() async throws {
    try await TestDaemon.run { daemon in
      // Both workers are held, so that nothing is taken from the queue.
      let gate = Gate()
      for _ in 0..<2 { #expect(daemon.workers.submit { gate.wait() }) }
      let bytes = noise(1 << 20, seed: 9)
      let raw = try await blocking { () -> Unchecked<RawClient> in
        let raw = try RawClient.ready(daemon.path())
        var head: [UInt8] = []
        PutHead(ack: .accepted).append(to: &head)
        var stream = RawClient.request(.put, .more, id: 1, body: head)
        for _ in 0..<32 { stream += RawClient.request(.put, [.more, .data], id: 1, body: bytes) }
        stream += RawClient.request(.put, .data, id: 1)
        let sent = try raw.sendSome(stream, patienceMilliseconds: 500)
        // The queue's 8 MiB, a frame that crossed it, one in the parse buffer, the socket's
        // buffers.
        #expect(sent < 14 << 20)
        try daemon.connect().ping()
        gate.open()
        try raw.send(Array(stream[sent...]))
        let reply = try #require(try raw.receive())
        let answer = try reply.body.withUnsafeBytes { try PutAnswer(decoding: $0) }
        #expect(answer.size.value == 32 << 20)
        return Unchecked(raw)
      }
      _ = raw
    }
  }

  @Test("a stop ends connections, removes the socket and frees its path")
  func stop() async throws {
    try await TestDaemon.run { daemon in
      let client = try await blocking {
        let client = try daemon.connect()
        try client.ping()
        return Unchecked(client)
      }
      let path = daemon.path()
      await #expect(throws: SystemCallError.self) {
        _ = try SocketServer(
          endpoints: [await daemon.endpoint("default")], service: daemon.service,
          workers: daemon.workers, server: "second", log: daemon.log)
      }
      await daemon.server.stop(within: .seconds(5))
      #expect(!FileManager.default.fileExists(atPath: path.string))
      try await blocking {
        do {
          try client.value.ping()
          Issue.record("the connection outlived the daemon")
        } catch let error as ClientError {
          #expect(error.code == .connectionLost)
          #expect(error.exitStatus == 69)
        }
        do {
          _ = try BlockingClient(path: path.string)
          Issue.record("somebody answers after the stop")
        } catch let error as ClientError {
          #expect(error.code == .noDaemon)
          #expect(error.remedy == "start one with 'larder up'")
        }
      }
    }
  }

  @Test("a stop lets requests that were taken be answered")
  func drain() async throws {
    try await TestDaemon.run { daemon in
      let gate = Gate()
      for _ in 0..<2 { #expect(daemon.workers.submit { gate.wait() }) }
      let raw = try await blocking { () -> Unchecked<RawClient> in
        let digest = Digest(copying: [UInt8](repeating: 7, count: 32))
        let raw = try RawClient.ready(daemon.path())
        try raw.send(
          RawClient.get(digest, id: 1) + RawClient.request(.ping, id: 2))
        #expect(try raw.receive()?.id == 2)
        return Unchecked(raw)
      }
      async let stopped: Void = daemon.server.stop(within: .seconds(60))
      #expect(await daemon.settle { !FileManager.default.fileExists(atPath: daemon.path().string) })
      gate.open()
      await stopped
      try await blocking {
        let reply = try raw.value.receive()
        #expect(reply?.id == 1)
        #expect(try raw.value.receive() == nil)
      }
    }
  }

  @Test("a stop refuses a PUT that is under way, and does not wait for the rest of it")
  func drainPut() async throws {
    try await TestDaemon.run { daemon in
      let raw = try await blocking { () -> Unchecked<RawClient> in
        let raw = try RawClient.ready(daemon.path())
        var head: [UInt8] = []
        PutHead(ack: .accepted).append(to: &head)
        try raw.send(
          RawClient.request(.put, .more, id: 1, body: head) + RawClient.request(.ping, id: 2))
        #expect(try raw.receive()?.id == 2)
        return Unchecked(raw)
      }
      // The clock stands still: only the refusal ends this.
      let stopped = Task { await daemon.server.stop(within: .seconds(60)) }
      let told = try? await blocking {
        (try raw.value.receive()?.code, try raw.value.receive() == nil)
      }
      daemon.pass(.seconds(61))
      await stopped.value
      #expect(told?.0 == "shuttingDown" && told?.1 == true)
    }
  }

  @Test("a stop lets a slow reader have the rest of what it asked for")
  func drainSlowReader() async throws {
    try await TestDaemon.run { daemon in
      let raw = try await blocking { () -> Unchecked<RawClient> in
        let digest = try daemon.connect().put(noise(5 << 20, seed: 10)).digest
        let raw = try RawClient.ready(daemon.path())
        for id in 1...3 as ClosedRange<UInt64> {
          try raw.send(RawClient.get(digest, id: id))
        }
        try raw.send(RawClient.request(.ping, id: 4))
        while try raw.receive()?.id != 4 {}
        return Unchecked(raw)
      }
      async let stopped: Void = daemon.server.stop(within: .seconds(60))
      #expect(await daemon.settle { !FileManager.default.fileExists(atPath: daemon.path().string) })
      try await blocking {
        var ended = 0
        while let reply = try raw.value.receive() {
          if !reply.flags.contains(.more) { ended += 1 }
        }
        #expect(ended == 3)
      }
      await stopped
    }
  }

  @Test("discovery that is off, and a path where nobody listens, say what to do")
  func discovery() {
    for environment in [["LARDER": "off"], ["LARDER_SOCKET": "/nonexistent/larder.sock"]] {
      do {
        _ = try BlockingClient.connect(environment: environment)
        Issue.record("there is no daemon")
      } catch {
        #expect(error.code == .noDaemon)
        #expect(error.remedy != nil)
        #expect(error.exitStatus == 69)
      }
    }
  }
}

/// Something that one thread at a time touches, as the test sees to.
final class Unchecked<Value>: @unchecked Sendable {
  // Safety: handed from one thread to the next by awaits, never used by two at once.
  let value: Value

  init(_ value: Value) { self.value = value }
}

/// Holds threads until it is opened.
final class Gate: Sendable {
  private let condition = NSCondition()
  private let isOpen = Locked(false)

  func wait() {
    condition.lock()
    while !isOpen.withLock({ $0 }) { condition.wait() }
    condition.unlock()
  }

  func open() {
    condition.lock()
    isOpen.withLock { $0 = true }
    condition.broadcast()
    condition.unlock()
  }
}
