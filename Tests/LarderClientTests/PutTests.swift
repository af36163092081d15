import LarderClient
import LarderCore
import LarderWire
import Testing

@Suite("A PUT")
struct PutTests {
  private struct Broken: Error {}

  private static let answer: [UInt8] = {
    var bytes: [UInt8] = []
    PutAnswer(digest: digest(5).value, size: ByteCount(7), existed: false).append(to: &bytes)
    return bytes
  }()

  /// Takes frames of one PUT until its last; what was in them, without the head.
  private static func content(of first: ScriptedPeer.Frame, _ peer: ScriptedPeer) throws -> [UInt8]
  {
    var content = Array(first.body.dropFirst(PutHead.byteCount))
    var frame = first
    while frame.flags.contains(.more) {
      frame = try peer.receive()
      #expect(frame.id == first.id && frame.flags.contains(.data))
      content += frame.body
    }
    return content
  }

  @Test(
    "goes out in frames of 1 MiB, all of it", arguments: [0, 1, 1 << 20, (1 << 20) + 1, 3 << 20])
  func frames(_ count: Int) async throws {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
    let daemon = try ScriptedDaemon { peer, _ in
      for _ in 0..<2 {
        let first = try peer.receive()
        #expect(first.body.count <= PutHead.byteCount + WireLimits.contentFrameBytes)
        #expect(try Self.content(of: first, peer) == bytes)
        try peer.reply(to: first, .reply, Self.answer)
      }
      while try peer.next() != nil {}
    }
    let client = daemon.client()
    #expect(try await client.put(bytes).digest == digest(5))
    let cut = stride(from: 0, to: count, by: 700_001).map {
      Array(bytes[$0..<min($0 + 700_001, count)])
    }
    #expect(try await client.put(pieces(cut), .durable).sizeBytes == 7)
    #expect(daemon.failures.isEmpty)
    daemon.stop()
  }

  @Test("that is refused before its end is ended, and others go on")
  func refused() async throws {
    let daemon = try ScriptedDaemon { peer, _ in
      let first = try peer.receive()
      try peer.refuse(first, .noSpace)
      _ = try Self.content(of: first, peer)
      let get = try peer.receive()
      try peer.answer(get, [1])
      while try peer.next() != nil {}
    }
    let client = daemon.client()
    let error = await #expect(throws: ClientError.self) {
      try await client.put([UInt8](repeating: 1, count: 40 << 20))
    }
    #expect(error?.code == .noSpace)
    #expect(try await client.get(digest(1)) == [1])
    #expect(daemon.connections == 1 && daemon.failures.isEmpty)
    daemon.stop()
  }

  @Test("whose content fails, or whose task is cancelled, is ended short of what was announced")
  func abandoned() async throws {
    let begun = [Gate(), Gate()]
    let daemon = try ScriptedDaemon { peer, _ in
      for number in 0..<2 {
        let first = try peer.receive()
        #expect(try first.body.withUnsafeBytes { try PutHead(decoding: $0).size?.value } == 100)
        var frame = try peer.receive()
        #expect(frame.body == [1, 2, 3])
        begun[number].open()
        frame = try peer.receive()
        #expect(frame.flags == .data && frame.body.isEmpty)
        try peer.refuse(first, .truncated)
      }
      let get = try peer.receive()
      try peer.answer(get, [1])
      while try peer.next() != nil {}
    }
    let client = daemon.client()
    let failing = AsyncThrowingStream<[UInt8], any Error> { stream in
      stream.yield([1, 2, 3])
      stream.finish(throwing: Broken())
    }
    await #expect(throws: Broken.self) { try await client.put(failing, sizeBytes: 100) }
    let (stalling, source) = AsyncStream<[UInt8]>.makeStream()
    source.yield([1, 2, 3])
    let task = Task { try await client.put(stalling, sizeBytes: 100) }
    await begun[1].opened()
    task.cancel()
    let error = await #expect(throws: ClientError.self) { try await task.value }
    #expect(error?.code == .cancelled)
    #expect(try await client.get(digest(1)) == [1])
    #expect(daemon.connections == 1 && daemon.failures.isEmpty)
    daemon.stop()
  }

  @Test("says that its daemon has gone, also where its content is still to come")
  func lost() async throws {
    let daemon = try ScriptedDaemon { peer, _ in
      _ = try peer.receive()
      _ = try peer.receive()
    }
    let client = daemon.client()
    let (content, source) = AsyncStream<[UInt8]>.makeStream()
    source.yield([1])
    let task = Task { try await client.put(content) }
    // The next piece finds nobody.
    await settle { daemon.connections == 1 }
    source.yield([2])
    source.yield([3])
    source.finish()
    let error = await #expect(throws: ClientError.self) { try await task.value }
    #expect(error?.isUnavailable == true)
    daemon.stop()
  }
}
