import Foundation
import LarderClient
import LarderCore
import LarderMessages
import LarderStore
import LarderWire
import SystemPackage
import Testing

@testable import LarderSocket

@Suite("PUT, HAS and GET over a socket")
struct ContentTests {
  @Test("what was put is present, and comes back by its digest", arguments: [0, 1, 1_000, 70_000])
  func small(count: Int) async throws {
    try await TestDaemon.run { daemon in
      try await blocking {
        let client = try daemon.connect()
        let bytes = noise(count, seed: 1)
        let answer = try client.put(bytes, ack: .durable)
        #expect(answer.size == ByteCount(count))
        #expect(!answer.existed)
        let absent = Digest(copying: [UInt8](repeating: 7, count: 32))
        #expect(try client.has([answer.digest, absent]) == [true, false])
        #expect(try client.get(answer.digest) == bytes)
        #expect(try client.put(bytes).existed)
      }
    }
  }

  @Test("a large blob streams both ways in pieces", arguments: [false, true])
  func large(sizeIsKnown: Bool) async throws {
    try await TestDaemon.run { daemon in
      try await blocking {
        let client = try daemon.connect()
        let bytes = noise((5 << 20) + 17, seed: 2)
        let size = sizeIsKnown ? ByteCount(bytes.count) : nil
        // Pieces of odd sizes: frames need not be full.
        let reader = ByteReader(bytes, pieceMax: (1 << 20) - 3)
        let answer = try client.put(ack: .accepted, size: size, reading: { reader.read($0) })
        #expect(answer.size.value == Int64(bytes.count))
        var received: [UInt8] = []
        var largest = 0
        try client.get(answer.digest) { piece in
          received += piece
          largest = max(largest, piece.count)
        }
        #expect(received == bytes)
        #expect(largest <= WireLimits.contentFrameBytes)
      }
    }
  }

  @Test("items come in order, each with its range and its own status")
  func items() async throws {
    try await TestDaemon.run { daemon in
      try await blocking {
        let client = try daemon.connect()
        let bytes = noise((2 << 20) + 100, seed: 3)
        let digest = try client.put(bytes).digest
        let empty = try client.put([]).digest
        let absent = Digest(copying: [UInt8](repeating: 7, count: 32))
        let size = UInt64(bytes.count)
        let items = [
          GetItem(digest, offset: 10, length: 5), GetItem(absent), GetItem(digest, offset: size),
          GetItem(digest, offset: size, length: 1), GetItem(empty),
          GetItem(digest, offset: (1 << 20) - 2, length: (1 << 20) + 4),
        ]
        var received = [[UInt8]](repeating: [], count: items.count)
        var statuses = [GetItemStatus?](repeating: nil, count: items.count)
        try client.get(items) { (item, head, piece) throws(ClientError) in
          received[item] += piece
          statuses[item] = head.status
        }
        #expect(statuses == [.found, .absent, .found, .outOfRange, .found, .found])
        #expect(received[0] == Array(bytes[10..<15]))
        #expect(received[2].isEmpty && received[4].isEmpty)
        let middle = (1 << 20) - 2
        #expect(received[5] == Array(bytes[middle..<middle + (1 << 20) + 4]))
      }
    }
  }

  @Test("one request names 10,000 blobs; 10,001 take two")
  func many() async throws {
    try await TestDaemon.run { daemon in
      try await blocking {
        let client = try daemon.connect()
        let digest = try client.put([1, 2, 3]).digest
        let before = client.framesSentTotal
        var bytes = 0
        let items = [GetItem](repeating: GetItem(digest), count: 10_000)
        try client.get(items) { (_, _, piece) throws(ClientError) in bytes += piece.count }
        #expect(bytes == 30_000)
        #expect(client.framesSentTotal == before + 1)
        try client.get(items + [GetItem(digest)]) { (_, _, _) throws(ClientError) in }
        #expect(client.framesSent[.get] == 3)
        let answers = try client.has([Digest](repeating: digest, count: 10_001))
        #expect(answers.allSatisfy { $0 } && answers.count == 10_001)
        #expect(client.framesSent[.has] == 2)
      }
    }
  }

  @Test("bytes that are not what was announced are refused, and the connection goes on")
  func refusedPut() async throws {
    try await TestDaemon.run { daemon in
      try await blocking {
        let client = try daemon.connect()
        let bytes = noise(100, seed: 4)
        let wrong = Digest(copying: [UInt8](repeating: 7, count: 32))
        #expect(code { _ = try client.put(bytes, digest: wrong) } == .integrityMismatch)
        // The reader has more or less than it announced.
        for size in [99, 101] {
          #expect(client.refusal(of: ByteReader(bytes), announcedAs: size) == .truncated)
        }
        let digest = try client.put(bytes).digest
        #expect(try client.get(digest) == bytes)
      }
    }
  }

  @Test("a PUT refused early is dropped up to its last frame")
  func refusedEarly() async throws {
    try await TestDaemon.run { daemon in
      try await blocking {
        let client = try daemon.connect()
        // Far more than announced: the refusal comes while the client is still sending.
        let reader = ByteReader([UInt8](repeating: 5, count: 100 << 20))
        #expect(client.refusal(of: reader, announcedAs: 10) == .truncated)
        #expect(reader.place < 50 << 20)
        try client.ping()
      }
    }
  }

  @Test("a client that is gone in the middle of a PUT leaves nothing and holds up nobody")
  func killed() async throws {
    try await TestDaemon.run { daemon in
      try await blocking {
        let bytes = noise(3 << 20, seed: 6)
        var head: [UInt8] = []
        PutHead(ack: .accepted).append(to: &head)
        do {
          let raw = try RawClient.ready(daemon.path())
          try raw.send(RawClient.request(.put, .more, id: 1, body: head + bytes[..<(1 << 20)]))
          let second = Array(bytes[(1 << 20)..<(2 << 20)])
          try raw.send(RawClient.request(.put, [.more, .data], id: 1, body: second))
        }
        let client = try daemon.connect()
        let answer = try client.put(bytes)
        #expect(!answer.existed)
        #expect(try client.get(answer.digest) == bytes)
      }
      #expect(await daemon.settle { daemon.server.connections.open == 0 })
    }
  }

  @Test("stored bytes that fail their check are told as corrupt, not sent")
  func corrupt() async throws {
    try await TestDaemon.run { daemon in
      try await blocking {
        let client = try daemon.connect()
        let digest = try client.put(noise(50_000, seed: 7), ack: .durable).digest
        let segments = daemon.folder.appending("store").appending("segments")
        for name in try FileManager.default.contentsOfDirectory(atPath: segments.string) {
          let file = try #require(
            FileHandle(forUpdatingAtPath: segments.appending(name).string))
          try file.seek(toOffset: 20_000)
          try file.write(contentsOf: [UInt8](repeating: 0x55, count: 100))
          try file.close()
        }
        #expect(code { _ = try client.get(digest) } == .corrupt)
        try client.ping()
      }
    }
  }

  @Test("what one realm put is absent in another")
  func realms() async throws {
    try await TestDaemon.run(realms: ["one", "two"]) { daemon in
      try await blocking {
        let one = try daemon.connect(to: "one")
        let two = try daemon.connect(to: "two")
        #expect(one.realm == "one" && two.realm == "two")
        let digest = try one.put([1, 2, 3]).digest
        #expect(try one.has([digest]) == [true])
        #expect(try two.has([digest]) == [false])
        #expect(code { _ = try two.get(digest) } == .notFound)
        #expect(try !two.put([1, 2, 3]).existed)
      }
    }
  }
}

/// What a PUT reads its content from.
final class ByteReader {
  private let bytes: [UInt8]
  private let pieceMax: Int
  private(set) var place = 0

  init(_ bytes: [UInt8], pieceMax: Int = .max) {
    self.bytes = bytes
    self.pieceMax = pieceMax
  }

  func read(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
    let count = min(buffer.count, pieceMax, bytes.count - place)
    buffer.copyBytes(from: bytes[place..<place + count])
    place += count
    return count
  }
}

extension BlockingClient {
  /// The code that a PUT fails with; nil if it does not.
  func refusal(of reader: ByteReader, announcedAs size: Int) -> ErrorCode? {
    code { _ = try put(ack: .accepted, size: ByteCount(size)) { reader.read($0) } }
  }
}

/// The code that `body` fails with; nil if it does not.
func code(of body: () throws -> Void) -> ErrorCode? {
  do {
    try body()
    return nil
  } catch {
    return (error as? ClientError).flatMap { ErrorCode(rawValue: $0.code.rawValue) }
  }
}

extension Digest {
  init(copying bytes: [UInt8]) { self = bytes.withUnsafeBytes { Digest(copying: $0) } }
}
