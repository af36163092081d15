import Foundation
import LarderCore
import LarderPlatform
import LarderWire
import Testing

@testable import LarderClient

@Suite("Slabs that a client maps")
struct SlabTests {
  /// One slab in memory of its own, which is told from other memory of this process by its size.
  private final class Slab: Sendable {
    let memory: SealedMemory
    let content: [UInt8]

    init(pages: Int) throws {
      let file = try MemoryFile(byteCount: pages * 4096)
      content = (0..<5000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
      try content.withUnsafeBytes { try file.write($0, at: 100) }
      memory = try file.sealed()
    }

    /// How often it is mapped in this process, and how many descriptors of it are open, apart from
    /// this one.
    func uses() throws -> (maps: Int, descriptors: Int) {
      var status = stat()
      fstat(memory.descriptor, &status)
      let maps = Self.maps().split(separator: "\n").count {
        $0.contains(" \(status.st_ino) ") && $0.contains("memfd")
      }
      let descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
        .compactMap { Int32($0) }.count { number in
          var other = stat()
          return fstat(number, &other) == 0 && other.st_ino == status.st_ino
            && other.st_dev == status.st_dev
        }
      return (maps, descriptors - 1)
    }

    /// /proc/self/maps, which gives a page at a time.
    private static func maps() -> String {
      let descriptor = open("/proc/self/maps", O_RDONLY | O_CLOEXEC)
      defer { close(descriptor) }
      var text: [UInt8] = []
      var piece = [UInt8](repeating: 0, count: 4096)
      while case let count = read(descriptor, &piece, piece.count), count > 0 {
        text += piece[..<count]
      }
      return String(decoding: text, as: UTF8.self)
    }

    /// The frames of an answer to a GET that places the content in this slab.
    func frames(to get: ScriptedPeer.Frame) -> [UInt8] {
      var notice: [UInt8] = []
      SlabNotice(slab: 7, slabBytes: memory.byteCount).append(to: &notice)
      var place: [UInt8] = []
      BlobPlace(
        GetItemHead(item: 0, status: .found, blobSize: Int64(content.count)),
        [SlabPlace(slab: 7, offset: 100, length: content.count)]
      ).append(to: &place)
      return ScriptedPeer.bytes(to: get, [.reply, .slabs, .more], notice)
        + ScriptedPeer.bytes(to: get, [.reply, .places], place)
    }
  }

  @Test("leave no descriptor and no map behind over 1,000 connections, and bytes outlive them all")
  func reconnects() async throws {
    let slab = try Slab(pages: 3)
    let rounds = 1_000
    let closed = Locked(0)
    let daemon = try ScriptedDaemon { peer, _ in
      let get = try peer.receive()
      try peer.send(slab.frames(to: get), with: [slab.memory.descriptor])
      peer.shutdownWriting()
      // A client that leaves a socket open is waited for here, for ever.
      while try peer.next() != nil {}
      closed.withLock { $0 += 1 }
    }
    let client = daemon.client()
    var kept: MappedBlob?
    for round in 0..<rounds {
      var blob: MappedBlob?
      // What is just begun may meet the end of the connection before.
      #expect(
        await settle {
          blob = try? await client.map(digest(1))
          return blob != nil
        })
      if round == 0 { kept = blob }
      #expect(blob?.isShared == true && blob?.byteCount == slab.content.count)
    }
    #expect(await settle { closed.withLock { $0 } == daemon.connections })
    #expect(daemon.connections >= rounds && daemon.failures.isEmpty)
    client.close()
    daemon.stop()
    #expect(try await settle { try slab.uses() == (1, 0) })
    #expect(kept?.bytes == slab.content)
    kept = nil
    #expect(try slab.uses() == (0, 0))
  }

  @Test("whose descriptors do not all arrive end the connection, and none stays open")
  func truncated() async throws {
    let slab = try Slab(pages: 5)
    let daemon = try ScriptedDaemon { peer, number in
      let get = try peer.receive()
      // One more than a client has room for: as where it may open no further descriptor, the kernel
      // drops what does not fit and says MSG_CTRUNC.
      let count = number == 0 ? SocketDescriptor.descriptorsMax + 1 : 1
      try peer.send(
        slab.frames(to: get), with: Array(repeating: slab.memory.descriptor, count: count))
      while try peer.next() != nil {}
    }
    let client = daemon.client()
    let error = await #expect(throws: ClientError.self) { try await client.map(digest(1)) }
    #expect(error?.code == .connectionLost && error?.remedy?.contains("open files") == true)
    #expect(try slab.uses() == (0, 0))
    var blob: MappedBlob?
    #expect(
      await settle {
        blob = try? await client.map(digest(1))
        return blob != nil
      })
    #expect(blob?.bytes == slab.content)
    client.close()
    daemon.stop()
  }

  @Test("are mapped only if they are sealed, as large as was said, and there")
  func refused() async throws {
    let unsealed = try TemporaryMemory(byteCount: 3 * 4096)
    let slab = try Slab(pages: 3)
    let small = try Slab(pages: 2)
    let daemon = try ScriptedDaemon { peer, number in
      let get = try peer.receive()
      let descriptors = [[unsealed.descriptor], [small.memory.descriptor], []][number]
      if descriptors.isEmpty {
        try peer.send(slab.frames(to: get))
      } else {
        try peer.send(slab.frames(to: get), with: descriptors)
      }
      while try peer.next() != nil {}
    }
    for _ in 0..<3 {
      let client = daemon.client()
      let error = await #expect(throws: ClientError.self) { try await client.map(digest(1)) }
      #expect(error?.code == .malformedReply)
      client.close()
    }
    daemon.stop()
  }

  @Test("are given back once nobody uses them and nothing is asked for, and stay valid until then")
  func idle() async throws {
    let slab = try Slab(pages: 7)
    let dropped = Gate()
    let daemon = try ScriptedDaemon { peer, _ in
      let get = try peer.receive()
      try peer.send(slab.frames(to: get), with: [slab.memory.descriptor])
      let drop = try peer.receive()
      #expect(drop.verb == .drop)
      #expect(try drop.body.withUnsafeBytes { try DropBody.decode($0) } == [7])
      dropped.open()
      try peer.reply(to: drop, .reply, [])
      while try peer.next() != nil {}
    }
    let clock = HandClock()
    let client = daemon.client { $0.now = clock.now }
    do {
      let blob = try #require(try await client.map(digest(1)))
      // It is in use.
      clock.pass(.seconds(10), for: client)
      #expect(blob.bytes == slab.content)
    }
    clock.pass(.seconds(10), for: client)
    await dropped.opened()
    #expect(try await settle { try slab.uses() == (0, 0) })
    #expect(daemon.failures.isEmpty)
    daemon.stop()
  }
}

/// Memory that anybody may change.
private final class TemporaryMemory: Sendable {
  let descriptor: Int32

  init(byteCount: Int) throws {
    var name = Array((NSTemporaryDirectory() + "/larder-XXXXXX").utf8CString)
    descriptor = mkstemp(&name)
    unlink(name)
    guard ftruncate(descriptor, byteCount) == 0 else { throw POSIXError(.EIO) }
  }

  deinit { close(descriptor) }
}
