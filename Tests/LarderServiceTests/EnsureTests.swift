import Crypto
import Foundation
import LarderCore
import LarderFederation
import LarderMessages
import LarderOrigin
import LarderRegistry
import LarderStore
import OriginRig
import Testing

@testable import LarderService

@Suite struct EnsureTests {
  private func integrity(_ text: String) -> String {
    "sha384-" + Data(SHA384.hash(data: Data(text.utf8))).base64EncodedString()
  }

  private func sha256(_ text: String) -> String {
    "sha256-" + Data(SHA256.hash(data: Data(text.utf8))).base64EncodedString()
  }

  @Test("Callers of one URL share one request, and a second realm has its own")
  func single() async throws {
    try await withService { fixture in
      let origin = try await DeployOrigin()
      origin.set("/a.js", String(repeating: "a", count: 100_000))
      let gate = origin.hold("/a.js")
      let other = try await fixture.service.capability(realm: "other")
      let received = Locked<[Int]>([])
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<20 {
          group.addTask {
            let count = Locked(0)
            _ = try await fixture.service.ensure(
              .init(url: origin.http.url("/a.js"), bytes: true),
              for: number.isMultiple(of: 2) ? fixture.peer : other
            ) { bytes in count.withLock { $0 += bytes.count } }
            received.withLock { $0.append(count.withLock { $0 }) }
          }
        }
        await origin.asked(for: "/a.js")
        await origin.asked(for: "/a.js")
        // All have joined when the counters say so.
        while fixture.coalesced(fixture.peer) + fixture.coalesced(other) < 18 {
          await Task.yield()
        }
        gate.open()
        try await group.waitForAll()
      }
      #expect(received.withLock { $0 } == Array(repeating: 100_000, count: 20))
      #expect(origin.counts["/a.js"] == 2)
      let counts = fixture.service.statistics(for: fixture.peer).origin
      #expect(counts.requests == 1)
      #expect(counts.ensuredBytes == 100_000)
      #expect(counts.coalesced == 9)
    }
  }

  @Test("The one who started a fetch goes away, the other gets all bytes of the same request")
  func starterLeaves() async throws {
    try await withService { fixture in
      let origin = try await DeployOrigin()
      origin.set("/a.js", "hello, world")
      let gate = origin.hold("/a.js")
      let url = origin.http.url("/a.js")
      let starter = Task { try await fixture.ensure(url) }
      await origin.asked(for: "/a.js")
      let other = Task { try await fixture.ensure(url) }
      while fixture.coalesced(fixture.peer) < 1 { await Task.yield() }
      starter.cancel()
      try await expectError(.shuttingDown) { try await starter.value }
      gate.open()
      let reply = try await other.value
      #expect(try await fixture.bytes(reply.digest) == Array("hello, world".utf8))
      #expect(origin.counts["/a.js"] == 1)
    }
  }

  @Test("A fetch that nobody waits for is given up, and the next caller begins another")
  func givenUp() async throws {
    try await withService { fixture in
      let origin = try await DeployOrigin()
      origin.set("/a.js", "hello, world")
      let gate = origin.hold("/a.js")
      let url = origin.http.url("/a.js")
      let starter = Task { try await fixture.ensure(url) }
      await origin.asked(for: "/a.js")
      starter.cancel()
      _ = try? await starter.value  // Its error is another test's.
      let next = Task { try await fixture.ensure(url) }
      await origin.asked(for: "/a.js")
      gate.open()
      #expect(try await next.value.source == .origin)
      #expect(origin.counts["/a.js"] == 2)
      #expect(fixture.service.statistics(for: fixture.peer).origin.failures == 0)
    }
  }

  @Test("What SHA-256 names and the store has comes without a request")
  func storeHit() async throws {
    try await withService { fixture in
      let digest = try await fixture.put(Array("here".utf8))
      let reply = try await fixture.ensure("http://origin.invalid/x", integrity: sha256("here"))
      #expect(reply.digest == digest)
      #expect(reply.source == .store && reply.verified && !reply.stale)
    }
  }

  @Test("What was verified against SHA-384 once comes from the store, offline too")
  func rememberedIntegrity() async throws {
    try await withService { fixture in
      let origin = try await DeployOrigin()
      origin.set("/a.js", "text")
      let url = origin.http.url("/a.js")
      let first = try await fixture.ensure(url, integrity: integrity("text"))
      #expect(first.source == .origin && first.verified)
      // A plain fetch of the same bytes does not make it forget.
      _ = try await fixture.ensure(url)
      origin.set(.down)
      let second = try await fixture.ensure(url, integrity: integrity("text"))
      #expect(second.source == .store && second.verified)
      #expect(second.digest == first.digest)
    }
  }

  @Test("Wrong integrity stores nothing, and equal wrong values make one request")
  func wrongIntegrity() async throws {
    try await withService { fixture in
      let origin = try await DeployOrigin()
      origin.set("/a.js", "text")
      let gate = origin.hold("/a.js")
      let url = origin.http.url("/a.js")
      let wrong = integrity("other")
      let callers = (0..<5).map { _ in Task { try await fixture.ensure(url, integrity: wrong) } }
      while fixture.coalesced(fixture.peer) < 4 { await Task.yield() }
      gate.open()
      for caller in callers {
        try await expectError(.integrityMismatch) { try await caller.value }
      }
      #expect(origin.counts["/a.js"] == 1)
      #expect(fixture.store.statistics.total.blobs == 0)
    }
  }

  @Test("A caller with the right value is not failed by one with a wrong value")
  func rightAfterWrong() async throws {
    try await withService { fixture in
      let origin = try await DeployOrigin()
      origin.set("/a.js", "text")
      let gate = origin.hold("/a.js")
      let url = origin.http.url("/a.js")
      let wrong = Task { try await fixture.ensure(url, integrity: integrity("other")) }
      await origin.asked(for: "/a.js")
      let right = Task { try await fixture.ensure(url, integrity: integrity("text")) }
      let plain = Task { try await fixture.ensure(url) }
      while fixture.coalesced(fixture.peer) < 2 { await Task.yield() }
      gate.open()
      try await expectError(.integrityMismatch) { try await wrong.value }
      #expect(try await right.value.verified)
      #expect(try await plain.value.source == .origin)
      #expect(origin.counts["/a.js"] == 2)
    }
  }

  @Test("A caller that joins a plain fetch with a wrong value fails alone")
  func wrongAfterPlain() async throws {
    try await withService { fixture in
      let origin = try await DeployOrigin()
      origin.set("/a.js", "text")
      let gate = origin.hold("/a.js")
      let url = origin.http.url("/a.js")
      let plain = Task { try await fixture.ensure(url) }
      await origin.asked(for: "/a.js")
      let wrong = Task { try await fixture.ensure(url, integrity: integrity("other")) }
      while fixture.coalesced(fixture.peer) < 1 { await Task.yield() }
      gate.open()
      #expect(try await plain.value.digest == wrongless("text"))
      try await expectError(.integrityMismatch) { try await wrong.value }
      #expect(origin.counts["/a.js"] == 1)
    }
  }

  private func wrongless(_ text: String) -> LarderCore.Digest? {
    LarderCore.Digest(Array(SHA256.hash(data: Data(text.utf8))))
  }

  @Test("An unchanged URL costs a conditional request, and its bytes come from the store")
  func notModified() async throws {
    try await withService { fixture in
      let origin = try await DeployOrigin()
      origin.set("/a.js", "text")
      let url = origin.http.url("/a.js")
      _ = try await fixture.ensure(url)
      let received = Locked<[UInt8]>([])
      let again = try await fixture.service.ensure(.init(url: url, bytes: true), for: fixture.peer)
      {
        bytes in received.withLock { $0 += bytes }
      }
      #expect(again.source == .store && !again.stale && !again.verified)
      #expect(received.withLock { $0 } == Array("text".utf8))
      let counts = fixture.service.statistics(for: fixture.peer).origin
      #expect(counts.requests == 1 && counts.revalidations == 1)
    }
  }

  @Test("With its origin down a URL gives what it gave last, and says so")
  func stale() async throws {
    try await withService { fixture in
      let origin = try await DeployOrigin()
      origin.set("/a.js", "text")
      let url = origin.http.url("/a.js")
      let first = try await fixture.ensure(url)
      origin.set(.down)
      let second = try await fixture.ensure(url)
      #expect(second.stale && second.source == .store && second.digest == first.digest)
      try await expectError(.originUnavailable) {
        try await fixture.ensure(origin.http.url("/b.js"))
      }
    }
  }

  @Test("Bytes that were fetched with one credential are not given to another")
  func credentials() async throws {
    try await withService { fixture in
      let origin = try await DeployOrigin()
      origin.set("/a.js", "text")
      let url = origin.http.url("/a.js")
      _ = try await fixture.ensure(url, authorization: "Bearer one")
      origin.set(.down)
      #expect(try await fixture.ensure(url, authorization: "Bearer one").stale)
      try await expectError(.originUnavailable) {
        try await fixture.ensure(url, authorization: "Bearer two")
      }
      try await expectError(.originUnavailable) { try await fixture.ensure(url) }
    }
  }

  @Test(
    "A page in place of a script is refused and not stored",
    arguments: ["text/html", "text/javascript"])
  func html(type: String) async throws {
    try await withService { fixture in
      let origin = try await TestOrigin { _, _ in
        TestOrigin.answer("<!doctype html><p>not found", headers: ["Content-Type: \(type)"])
      }
      try await expectError(.notJavaScript) { try await fixture.ensure(origin.url("/a.js?v=1")) }
      #expect(fixture.store.statistics.total.blobs == 0)
      #expect(try await fixture.ensure(origin.url("/a.html")).source == .origin)
    }
  }

  @Test("An integrity list that names nothing is the caller's mistake")
  func badIntegrity() async throws {
    try await withService { fixture in
      try await expectError(.badRequest) {
        try await fixture.ensure("http://origin.invalid/x", integrity: "md5-abc")
      }
    }
  }

  @Test("A caller that reads slowly gets every byte, the end from the store")
  func slowReader() async throws {
    try await withService { fixture in
      let origin = try await DeployOrigin()
      let body = (0..<1_200_000).map { "\($0 % 10)" }.joined()
      let size = 6_000_000
      let text = String(repeating: body, count: size / 1_200_000)
      origin.set("/a.txt", text)
      let received = Locked<[UInt8]>([])
      let store = fixture.store
      let reply = try await fixture.service.ensure(
        .init(url: origin.http.url("/a.txt"), bytes: true), for: fixture.peer
      ) { bytes in
        // Slower than the origin: by the second piece the window has moved on.
        while store.statistics.total.blobs == 0 { await Task.yield() }
        received.withLock { $0 += bytes }
      }
      #expect(reply.size == ByteCount(size))
      #expect(received.withLock { $0 } == Array(text.utf8))
    }
  }

  @Test("Fetches beyond the limit are told to come back")
  func busy() async throws {
    try await withService { fixture in
      let fetches = SharedFetches(
        fetcher: fixture.fetcher, content: fixture.content, registry: fixture.registry,
        realms: fixture.service.realms, log: fixture.service.log, flightsMax: 1)
      let origin = try await DeployOrigin()
      origin.set("/a.js", "text")
      let gate = origin.hold("/a.js")
      func fetch(_ path: String) -> SharedFetch {
        SharedFetch(realm: fixture.peer.realm, url: origin.http.url(path))
      }
      let first = try fetches.board(fetch("/a.js"), for: .ensured)
      let joined = try fetches.board(fetch("/a.js"), for: .ensured)
      #expect(first.isFirst && !joined.isFirst)
      try await expectError(.busy) { try fetches.board(fetch("/b.js"), for: .ensured) }
      gate.open()
      _ = try await first.flight.landing()
      first.flight.leave()
      joined.flight.leave()
    }
  }

  @Test("A file that joins another's fetch is held against its own size")
  func joinedSize() async throws {
    try await withService { fixture in
      let fetches = fixture.service.fetches
      let origin = try await DeployOrigin()
      origin.set("/a.txt", "text")
      let gate = origin.hold("/a.txt")
      let fetch = SharedFetch(realm: fixture.peer.realm, url: origin.http.url("/a.txt"))
      let plain = Task { try await fetches.blob(fetch, for: .ensured) }
      await origin.asked(for: "/a.txt")
      let sized = Task { try await fetches.blob(fetch, expectedSize: 5, for: .planned) }
      while fixture.coalesced(fixture.peer) < 1 { await Task.yield() }
      gate.open()
      #expect(try await plain.value.stat.size == ByteCount(4))
      try await expectError(.truncated) { try await sized.value }
    }
  }

  @Test("A plain caller is not failed by a build that expects another size")
  func sizeOfOthers() async throws {
    try await withService { fixture in
      let fetches = fixture.service.fetches
      let origin = try await DeployOrigin()
      origin.set("/a.txt", "text")
      let gate = origin.hold("/a.txt")
      let url = origin.http.url("/a.txt")
      let fetch = SharedFetch(realm: fixture.peer.realm, url: url)
      // The length is announced in the head, so this one fails before the gate.
      let sized = Task { try await fetches.blob(fetch, expectedSize: 5, for: .planned) }
      await origin.asked(for: "/a.txt")
      let plain = Task { try await fixture.ensure(url) }
      try await expectError(.truncated) { try await sized.value }
      gate.open()
      #expect(try await plain.value.size == ByteCount(4))
    }
  }
}

extension Fixture {
  /// Requests of the peer that joined another's fetch.
  func coalesced(_ peer: RealmCapability) -> Int64 {
    service.statistics(for: peer).origin.coalesced
  }
}
