import LarderClient
import LarderCore
import LarderMessages
import LarderService
import LarderStore
import LarderWire
import Testing

@testable import LarderSocket

@Suite("The client for tasks, at a daemon")
struct ClientTests {
  @Test("puts and gets from many tasks at once, each its own bytes")
  func concurrent() async throws {
    try await TestDaemon.run { daemon in
      let client = daemon.client()
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<200 {
          group.addTask {
            // Some are large enough for several frames, and half are there already.
            let bytes = noise(number % 20 == 0 ? 1_200_000 : number, seed: UInt64(number % 100))
            let stored = try await client.put(bytes, number % 7 == 0 ? .durable : .accepted)
            #expect(stored.sizeBytes == bytes.count)
            #expect(try await client.has(stored.digest))
            #expect(try await client.get(stored.digest) == bytes)
            #expect(try await client.map(stored.digest)?.bytes == bytes)
            let half = Int64(bytes.count / 2)
            let range = half..<Int64(bytes.count)
            #expect(try await client.get(stored.digest, range: range) == Array(bytes[Int(half)...]))
          }
        }
        try await group.waitForAll()
      }
      #expect(daemon.server.connections.open == 1)
    }
  }

  @Test("puts what comes in pieces, and refuses what is not what was named")
  func put() async throws {
    try await TestDaemon.run { daemon in
      let client = daemon.client()
      let bytes = noise(3_000_000, seed: 1)
      let pieces = AsyncStream<ArraySlice<UInt8>> { stream in
        for start in stride(from: 0, to: bytes.count, by: 999_999) {
          stream.yield(bytes[start..<min(start + 999_999, bytes.count)])
        }
        stream.finish()
      }
      let stored = try await client.put(pieces, sizeBytes: 3_000_000)
      #expect(!stored.existed)
      let again = try #require(BlobDigest(hex: stored.digest.hex))
      #expect(try await client.put(bytes, digest: again).existed)
      #expect(try await client.get(again) == bytes)
      let mismatch = await #expect(throws: ClientError.self) {
        try await client.put([1], digest: again)
      }
      #expect(mismatch?.code == .integrityMismatch)
      for size in [1, 3] as [Int64] {
        let error = await #expect(throws: ClientError.self) {
          try await client.put(
            AsyncStream<[UInt8]> { stream in
              stream.yield([1, 2]); stream.finish()
            }, sizeBytes: size)
        }
        #expect(error?.code == .truncated)
      }
      #expect(BlobDigest(hex: "12") == nil)
    }
  }

  @Test("asks for more than a request takes")
  func many() async throws {
    try await TestDaemon.run { daemon in
      let client = daemon.client()
      let stored = try await client.put([1, 2, 3])
      let absent = BlobDigest(Digest(copying: [UInt8](repeating: 7, count: 32)))
      let names = Array(repeating: absent, count: WireLimits.digestsMax) + [stored.digest]
      #expect(try await client.has(names).firstIndex(of: true) == WireLimits.digestsMax)
      #expect(try await client.get(names).compactMap { $0 } == [[1, 2, 3]])
      #expect(try await client.map(names).count { $0 != nil } == 1)
      #expect(try await client.has([]).isEmpty)
    }
  }

  @Test("leases for a time and for a scope")
  func leases() async throws {
    try await TestDaemon.run { daemon in
      let client = daemon.client()
      let realm = try await daemon.service.capability(realm: "default").realm
      let stored = try await client.put([1, 2, 3])
      try await client.withLease(of: [stored.digest]) {
        _ = #expect(throws: (any Error).self) {
          try daemon.store.evict(stored.digest.value, in: realm)
        }
      }
      let lease = try await client.lease([stored.digest], for: .milliseconds(99_500))
      #expect(lease.duration == .seconds(100) && lease.sizeBytes == 3)
      try await client.release(lease)
      let error = await #expect(throws: ClientError.self) { try await client.release(lease) }
      #expect(error?.code == .notFound)
      // The scope's is released without an answer being waited for.
      #expect(
        await daemon.settle { (try? daemon.store.evict(stored.digest.value, in: realm)) == true })
      #expect(try await !client.has(stored.digest))
      let absent = await #expect(throws: ClientError.self) {
        try await client.withLease(of: [stored.digest]) { Issue.record("ran without a lease") }
      }
      #expect(absent?.code == .notFound && absent?.subject == stored.digest.hex)
    }
  }

  @Test("finds by a key what was stored under it, as long as all of that is here")
  func keyed() async throws {
    try await TestDaemon.run { daemon in
      let client = daemon.client()
      let realm = try await daemon.service.capability(realm: "default").realm
      let (made, map) = (try await client.put([1, 2, 3]), try await client.put([4]))
      #expect(try await client.entry(for: "a", in: "tool") == nil)
      let written = try await client.setEntry(
        made.digest, for: "a", in: "tool", needing: [map.digest])
      let entry = try #require(try await client.entry(for: "a", in: "tool"))
      #expect(entry == written && entry.digest == made.digest && entry.needs == [map.digest])
      #expect(entry.sizeBytes == 3 && entry.realm == nil)
      #expect(try daemon.store.evict(map.digest.value, in: realm))
      #expect(try await client.entry(for: "a", in: "tool") == nil)
      let missing = await #expect(throws: ClientError.self) {
        try await client.setEntry(made.digest, for: "a", in: "tool", needing: [map.digest])
      }
      #expect(missing?.code == .notFound && missing?.subject == map.digest.hex)
      try await client.setEntry(made.digest, for: "a", in: "tool")
      #expect(try await client.entry(for: "a", in: "tool")?.needs == [])
      try await client.removeEntry(for: "a", in: "tool")
      #expect(try await client.entry(for: "a", in: "tool") == nil)
      let error = await #expect(throws: ClientError.self) {
        try await client.entry(for: "a", in: "a tool")
      }
      #expect(error?.code == .badRequest)
    }
  }
}
