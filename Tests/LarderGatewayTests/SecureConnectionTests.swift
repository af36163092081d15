import LarderCore
import Logging
import NIOCore
import NIOHPACK
import NIOHTTP2
import OriginRig
import Testing

@testable import LarderGateway

@Suite("A connection under TLS", .enabled(if: TestCertificate.isPossible))
struct SecureConnectionTests {
  private let files: TestCertificate
  private let certificate: GatewayCertificate

  init() throws {
    files = try TestCertificate()
    certificate = try GatewayCertificate(
      chain: files.file, key: files.keyFile, readEvery: .milliseconds(20),
      log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
  }

  private static let style = Array(
    (0..<20_000).map { ".rule-\($0) { margin: \($0 % 97)px }" }.joined(separator: "\n").utf8)

  /// Limits that no test meets unless it wants to, however busy the machine is.
  private static var patient: GatewayLimits {
    var limits = GatewayLimits()
    limits.headTimeout = .minutes(2)
    return limits
  }

  private func run(
    limits: GatewayLimits = SecureConnectionTests.patient,
    _ body: @escaping @Sendable (TestGateway, SecureClient) async throws -> Void
  ) async throws {
    let files = files
    try await TestGateway.run(limits: limits, certificate: certificate) { gateway in
      let client = try await SecureClient.connect(to: gateway.port, trusting: files)
      defer { client.close() }
      try await body(gateway, client)
    }
  }

  @Test("answers many requests of HTTP/2 at once")
  func many() async throws {
    try await run { gateway, client in
      let path = "/\(gateway.key.text)/larder/browser.js"
      let streams = (0..<50).map { 2 * $0 + 1 }
      for stream in streams { client.request(path, on: stream) }
      var answered: Set<HTTP2StreamID> = []
      for await case .frame(let frame) in client.events {
        guard case .headers(let headers) = frame.payload else { continue }
        #expect(headers.headers.first(name: ":status") == "200")
        answered.insert(frame.streamID)
        if answered.count == streams.count { break }
      }
      #expect(answered.count == streams.count)
    }
  }

  @Test(
    "is held to the rules of HTTP/1.1",
    arguments: [
      ("POST", [], "localhost", 405), ("DELETE", [], "localhost", 405),
      ("GET", [("origin", "https://evil.example")], "localhost", 403),
      ("GET", [("sec-fetch-site", "cross-site")], "localhost", 403),
      ("GET", [], "evil.example", 421), ("GET", [("host", "evil.example")], "localhost", 400),
      ("GET", [("origin", "http://localhost"), ("origin", "http://localhost")], "localhost", 400),
      ("GET", [("content-length", "3")], "localhost", 413),
      ("GET", [("expect", "100-continue")], "localhost", 417),
      ("GET", (0..<80).map { ("x-\($0)", "1") }, "localhost", 431),
    ] as [(String, [(String, String)], String, Int)])
  func rules(
    _ method: String, _ fields: [(String, String)], _ authority: String, _ status: Int
  ) async throws {
    try await run { gateway, client in
      client.request(
        "/\(gateway.key.text)/larder/browser.js", method, fields, authority: authority,
        isWhole: fields.first?.0 != "content-length")
      #expect(await client.status() == status)
      // The refusal was the stream's.
      client.request("/\(gateway.key.text)/larder/browser.js", on: 3)
      #expect(await client.status(on: 3) == 200)
    }
  }

  @Test("takes no body")
  func body() async throws {
    try await run { gateway, client in
      client.request("/\(gateway.key.text)/larder/browser.js", isWhole: false)
      client.data("a=1")
      // The answer to the head may be on its way by then.
      #expect([200, 413].contains(await client.status()))
    }
  }

  @Test("ends where streams are opened and reset in a row, and nobody else's")
  func rapidReset() async throws {
    let files = files
    try await run { gateway, client in
      let path = "/\(gateway.key.text)/larder/browser.js"
      for index in 0..<2_000 {
        client.request(path, on: 2 * index + 1)
        client.send(.rstStream(.cancel), on: 2 * index + 1)
      }
      await client.end()
      let other = try await SecureClient.connect(to: gateway.port, trusting: files)
      other.request(path)
      #expect(await other.status() == 200)
      other.close()
    }
  }

  @Test("ends where settings or pings come without end", arguments: [true, false])
  func flood(_ isPing: Bool) async throws {
    try await run { _, client in
      for number in 0..<5_000 {
        client.send(
          isPing
            ? .ping(HTTP2PingData(withInteger: UInt64(number)), ack: false)
            : .settings(
              .settings([HTTP2Setting(parameter: .maxFrameSize, value: 16_384 + number)])),
          on: 0)
      }
      await client.end()
    }
  }

  @Test("gives a stream up whose reader has no room for long")
  func stalled() async throws {
    var limits = Self.patient
    limits.writeTimeout = .milliseconds(200)
    let files = files
    try await TestGateway.run(limits: limits, certificate: certificate) { gateway in
      let digest = try await gateway.put(Self.style)
      let client = try await SecureClient.connect(to: gateway.port, trusting: files, window: 0)
      client.request("/\(gateway.key.text)/blobs/sha256/\(digest.hex)")
      await client.end(of: 1)
      client.close()
    }
  }

  @Test("gives a request up whose end does not come")
  func unfinished() async throws {
    var limits = GatewayLimits()
    limits.headTimeout = .seconds(2)
    try await run(limits: limits) { gateway, client in
      client.request("/\(gateway.key.text)/larder/browser.js", isWhole: false)
      await client.end(of: 1)
    }
  }

  @Test("is not the one that has all the streams")
  func crowded() async throws {
    var limits = Self.patient
    limits.streamsMax = 2
    let files = files
    try await TestGateway.run(limits: limits, certificate: certificate) { gateway in
      let digest = try await gateway.put(Self.style)
      let path = "/\(gateway.key.text)/blobs/sha256/\(digest.hex)"
      let slow = try await SecureClient.connect(to: gateway.port, trusting: files, window: 0)
      for stream in [1, 3] { slow.request(path, on: stream) }
      for stream in [1, 3] { #expect(await slow.status(on: stream) == 200) }
      let client = try await SecureClient.connect(to: gateway.port, trusting: files)
      client.request(path)
      #expect(await client.status() == 503)
      slow.close()
      // Theirs are free again when their connection has ended.
      var stream = 3
      while stream < 20_000 {
        client.request(path, on: stream)
        if await client.status(on: stream) == 200 { break }
        stream += 2
      }
      #expect(stream < 20_000)
      client.close()
    }
  }

  @Test("is closed where the handshake does not come")
  func silent() async throws {
    var limits = GatewayLimits()
    limits.headTimeout = .milliseconds(200)
    try await TestGateway.run(limits: limits, certificate: certificate) { gateway in
      let port = gateway.port
      let received = try await blocking { try RawConnection(port: port).receiveAll() }
      #expect(received.isEmpty)
    }
  }

  @Test("is proved with the certificate that lies there now")
  func renewed() async throws {
    let files = files
    try await TestGateway.run(limits: Self.patient, certificate: certificate) { gateway in
      let old = try await SecureClient.connect(to: gateway.port, trusting: files)
      old.request("/\(gateway.key.text)/larder/browser.js")
      #expect(await old.status() == 200)
      try files.renew()
      // The one before is not trusted any more.
      var status = 0
      while status != 200 {
        let client = try await SecureClient.connect(to: gateway.port, trusting: files)
        client.request("/\(gateway.key.text)/larder/browser.js")
        status = await client.status()
        client.close()
      }
      old.request("/\(gateway.key.text)/larder/browser.js", on: 3)
      #expect(await old.status(on: 3) == 200)
      old.close()
    }
  }
}
