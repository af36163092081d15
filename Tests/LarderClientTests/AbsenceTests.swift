import LarderCore
import Testing

@testable import LarderClient

@Suite("A client without a daemon")
struct AbsenceTests {
  static let clients: [(name: String, make: @Sendable (LarderClient.Options) -> LarderClient)] = [
    ("nobody listens", { LarderClient(socketPath: "/nowhere/larder.sock", options: $0) }),
    ("LARDER=off", { LarderClient(environment: ["LARDER": "off"], options: $0) }),
    (
      "the environment names none",
      { LarderClient(environment: ["LARDER_SOCKET": "/nowhere/larder.sock"], options: $0) }
    ),
  ]

  @Test("misses what it reads, and says why it cannot write", arguments: clients.map(\.name))
  func absent(_ name: String) async throws {
    let make = try #require(Self.clients.first { $0.name == name }).make
    let client = make(LarderClient.Options())
    for _ in 0..<3 {
      #expect(try await client.get(digest(1)) == nil)
      #expect(try await client.get([digest(1), digest(2)]) == [nil, nil])
      #expect(try await client.map(digest(1)) == nil)
      #expect(try await client.map([digest(1)]).count == 1)
      #expect(try await client.has([digest(1), digest(2)]) == [false, false])
      #expect(try await client.entry(for: "a", in: "b") == nil)
      #expect(try await client.open([.init("nav", "./Header")]) == nil)
    }
    let writes: [() async throws -> Void] = [
      { _ = try await client.put([1, 2, 3]) },
      { _ = try await client.put(pieces([[1], [2]])) },
      { _ = try await client.ensure("http://localhost/") },
      { _ = try await client.setEntry(digest(1), for: "a", in: "b") },
      { _ = try await client.lease([digest(1)], for: .seconds(1)) },
      { _ = try await client.withLease(of: [digest(1)]) { Issue.record("ran") } },
    ]
    for write in writes {
      let error = await #expect(throws: ClientError.self) { try await write() }
      #expect(error?.code == .noDaemon && error?.isUnavailable == true)
    }
    var options = LarderClient.Options()
    options.readsWithoutDaemon = .failure
    let strict = make(options)
    let error = await #expect(throws: ClientError.self) { try await strict.get(digest(1)) }
    #expect(error?.code == .noDaemon)
  }

  @Test("misses where the daemon does not greet in time")
  func silentGreeting() async throws {
    let asked = Gate()
    let daemon = try ScriptedDaemon(greets: false) { peer, _ in
      _ = try peer.receive()
      asked.open()
      while try peer.next() != nil {}
    }
    let clock = HandClock()
    let client = daemon.client {
      $0.readsWithoutDaemon = .miss
      $0.now = clock.now
    }
    let (read, write) = (
      Task { try await client.get(digest(1)) }, Task { try await client.put([1]) }
    )
    await asked.opened()
    clock.pass(.seconds(60), for: client)
    #expect(try await read.value == nil)
    let error = await #expect(throws: ClientError.self) { try await write.value }
    #expect(error?.isUnavailable == true)
    daemon.stop()
  }

  @Test("misses where a daemon that listens answers nothing, and finds the next one")
  func silent() async throws {
    let (asked, ended) = (Gate(), Gate())
    let daemon = try ScriptedDaemon { peer, number in
      while let frame = try peer.next() {
        if number > 0 { try peer.answer(frame, [9]) } else { asked.open() }
      }
      if number == 0 { ended.open() }
    }
    let clock = HandClock()
    let client = daemon.client {
      $0.readsWithoutDaemon = .miss
      $0.now = clock.now
    }
    let read = Task { try await client.get(digest(1)) }
    await asked.opened()
    clock.pass(.seconds(60), for: client)
    #expect(try await read.value == nil)
    // It has given the silent connection up, and leaves the daemon alone for a moment.
    await ended.opened()
    #expect(try await client.get(digest(1)) == nil)
    clock.pass(.milliseconds(5), for: client)
    #expect(try await client.get(digest(1)) == [9])
    daemon.stop()
  }

  @Test("is told of a lost connection by what was under way, and by nothing that comes later")
  func lost() async throws {
    let daemon = try ScriptedDaemon { peer, number in
      let frame = try peer.receive()
      guard number > 0 else { return }
      try peer.answer(frame, [UInt8(number)])
    }
    let client = daemon.client()
    let error = await #expect(throws: ClientError.self) { try await client.get(digest(1)) }
    #expect(error?.code == .connectionLost)
    var found: Set<UInt8> = []
    await settle {
      // Each connection answers once: the end of one is met by nobody, or by what is just begun.
      do { found.insert(try #require(try await client.get(digest(1))?.first)) } catch {
        #expect((error as? ClientError)?.isUnavailable == true)
      }
      return found.count >= 3
    }
    #expect(found.count >= 3)
    daemon.stop()
  }

  @Test("ends what is under way when it is closed, and all that comes later")
  func closed() async throws {
    let (asked, ended) = (Gate(), Gate())
    let daemon = try ScriptedDaemon { peer, _ in
      _ = try peer.receive()
      asked.open()
      while try peer.next() != nil {}
      ended.open()
    }
    let client = daemon.client()
    let task = Task { try await client.get(digest(1)) }
    await asked.opened()
    client.close()
    for _ in 0..<2 {
      let error = await #expect(throws: ClientError.self) { _ = try await task.value }
      #expect(error?.isUnavailable == true)
    }
    await #expect(throws: ClientError.self) { _ = try await client.put([1]) }
    await ended.opened()
    daemon.stop()
  }

  @Test("closes its connection when nobody holds it")
  func released() async throws {
    let ended = Gate()
    let daemon = try ScriptedDaemon { peer, _ in
      while let frame = try peer.next() { try peer.answer(frame, [1]) }
      ended.open()
    }
    do {
      let client = daemon.client()
      #expect(try await client.get(digest(1)) == [1])
    }
    await ended.opened()
    daemon.stop()
  }

  @Test("pauses for twice as long each time, to a bound, by chance a little less")
  func backoff() {
    var backoff = Backoff(pauseMax: .seconds(5))
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<2 {
      for doubling in 0..<20 {
        let whole = min(.milliseconds(20) * (1 << doubling), .seconds(5))
        let pause = backoff.next(using: &generator)
        #expect(pause <= whole && pause >= whole * 0.5)
      }
      backoff.reset()
    }
    var short = Backoff(pauseMax: .milliseconds(5))
    for _ in 0..<3 { #expect(short.next(using: &generator) <= .milliseconds(5)) }
  }
}

/// Pieces as they come.
func pieces(_ pieces: [[UInt8]]) -> AsyncStream<[UInt8]> {
  AsyncStream { stream in
    for piece in pieces { stream.yield(piece) }
    stream.finish()
  }
}
