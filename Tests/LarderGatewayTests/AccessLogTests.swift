import Foundation
import LarderCore
import LarderMessages
import LarderMetrics
import LarderPlatform
import LarderService
import Logging
import MetricsRig
import OriginRig
import SystemPackage
import Testing

@testable import LarderGateway

@Suite("What is seen of the gateway's answers")
struct AccessLogTests {
  private static let trace = "0af7651916cd43dd8448eb211c80319c"
  private static let span = "b7ad6b7169203331"

  @Test("is a line for each: what was asked for, by kind, and what came of it")
  func lines() async throws {
    try await TestGateway.run { gateway in
      let release = try await gateway.publish(Deploy(name: "nav", loading: "jsonp"))
      let path = "/remotes/nav@\(release.release)/route.js"
      let file = try await gateway.get(
        "\(path)?token=hush", "GET", "traceparent: 00-\(Self.trace)-\(Self.span)-01")
      let tag = try #require(file.fields["etag"])
      // The same again is answered on a connection's own loop, unless it is its last.
      _ = try await gateway.exchange(gateway.head(path))
      let prompt = try await gateway.exchange(
        gateway.head(path, "GET", ["traceparent: 00-\(Self.trace)-\(Self.span)-01"]))
      #expect(prompt.count == 1 && prompt[0].body == file.body)
      _ = try await gateway.get(path, "GET", "If-None-Match: \(tag)")
      _ = try await gateway.get("/remotes/nav/remoteEntry.js", "HEAD")
      _ = try await gateway.get("/remotes/none/remoteEntry.js")
      _ = try await gateway.exchange("GET /no HTTP/1.1\r\nHost: localhost\r\n\r\n")
      _ = try await gateway.exchange("POST / HTTP/1.1\r\nHost: localhost\r\n\r\n")
      let lines = try await gateway.logged(8)
      #expect(
        lines.map { $0["route"] as? String } == [
          "file", "file", "file", "file", "entry", "entry", "other", "other",
        ])
      #expect(lines.map { $0["status"] as? Int } == [200, 200, 200, 304, 200, 404, 404, 405])
      #expect(
        lines.map { $0["method"] as? String } == [
          "GET", "GET", "GET", "GET", "HEAD", "GET", "GET", nil,
        ])
      #expect(
        lines.map { $0["phase"] as? String } == [
          "file", "file", "file", "file", "release", "refused", "refused", "refused",
        ])
      #expect(lines[0]["remote"] as? String == "nav" && lines[5]["remote"] as? String == "none")
      #expect(lines[0]["release"] as? String == release.release && lines[4]["release"] == nil)
      #expect(lines[0]["bytes"] as? Int == file.body.count && lines[3]["bytes"] as? Int == 0)
      let key = PromptFile.Key(target: "/\(gateway.key.text)\(path)", codings: nil)
      #expect(gateway.prompt.file(try #require(key)) != nil)
      for name in ["remote", "release", "bytes", "status"] {
        let (first, again) = (lines[0][name], lines[2][name])
        #expect("\(try #require(first))" == "\(try #require(again))", "\(name)")
      }
      #expect(lines[2]["trace"] as? String == Self.trace && lines[2]["span"] != nil)
      #expect(lines[0]["trace"] as? String == Self.trace)
      #expect(lines[0]["span"] as? String != Self.span && lines[0]["span"] != nil)
      #expect(lines[3]["trace"] == nil && lines[1]["span"] == nil)
      for line in lines {
        #expect(
          (line["time"] as? String)?.contains(#/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/#) == true)
        let (begin, total) = (line["beginMilliseconds"], line["totalMilliseconds"])
        #expect(try #require(begin as? Double) <= #require(total as? Double))
        let text = "\(line)"
        #expect(!text.contains(gateway.key.text) && !text.contains("hush"))
      }
    }
  }

  @Test("is counted by route and status")
  func counts() async throws {
    try await TestGateway.run { gateway in
      let digest = try await gateway.put([UInt8](repeating: 1, count: 2 << 20))
      let path = "/blobs/sha256/\(digest.hex)"
      _ = try await gateway.get(path)
      _ = try await gateway.get(path, "GET", "Range: bytes=0-9")
      _ = try await gateway.get(path, "HEAD")
      _ = try await gateway.exchange("what is this\r\n\r\n")
      _ = try await gateway.logged(4)
      let page = try gateway.metrics()
      func requests(_ route: String, _ status: Int) -> Double? {
        page.value("larder_gateway_requests_total", ["route": route, "status": "\(status)"])
      }
      #expect(requests("blob", 200) == 2 && requests("blob", 206) == 1)
      #expect(requests("other", 400) == 1 && requests("file", 200) == 0)
      #expect(page.value("larder_gateway_sent_bytes_total", ["route": "blob"]) == 2_097_162)
      #expect(page.value("larder_gateway_answer_seconds_count", ["route": "blob"]) == 3)
      #expect(page.value("larder_gateway_connections_total") == 4)
      while try gateway.metrics().value("larder_gateway_connections") != 0 { await Task.yield() }
    }
  }

  @Test("tells of a download that its reader gave up")
  func aborted() async throws {
    try await TestGateway.run { gateway in
      // More than the sockets' buffers hold.
      let digest = try await gateway.put([UInt8](repeating: 1, count: 64 << 20))
      let head = gateway.head("/blobs/sha256/\(digest.hex)")
      let port = gateway.port
      try await blocking {
        let connection = try RawConnection(port: port)
        connection.send(Array(head.utf8))
        _ = try connection.receive()
      }
      let line = try #require(try await gateway.logged(1).first)
      #expect(line["aborted"] as? Bool == true)
      let bytes = try #require(line["bytes"] as? Int)
      #expect(bytes > 0 && bytes < 64 << 20)
      #expect(try gateway.metrics().value("larder_gateway_aborted_total", ["route": "blob"]) == 1)
    }
  }

  @Test("goes on in a new file when the old one has another name, and drops nothing on the way")
  func reopened() async throws {
    let folder = FilePath(NSTemporaryDirectory()).appending("larder-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(
      atPath: folder.string, withIntermediateDirectories: true)
    // What is left behind in the temporary folder does no harm.
    defer { try? FileManager.default.removeItem(atPath: folder.string) }
    let (path, old) = (folder.appending("a.log").string, folder.appending("a.log.1").string)
    let log = try AccessLog(
      at: FilePath(path), instruments: Instruments(), log: Logger(label: "test"))
    log.note(Answer(method: "GET"))
    while try String(contentsOfFile: path, encoding: .utf8).isEmpty { await Task.yield() }
    try FileManager.default.moveItem(atPath: path, toPath: old)
    log.reopen()
    log.note(Answer(method: "HEAD"))
    log.close()
    #expect(try String(contentsOfFile: old, encoding: .utf8).contains("GET"))
    #expect(try String(contentsOfFile: path, encoding: .utf8).contains("HEAD"))
  }

  @Test("is dropped and counted where the file takes nothing, and nobody waits")
  func full() async throws {
    // A pipe that nobody reads takes 64 KiB, then no more.
    let folder = FilePath(NSTemporaryDirectory()).appending("larder-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(
      atPath: folder.string, withIntermediateDirectories: true)
    // What is left behind in the temporary folder does no harm.
    defer { try? FileManager.default.removeItem(atPath: folder.string) }
    let pipe = folder.appending("pipe").string
    #expect(mkfifo(pipe, 0o600) == 0)
    let reader = open(pipe, O_RDWR)
    let instruments = Instruments()
    let log = try AccessLog(
      at: FilePath(pipe), instruments: instruments, log: Logger(label: "test"))
    // As many as wait, as many again that the writer may hold, and one.
    for _ in 0...2 * AccessLog.waitingMax { log.note(Answer(method: "GET")) }
    var page = Exposition()
    instruments.measure(into: &page)
    let dropped = try ScrapedPage(page.text).value("larder_gateway_log_dropped_total")
    #expect(try #require(dropped) >= 1)
    // The writer comes free once there is nobody who could read.
    let drain = Thread {
      var piece = [UInt8](repeating: 0, count: 1 << 16)
      while read(reader, &piece, piece.count) > 0 {}
    }
    drain.start()
    log.close()
  }

  /// A deploy that was announced and not fetched.
  private func announce(_ gateway: TestGateway) async throws -> TestOrigin {
    let deploy = Deploy(name: "nav", loading: "jsonp")
    let origin = try await TestOrigin { request, _ in
      guard let bytes = deploy.served[String(request.path.dropFirst())] else {
        return TestOrigin.answer("", status: "404 Not Found")
      }
      return TestOrigin.answer(String(decoding: bytes, as: UTF8.self))
    }
    _ = try await gateway.service.addRemote("nav", urls: [origin.url("/")], for: gateway.peer)
    return origin
  }

  @Test("carries the trace of a request on to the origins that it has asked")
  func origins() async throws {
    try await TestGateway.run { gateway in
      let origin = try await announce(gateway)
      let before = origin.requests.count
      let entry = try await gateway.get(
        "/remotes/nav/remoteEntry.js", "GET",
        "traceparent: 00-\(Self.trace)-\(Self.span)-01", "tracestate: a=1")
      #expect(entry.status == 200)
      let span = try #require(try await gateway.logged(1).first?["span"] as? String)
      let caused = origin.requests.dropFirst(before)
      #expect(!caused.isEmpty)
      for request in caused {
        #expect(request.headers["traceparent"] == "00-\(Self.trace)-\(span)-01", "\(request.path)")
        #expect(request.headers["tracestate"] == "a=1")
      }
    }
  }

  @Test("invents no trace where none came, or none that can be read")
  func untraced() async throws {
    try await TestGateway.run { gateway in
      let origin = try await announce(gateway)
      let entry = try await gateway.get(
        "/remotes/nav/remoteEntry.js", "GET", "traceparent: 00-\(Self.trace)-\(Self.span)-0x")
      #expect(entry.status == 200)
      #expect(try await gateway.logged(1).first?["trace"] == nil)
      #expect(origin.requests.allSatisfy { $0.headers["traceparent"] == nil })
    }
  }
}
