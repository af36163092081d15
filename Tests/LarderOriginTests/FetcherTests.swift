import LarderCore
import LarderOrigin
import OriginRig
import Testing

@Suite struct FetcherTests {
  @Test("Bytes, size and head come as the origin sent them, asked for plainly")
  func plain() async throws {
    let origin = try await TestOrigin { _, _ in
      TestOrigin.answer(
        "let a = 1;",
        headers: ["Content-Type: text/javascript", "ETag: \"1\"", "Last-Modified: yesterday"])
    }
    try await withFetcher { fetcher in
      let spool = Spool()
      let url = origin.url("/a.js?v=1")
      let result = try await fetcher.fetch(FetchRequest(url: url + "#part"), into: spool)
      let head = FetchHead(
        url: url, status: 200, contentType: "text/javascript", etag: "\"1\"",
        lastModified: "yesterday", contentLength: ByteCount(10))
      #expect(result == .complete(head, size: ByteCount(10)))
      #expect(spool.text == "let a = 1;")
      #expect(spool.heads == [head])
      let request = try #require(origin.requests.first)
      #expect(request.path == "/a.js?v=1")
      #expect(request.headers["accept-encoding"] == "identity")
      #expect(request.headers["host"] == "127.0.0.1:\(origin.port)")
      #expect(request.headers["authorization"] == nil)
      var counters = FetchCounters()
      counters.requests = 1
      counters.bytes = 10
      #expect(fetcher.counters == counters)
    }
  }

  @Test("A body in chunks of unknown length, an empty one, and a large one arrive whole")
  func bodies() async throws {
    let large = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
    let origin = try await TestOrigin { request, _ in
      switch request.path {
      case "/chunks":
        [
          .send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"),
          .send("6\r\n world\r\n0\r\n\r\n"),
        ]
      case "/empty": TestOrigin.answer("")
      case "/close": [.send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nto the end"), .close]
      default:
        [.send("HTTP/1.1 200 OK\r\nContent-Length: \(large.count)\r\n\r\n"), .sendBytes(large)]
      }
    }
    try await withFetcher { fetcher in
      for (path, text) in [("/chunks", "hello world"), ("/empty", ""), ("/close", "to the end")] {
        let spool = Spool()
        let result = try await fetcher.fetch(FetchRequest(url: origin.url(path)), into: spool)
        #expect(spool.text == text)
        guard case .complete(_, let size) = result else { return }
        #expect(size == ByteCount(text.utf8.count))
      }
      let spool = Spool()
      _ = try await fetcher.fetch(FetchRequest(url: origin.url("/large")), into: spool)
      #expect(spool.bytes == large)
    }
  }

  /// Takes nothing until its gate is finished.
  private struct GatedSink: FetchSink {
    let canRestart = false
    let arrived: AsyncStream<Void>.Continuation
    let gate: AsyncStream<Void>

    func begin(_ head: FetchHead) {}

    func receive(_ bytes: [UInt8]) async {
      arrived.yield()
      for await _ in gate {}
    }
  }

  @Test("While the sink takes nothing, the origin cannot send on")
  func backPressure() async throws {
    // More than the socket buffers of both sides can hold.
    let size = 32 << 20
    let origin = try await TestOrigin { request, _ in
      request.path == "/small"
        ? TestOrigin.answer("abc")
        : [
          .send("HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n"),
          .sendBytes(Array(repeating: 7, count: size)),
        ]
    }
    let (arrivals, arrived) = AsyncStream<Void>.makeStream()
    let (gate, gateEnd) = AsyncStream<Void>.makeStream()
    try await withFetcher { fetcher in
      let task = Task {
        try await fetcher.fetch(
          FetchRequest(url: origin.url("/large")), into: GatedSink(arrived: arrived, gate: gate))
      }
      for await _ in arrivals { break }
      // Time enough for the rest, if anything took it.
      for _ in 0..<50 {
        _ = try await fetcher.fetch(FetchRequest(url: origin.url("/small")), into: Spool())
      }
      #expect(!origin.hasSentBytes)
      #expect(fetcher.counters.bytes < size / 2)
      gateEnd.finish()
      guard case .complete(_, let got) = try await task.value else { return }
      #expect(got == ByteCount(size))
    }
  }

  @Test("Validators are sent, and 304 means not modified only to who sent one")
  func revalidation() async throws {
    let origin = try await TestOrigin { _, _ in
      [.send("HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\n\r\n")]
    }
    try await withFetcher { fetcher in
      let spool = Spool()
      let url = origin.url("/a.js")
      let result = try await fetcher.fetch(
        FetchRequest(url: url, etag: "\"1\"", lastModified: "yesterday"), into: spool)
      guard case .notModified(let head) = result else {
        Issue.record("\(result)")
        return
      }
      #expect(head.etag == "\"1\"")
      #expect(spool.heads.isEmpty)
      #expect(origin.requests[0].headers["if-none-match"] == "\"1\"")
      #expect(origin.requests[0].headers["if-modified-since"] == "yesterday")
      #expect(fetcher.counters.revalidations == 1)
      let error = await expectFailure(.unavailable) {
        try await fetcher.fetch(FetchRequest(url: url), into: spool)
      }
      #expect(error?.status == 304)
    }
  }

  @Test(
    "A status that will not pass fails at once and is named",
    arguments: [400, 401, 403, 404, 410, 418, 500, 204, 206, 301 + 3])
  func status(_ status: Int) async throws {
    let origin = try await TestOrigin { _, _ in
      TestOrigin.answer("", status: "\(status) So")
    }
    try await withFetcher { fetcher in
      let error = await expectFailure(.unavailable) {
        try await fetcher.fetch(FetchRequest(url: origin.url("/?secret")), into: Spool())
      }
      #expect(error?.status == status)
      #expect(error?.message.contains("secret") == false)
      #expect(origin.requests.count == 1)
      #expect(fetcher.counters.failures == 1)
    }
  }

  @Test("A content encoding that was not asked for is refused before a byte")
  func encoding() async throws {
    let origin = try await TestOrigin { _, _ in
      TestOrigin.answer("zzz", headers: ["Content-Encoding: gzip"])
    }
    try await withFetcher { fetcher in
      let spool = Spool()
      await expectFailure(.encoding) {
        try await fetcher.fetch(FetchRequest(url: origin.url("/")), into: spool)
      }
      #expect(spool.heads.isEmpty)
    }
  }

  @Test("A body is taken up to the limit, and refused one byte past it, announced or not")
  func sizeLimit() async throws {
    let origin = try await TestOrigin { request, _ in
      request.path == "/chunked"
        ? [
          .send(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nb\r\nhello world\r\n0\r\n\r\n")
        ]
        : TestOrigin.answer("hello world")
    }
    try await withFetcher { fetcher in
      for path in ["/length", "/chunked"] {
        let url = origin.url(path)
        let spool = Spool()
        _ = try await fetcher.fetch(FetchRequest(url: url, sizeMax: ByteCount(11)), into: spool)
        #expect(spool.text == "hello world")
        await expectFailure(.tooLarge) {
          try await fetcher.fetch(FetchRequest(url: url, sizeMax: ByteCount(10)), into: Spool())
        }
        await expectFailure(.truncated) {
          try await fetcher.fetch(
            FetchRequest(url: url, expectedSize: ByteCount(12)), into: Spool())
        }
        await expectFailure(.truncated) {
          try await fetcher.fetch(
            FetchRequest(url: url, expectedSize: ByteCount(10)), into: Spool())
        }
        _ = try await fetcher.fetch(
          FetchRequest(url: url, expectedSize: ByteCount(11)), into: Spool())
      }
    }
  }

  @Test("Integrity decides whether the bytes count")
  func integrity() async throws {
    let origin = try await TestOrigin { _, _ in TestOrigin.answer("abc") }
    // FIPS 180-4's example.
    let good = "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="
    let bad = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
    try await withFetcher { fetcher in
      _ = try await fetcher.fetch(
        FetchRequest(url: origin.url("/"), integrity: try Integrity(good)), into: Spool())
      await expectFailure(.integrityMismatch) {
        try await fetcher.fetch(
          FetchRequest(url: origin.url("/"), integrity: try Integrity(bad)), into: Spool())
      }
      #expect(origin.requests.count == 2)
    }
  }

  @Test(
    "An answer that contradicts itself, or is no HTTP, is refused",
    arguments: [
      "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
      "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nabcd",
      "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
      "<html>hello</html>\r\n\r\n",
    ])
  func malformed(_ answer: String) async throws {
    let origin = try await TestOrigin { _, _ in [.send(answer), .close] }
    try await withFetcher { fetcher in
      await expectFailure(.malformed) {
        try await fetcher.fetch(FetchRequest(url: origin.url("/")), into: Spool())
      }
    }
  }

  @Test("A sink's error ends the fetch and comes back as the cause")
  func sinkFailure() async throws {
    struct Full: Error {}
    let origin = try await TestOrigin { _, _ in TestOrigin.answer("abc") }
    try await withFetcher { fetcher in
      let error = await expectFailure(.sink) {
        try await fetcher.fetch(FetchRequest(url: origin.url("/")), into: Spool(failure: Full()))
      }
      #expect(error?.cause is Full)
      #expect(origin.requests.count == 1)
    }
  }

  @Test("Control characters in a header value are refused before anything is sent")
  func headerValues() async throws {
    let origin = try await TestOrigin { _, _ in TestOrigin.answer("abc") }
    try await withFetcher { fetcher in
      await expectFailure(.refused) {
        try await fetcher.fetch(
          FetchRequest(url: origin.url("/"), authorization: "a\r\nX: y"), into: Spool())
      }
      #expect(origin.requests.isEmpty)
    }
  }

  @Test("Cancelling the task ends the request at the origin", arguments: [false, true])
  func cancellation(inBody: Bool) async throws {
    let origin = try await TestOrigin { _, _ in
      inBody ? [.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc")] : []
    }
    try await withFetcher { fetcher in
      let task = Task {
        try await fetcher.fetch(FetchRequest(url: origin.url("/")), into: Spool())
      }
      for await event in origin.events {
        if case .asked = event { task.cancel() }
        if case .closed = event { break }
      }
      await expectFailure(.cancelled) { try await task.value }
      #expect(fetcher.counters.retries == 0)
    }
  }

  @Test(
    "At most so many requests run at one origin; the next wait, and one who waits can be cancelled")
  func turns() async throws {
    var configuration = OriginConfiguration()
    configuration.limits.requestsPerOriginMax = 1
    configuration.limits.waitingPerOriginMax = 1
    let origin = try await TestOrigin { request, _ in
      request.path == "/hang" ? [] : TestOrigin.answer("abc")
    }
    try await withFetcher(configuration) { fetcher in
      let first = Task {
        try await fetcher.fetch(FetchRequest(url: origin.url("/hang")), into: Spool())
      }
      var events = origin.events.makeAsyncIterator()
      _ = await events.next()
      let second = Task {
        try await fetcher.fetch(FetchRequest(url: origin.url("/second")), into: Spool())
      }
      second.cancel()
      await expectFailure(.cancelled) { try await second.value }
      let third = Task {
        try await fetcher.fetch(FetchRequest(url: origin.url("/third")), into: Spool())
      }
      first.cancel()
      await expectFailure(.cancelled) { try await first.value }
      _ = try await third.value
      #expect(origin.requests.map(\.path) == ["/hang", "/third"])
    }
  }

  @Test("One request more than may wait at an origin is refused")
  func line() async throws {
    var configuration = OriginConfiguration()
    configuration.limits.requestsPerOriginMax = 1
    configuration.limits.waitingPerOriginMax = 0
    let origin = try await TestOrigin { _, _ in [] }
    let other = try await TestOrigin { _, _ in TestOrigin.answer("abc") }
    try await withFetcher(configuration) { fetcher in
      let first = Task {
        try await fetcher.fetch(FetchRequest(url: origin.url("/")), into: Spool())
      }
      var events = origin.events.makeAsyncIterator()
      _ = await events.next()
      await expectFailure(.refused) {
        try await fetcher.fetch(FetchRequest(url: origin.url("/second")), into: Spool())
      }
      _ = try await fetcher.fetch(FetchRequest(url: other.url("/")), into: Spool())
      first.cancel()
      await expectFailure(.cancelled) { try await first.value }
    }
  }
}
