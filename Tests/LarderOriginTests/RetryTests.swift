import LarderCore
import LarderOrigin
import OriginRig
import Testing

@Suite struct RetryTests {
  let clock = FastClock()

  @Test("What may pass is tried again after growing waits", arguments: [429, 502, 503, 504])
  func passing(_ status: Int) async throws {
    let origin = try await TestOrigin { _, number in
      number < 3 ? TestOrigin.answer("", status: "\(status) So") : TestOrigin.answer("abc")
    }
    try await withFetcher(clock: clock) { fetcher in
      let spool = Spool()
      _ = try await fetcher.fetch(FetchRequest(url: origin.url("/")), into: spool)
      #expect(spool.text == "abc")
      #expect(clock.slept == [.milliseconds(50), .milliseconds(100)])
      #expect(fetcher.counters.retries == 2)
      #expect(fetcher.counters.failures == 2)
    }
  }

  @Test("The third failure is the last")
  func attempts() async throws {
    let origin = try await TestOrigin { _, _ in TestOrigin.answer("", status: "503 So") }
    try await withFetcher(clock: clock) { fetcher in
      let error = await expectFailure(.unavailable) {
        try await fetcher.fetch(FetchRequest(url: origin.url("/")), into: Spool())
      }
      #expect(error?.status == 503)
      #expect(origin.requests.count == 3)
    }
  }

  @Test("Retry-After is waited for up to the limit; past it there is no second attempt")
  func retryAfter() async throws {
    let origin = try await TestOrigin { request, number in
      if request.path == "/late" {
        return TestOrigin.answer("", status: "503 So", headers: ["Retry-After: 11"])
      }
      return number == 1
        ? TestOrigin.answer("", status: "503 So", headers: ["Retry-After: 10"])
        : TestOrigin.answer("abc")
    }
    try await withFetcher(clock: clock) { fetcher in
      _ = try await fetcher.fetch(FetchRequest(url: origin.url("/")), into: Spool())
      #expect(clock.slept == [.seconds(10)])
      await expectFailure(.unavailable) {
        try await fetcher.fetch(FetchRequest(url: origin.url("/late")), into: Spool())
      }
      #expect(clock.slept.count == 1)
    }
  }

  @Test("A body that is cut is fetched anew into a sink that can begin again, and into no other")
  func truncation() async throws {
    let origin = try await TestOrigin { _, number in
      number.isMultiple(of: 2)
        ? TestOrigin.answer("whole body")
        : [.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nwho"), .close]
    }
    try await withFetcher(clock: clock) { fetcher in
      let spool = Spool()
      _ = try await fetcher.fetch(FetchRequest(url: origin.url("/")), into: spool)
      #expect(spool.text == "whole body")
      #expect(spool.heads.count == 2)
      let stream = Spool(canRestart: false)
      let error = await expectFailure(.truncated) {
        try await fetcher.fetch(FetchRequest(url: origin.url("/")), into: stream)
      }
      #expect(error?.message.contains("3 bytes, 10 were") == true)
      #expect(origin.requests.count == 3)
    }
  }

  @Test("Chunks that break off are a truncation too")
  func truncatedChunks() async throws {
    let origin = try await TestOrigin { _, _ in
      [.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"), .close]
    }
    try await withFetcher(clock: clock) { fetcher in
      await expectFailure(.truncated) {
        try await fetcher.fetch(FetchRequest(url: origin.url("/")), into: Spool())
      }
      #expect(origin.requests.count == 3)
    }
  }

  @Test("A streaming sink that has got nothing yet may still be served by a retry")
  func beforeBytes() async throws {
    let origin = try await TestOrigin { _, number in
      number == 1 ? [.close] : TestOrigin.answer("abc")
    }
    try await withFetcher(clock: clock) { fetcher in
      let stream = Spool(canRestart: false)
      _ = try await fetcher.fetch(FetchRequest(url: origin.url("/")), into: stream)
      #expect(stream.text == "abc")
    }
  }

  @Test(
    "A time limit that passes ends the attempt and is named",
    arguments: [
      (OriginError.TimeLimit.head, "/head"), (.stall, "/stall"), (.attempt, "/head"),
      (.attempt, "/stall"),
    ])
  func timeLimits(
    _ limit: OriginError.TimeLimit, _ path: String
  ) async throws {
    var configuration = OriginConfiguration()
    switch limit {
    case .connect: break
    case .head: configuration.limits.headMax = .milliseconds(40)
    case .stall: configuration.limits.stallMax = .milliseconds(40)
    case .attempt: configuration.limits.attemptMax = .milliseconds(40)
    }
    let origin = try await TestOrigin { request, _ in
      request.path == "/head" ? [] : [.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nwho")]
    }
    try await withFetcher(configuration, clock: clock) { fetcher in
      let error = await expectFailure(.timeout) {
        try await fetcher.fetch(FetchRequest(url: origin.url(path)), into: Spool())
      }
      #expect(error?.message.contains("'\(limit.rawValue)'") == true)
      #expect(fetcher.counters.requests == 3)
    }
  }

  @Test(
    "Nobody listens: unavailable after all attempts; then the origin rests, and one probe finds it back"
  )
  func resting() async throws {
    let origin = try await TestOrigin { _, _ in TestOrigin.answer("abc") }
    let url = origin.url("/")
    try await origin.stop()
    var configuration = OriginConfiguration()
    configuration.limits.failuresMax = 3
    try await withFetcher(configuration, clock: clock) { fetcher in
      let error = await expectFailure(.unavailable) {
        try await fetcher.fetch(FetchRequest(url: url), into: Spool())
      }
      #expect(error?.message.contains("refused") == true, "\(error?.message ?? "")")
      #expect(fetcher.counters.requests == 3)
      await expectFailure(.resting) {
        try await fetcher.fetch(FetchRequest(url: url), into: Spool())
      }
      #expect(fetcher.counters.requests == 3)
      clock.advance(.seconds(1))
      await expectFailure(.resting) {
        try await fetcher.fetch(FetchRequest(url: url), into: Spool())
      }
      // One probe was sent, and its failure doubled the rest.
      #expect(fetcher.counters.requests == 4)
    }
  }

  @Test("Time limits count as failures of the origin")
  func slowOrigin() async throws {
    var configuration = OriginConfiguration()
    configuration.limits.headMax = .milliseconds(20)
    configuration.limits.failuresMax = 2
    let origin = try await TestOrigin { _, _ in [] }
    try await withFetcher(configuration, clock: clock) { fetcher in
      await expectFailure(.resting) {
        try await fetcher.fetch(FetchRequest(url: origin.url("/")), into: Spool())
      }
      #expect(fetcher.counters.requests == 2)
    }
  }
}
