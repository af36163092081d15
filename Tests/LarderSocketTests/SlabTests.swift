import Foundation
import LarderCore
import LarderMessages
import LarderPlatform
import LarderService
import LarderStore
import LarderWire
import Testing

@testable import LarderClient
@testable import LarderSocket

@Suite("Places in slabs")
struct SlabTests {
  private static var small: Store.Options {
    var options = Store.Options()
    options.hotMemory = .mebibytes(4)
    options.slabSize = .kibibytes(256)
    return options
  }

  @Test("A client maps what it asks for, whatever its size, and takes each slab once")
  func map() async throws {
    try await TestDaemon.run { daemon in
      let client = daemon.client()
      let contents = [5, 0, 70_000, 3_000_000, 5].enumerated().map {
        noise($0.element, seed: UInt64($0.offset))
      }
      let names = try await put(contents, by: client)
      let absent = BlobDigest(Digest(copying: [UInt8](repeating: 7, count: 32)))
      for _ in 0..<3 {
        let blobs = try await client.map(names + [absent])
        #expect(blobs.map { $0?.bytes } == contents + [nil])
        #expect(blobs.allSatisfy { $0?.isShared ?? true })
        #expect(daemon.store.statistics.hot.handedOutBytes == slabBytes(blobs))
      }
      // In ranges, too.
      #expect(
        try await client.map(names[3], range: 1_000_000..<1_500_000)?.bytes
          == Array(contents[3][1_000_000..<1_500_000]))
      #expect(try await client.map(names[0], range: 5..<5)?.byteCount == 0)
      for range in [6..<6, 0..<6] as [Range<Int64>] {
        let error = await #expect(throws: ClientError.self) {
          try await client.map(names[0], range: range)
        }
        #expect(error?.code == .badRequest)
      }
    }
  }

  @Test("Bytes outlive connection and daemon, and nobody can change them")
  func outlives() async throws {
    let blob = try await TestDaemon.run { daemon in
      let client = daemon.client()
      return try await client.map(put([noise(50_000, seed: 1)], by: client)[0])
    }
    #expect(blob?.isShared == true)
    #expect(blob?.bytes == noise(50_000, seed: 1))
  }

  @Test("Where memory has no room, or the user's share of it is taken, bytes come instead")
  func bytesInstead() async throws {
    var options = Self.small
    options.handedOutMax = .kibibytes(256)
    try await TestDaemon.run(options: options) { daemon in
      let client = daemon.client()
      let contents = (0..<3).map { noise(200_000, seed: $0) } + [noise(6_000_000, seed: 4)]
      let names = try await put(contents, by: client)
      var first = try await client.map(names[0])
      let rest = try await client.map(Array(names[1...]))
      #expect(first?.isShared == true)
      #expect(rest.map { $0?.isShared } == [false, false, false])
      // Beside what has to come as bytes, what the client has is placed.
      #expect(
        try await client.map([names[1], names[0]]).map { $0?.isShared } == [false, true])
      #expect([first?.bytes] + rest.map { $0?.bytes } == contents)
      // Who meets the limit gives back what it does not use: there is room for others then.
      first = nil
      #expect(try await client.map(names[1])?.isShared == false)
      var next: MappedBlob?
      for _ in 0..<1_000 where next?.isShared != true { next = try await client.map(names[1]) }
      #expect(next?.isShared == true)
      #expect(next?.bytes == contents[1])
    }
  }

  @Test("What is dropped comes with its descriptor again, and counts no more until then")
  func drop() async throws {
    try await TestDaemon.run { daemon in
      try await blocking {
        let digest = try daemon.connect().put(noise(9_000, seed: 1)).digest
        let raw = try RawClient.ready(daemon.path())
        func places(_ id: UInt64) throws -> (slab: UInt64?, place: SlabPlace) {
          try raw.send(RawClient.get(digest, as: .places, id: id))
          var reply = try #require(try raw.receive())
          var slab: UInt64?
          if reply.flags.contains(.slabs) {
            #expect(reply.flags == [.reply, .slabs, .more])
            slab = try reply.body.withUnsafeBytes { try SlabNotice.decode($0) }.first?.slab
            reply = try #require(try raw.receive())
          }
          #expect(reply.flags == [.reply, .places] && reply.id == id)
          let found = try reply.body.withUnsafeBytes { try BlobPlace.decode($0) }
          return (slab, try #require(found.first?.extents.first))
        }
        let first = try places(1)
        #expect(first.slab == first.place.slab && raw.descriptors.count == 1)
        #expect(try places(2).slab == nil)
        for (id, slabs) in [(3, [first.place.slab + 100]), (4, [first.place.slab])] {
          try raw.send(RawClient.request(.drop, id: UInt64(id), body: DropBody.encode(slabs)))
          let reply = try #require(try raw.receive())
          #expect(reply.kind == Verb.drop.rawValue && reply.body.isEmpty && reply.flags == .reply)
        }
        // It says so, but has the descriptor still.
        #expect(daemon.store.statistics.hot.handedOutBytes > 0)
        raw.closeDescriptors()
        // The worker that sent it may be about to close its own.
        #expect(daemon.settles { daemon.store.statistics.hot.handedOutBytes == 0 })
        let again = try places(5)
        #expect(again.slab == first.place.slab && raw.descriptors.count == 1)
        try raw.send(RawClient.request(.drop, id: 6, body: [1]))
        #expect(try raw.receive()?.code == "badRequest")
      }
    }
  }

  @Test("Who goes without a word gives back what nobody maps, and no more than that")
  func reconnects() async throws {
    var options = Self.small
    options.handedOutMax = .kibibytes(512)
    try await TestDaemon.run(options: options) { daemon in
      let contents = (0..<4).map { noise(250_000, seed: $0) }
      let names = try await put(contents, by: daemon.client())
      // Both slabs that a user may have; one stays mapped after the connection.
      let kept = Array(try await daemon.client().map(Array(names[..<2])).prefix(1))
      #expect(await daemon.settle { daemon.server.connections.open == 0 })
      let client = daemon.client()
      let blobs = try await client.map(Array(names[2...]))
      #expect(blobs.map { $0?.bytes } == Array(contents[2...]))
      #expect(blobs.map { $0?.isShared } == [true, false])
      #expect(kept[0]?.bytes == contents[0])
    }
  }

  @Test("A short blob alone comes as bytes, from disk and from memory; a longer one as a place")
  func short() async throws {
    try await TestDaemon.run { daemon in
      try await blocking {
        let client = try daemon.connect()
        let raw = try RawClient.ready(daemon.path())
        for (count, flag) in [(4096, .data), (4097, .places)] as [(Int, FrameFlags)] {
          let digest = try client.put(noise(count, seed: 4)).digest
          for id in 1...4 as ClosedRange<UInt64> {
            try raw.send(RawClient.get(digest, as: .places, id: id))
            var last = try #require(try raw.receive())
            while last.flags.contains(.more) { last = try #require(try raw.receive()) }
            #expect(last.flags == [.reply, flag])
          }
        }
        #expect(raw.descriptors.count == 1)
      }
    }
  }

  @Test("A client that reads none of its descriptors is sent 64 of them at most")
  func neverReading() async throws {
    var options = Store.Options()
    options.slabSize = .kibibytes(4)
    options.hotMemory = .mebibytes(16)
    try await TestDaemon.run(options: options) { daemon in
      try await blocking {
        let client = try daemon.connect()
        let digests = try (0..<100).map { try client.put(noise(4_000, seed: $0)).digest }
        let raw = try RawClient.ready(daemon.path())
        let body = GetBody(digests.map { GetItem($0) }, as: .places).encode()
        try raw.send(RawClient.request(.get, id: 1, body: body))
        var isDone = false
        var shared = 0
        var copied = 0
        while !isDone {
          let reply = try #require(try raw.receive())
          isDone = !reply.flags.contains(.more)
          if reply.flags.contains(.places) {
            shared += try reply.body.withUnsafeBytes { try BlobPlace.decode($0) }.count
          } else if reply.flags.contains(.data) {
            copied += 1
          }
        }
        #expect(shared + copied == 100)
        #expect(raw.descriptors.count <= 64)
        // Once it has read them there is room for others.
        let before = raw.descriptors.count
        let rest = GetBody(digests[98...].map { GetItem($0) }, as: .places).encode()
        try raw.send(RawClient.request(.get, id: 2, body: rest))
        while let reply = try raw.receive(), reply.flags.contains(.more) {}
        #expect(raw.descriptors.count > before)
      }
    }
  }

  @Test("OPEN's blobs come as places, its head before them")
  func open() async throws {
    try await TestDaemon.run { daemon in
      let peer = try await daemon.service.capability(realm: "default")
      try await blocking {
        let client = try daemon.connect()
        let blobs = try [300_000, 0, 7].map { count -> BlobStat in
          let answer = try client.put(noise(count, seed: UInt64(count)))
          return BlobStat(digest: answer.digest, size: answer.size)
        }
        let head = OpenHead.encode(json: noise(1_500_000, seed: 99))
        var cursors: ArraySlice = [ReadCursor(id: 8, head: head, blobs: blobs, as: .places)]
        var blocks: [OutputBlock] = []
        let slabs = HeldSlabs(
          of: 0, service: daemon.service, unread: UnreadDescriptors(openMax: 1_024))
        while !cursors.isEmpty {
          var batch = ReadBatch(cursors, service: daemon.service, peer: peer, slabs: slabs)
          batch.run()
          cursors = batch.cursors + batch.begun
          blocks += batch.blocks
        }
        slabs.end()
        var joined: [UInt8] = []
        var places: [BlobPlace] = []
        var rest = blocks.flatMap(\.frames)[...]
        while let header = Array(rest.prefix(16)).withUnsafeBytes({ FrameHeader(reading: $0) }) {
          let body = Array(rest.dropFirst(16).prefix(Int(header.length)))
          rest = rest.dropFirst(16 + Int(header.length))
          if header.flags.contains(.data) { joined += body }
          if header.flags.contains(.places) {
            places += try body.withUnsafeBytes { try BlobPlace.decode($0) }
          }
          #expect(header.flags.contains(.more) == !rest.isEmpty)
        }
        #expect(joined == head)
        #expect(places.map(\.head.blobSize) == [300_000, 0, 7])
        #expect(places.map { $0.extents.reduce(0) { $0 + $1.length } } == [300_000, 0, 7])
      }
    }
  }

  private func put(_ contents: [[UInt8]], by client: LarderClient) async throws -> [BlobDigest] {
    var names: [BlobDigest] = []
    for content in contents { names.append(try await client.put(content).digest) }
    return names
  }

  /// Bytes of the maps that these are in.
  private func slabBytes(_ blobs: [MappedBlob?]) -> Int {
    var maps: [ObjectIdentifier: Int] = [:]
    for piece in blobs.compactMap({ $0?.pieces }).joined() {
      if case .shared(let slab, _, _) = piece {
        maps[ObjectIdentifier(slab)] = slab.memory.byteCount
      }
    }
    return maps.values.reduce(0, +)
  }
}
