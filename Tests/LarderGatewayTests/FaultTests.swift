import LarderCore
import LarderOrigin
import LarderService
import MetricsRig
import NIOCore
import OriginRig
import Testing

@testable import LarderGateway

@Suite("The gateway, where origins and clients fail")
struct FaultTests {
  /// An origin of one deploy, whose files can be spoiled; its description comes as it is.
  private final class Origin: Sendable {
    let deploy = Deploy(name: "nav", loading: "jsonp")
    let http: TestOrigin
    private let spoiled: Locked<(@Sendable (String) -> [TestOrigin.Step]?)?>

    init() async throws {
      let (deploy, spoiled) = (deploy, Locked<(@Sendable (String) -> [TestOrigin.Step]?)?>(nil))
      self.spoiled = spoiled
      http = try await TestOrigin { request, _ in
        let path = String(request.path.dropFirst())
        if let steps = spoiled.withLock({ $0 })?(path) { return steps }
        guard let bytes = deploy.served[path] else {
          return TestOrigin.answer("", status: "404 Not Found")
        }
        return TestOrigin.answer(String(decoding: bytes, as: UTF8.self))
      }
    }

    /// Has every file answered so; nil for as they are.
    func spoil(_ steps: (@Sendable (String) -> [TestOrigin.Step]?)?) {
      spoiled.withLock { $0 = steps }
    }

    /// Registers the deploy without fetching its files.
    func announce(to gateway: TestGateway) async throws {
      _ = try await gateway.service.addRemote("nav", urls: [http.url("/")], for: gateway.peer)
    }
  }

  private static let entry = "/remotes/nav/remoteEntry.js"

  /// Origins that get one try, and little time for it: enough for one that answers, on a machine that
  /// is busy.
  private static func impatient() -> OriginConfiguration {
    var origins = OriginConfiguration()
    origins.limits.attemptsMax = 1
    origins.limits.headMax = .seconds(4)
    origins.limits.failuresMax = .max
    return origins
  }

  @Test(
    "an origin that accepts and says nothing holds its own pages up until the deadline, and no others"
  )
  func hanging() async throws {
    try await TestGateway.run(origins: Self.impatient()) { gateway in
      let origin = try await Origin()
      try await origin.announce(to: gateway)
      let digest = try await gateway.put([1, 2, 3])
      let gate = Gate()
      origin.spoil { _ in [.wait(gate)] }
      let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 0..<8 { group.addTask { try await gateway.get(Self.entry).status } }
        #expect(try await gateway.get("/blobs/sha256/\(digest.hex)").status == 200)
        return try await group.reduce(into: [Int]()) { $0.append($1) }
      }
      #expect(statuses == Array(repeating: 504, count: 8))
      origin.spoil(nil)
      gate.open()
      #expect(try await gateway.get(Self.entry).status == 200)
    }
  }

  @Test(
    "what an origin sends that is not the file is 502 or 507, is not kept, and is asked for again",
    arguments: [
      "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nfunction",
      "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n1;\n2;\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 25\r\nContent-Type: text/html\r\n\r\n<!doctype html><p>no</p>\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Encoding: gzip\r\n\r\n\u{1f}bad",
      "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999\r\n\r\n1",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n1",
      "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "not HTTP at all\r\n\r\n",
    ])
  func spoiled(_ answer: String) async throws {
    try await TestGateway.run(origins: Self.impatient()) { gateway in
      let origin = try await Origin()
      try await origin.announce(to: gateway)
      origin.spoil { _ in [.send(answer), .close] }
      let reply = try await gateway.get(Self.entry)
      #expect([502, 504, 507].contains(reply.status), "\(reply)")
      #expect(reply.fields["cache-control"] == "no-store")
      #expect(try await gateway.service.pageReleases(for: gateway.peer).isEmpty)
      origin.spoil(nil)
      let good = try await gateway.get(Self.entry)
      let release = try #require(good.text.firstMatch(of: #/nav@([0-9a-f]{32})/#)?.1)
      for (path, bytes) in origin.deploy.files where path.hasSuffix(".css") {
        #expect(try await gateway.get("/remotes/nav@\(release)/\(path)").body == bytes)
      }
    }
  }

  @Test(
    "an origin that is down is asked a few times, then left alone, then by one, and found again")
  func down() async throws {
    let time = Locked(ContinuousClock.now)
    let timing = Timing(
      now: { time.withLock { $0 } }, sleep: { _ in try Task.checkCancellation() }, random: { 0 })
    var origins = OriginConfiguration()
    origins.limits.attemptsMax = 1
    try await TestGateway.run(origins: origins, timing: timing) { gateway in
      let origin = try await Origin()
      try await origin.announce(to: gateway)
      origin.spoil { _ in TestOrigin.answer("", status: "503 Service Unavailable") }
      // Files of one deploy are asked for together: several fail before the first failure is known.
      repeat {
        #expect(try await gateway.get(Self.entry).status == 502)
      } while try await gateway.restingOrigins() == 0
      let before = origin.http.requests.count
      for _ in 0..<20 { #expect(try await gateway.get(Self.entry).status == 502) }
      #expect(origin.http.requests.count == before)
      time.withLock { $0 += .seconds(1) }
      #expect(try await gateway.get(Self.entry).status == 502)
      #expect(origin.http.requests.count == before + 1)
      origin.spoil(nil)
      time.withLock { $0 += .seconds(30) }
      while try await gateway.get(Self.entry).status != 200 { time.withLock { $0 += .seconds(30) } }
      #expect(try await gateway.restingOrigins() == 0)
    }
  }

  @Test("a page that goes away while its remote is fetched takes nothing from those that stay")
  func left() async throws {
    try await TestGateway.run { gateway in
      let origin = try await Origin()
      try await origin.announce(to: gateway)
      let gate = Gate()
      let (served, asked) = (origin.deploy.served, origin.http.requests.count)
      origin.spoil { path in
        [.wait(gate)] + TestOrigin.answer(String(decoding: served[path] ?? [], as: UTF8.self))
      }
      let (port, head) = (gateway.port, gateway.head(Self.entry))
      try await blocking { try RawConnection(port: port).send(Array(head.utf8)) }
      while origin.http.requests.count == asked { await Task.yield() }
      async let stays = gateway.get(Self.entry)
      gate.open()
      #expect(try await stays.status == 200)
      while try gateway.metrics().value("larder_gateway_connections") != 0 { await Task.yield() }
    }
  }

  @Test("clients that read nothing are closed, and others answered meanwhile")
  func unread() async throws {
    var limits = GatewayLimits()
    limits.writeTimeout = .milliseconds(300)
    try await TestGateway.run(limits: limits) { gateway in
      // More than the sockets' buffers hold.
      let digest = try await gateway.put([UInt8](repeating: 1, count: 16 << 20))
      let small = try await gateway.put([1])
      let (port, head) = (gateway.port, gateway.head("/blobs/sha256/\(digest.hex)"))
      let stuck = try await blocking {
        try (0..<24).map { _ in
          let connection = try RawConnection(port: port)
          connection.send(Array(head.utf8))
          return Stuck(connection)
        }
      }
      #expect(try await gateway.get("/blobs/sha256/\(small.hex)").status == 200)
      while try gateway.metrics().value("larder_gateway_expired_total") != 24 { await Task.yield() }
      while try gateway.metrics().value("larder_gateway_connections") != 0 { await Task.yield() }
      func aborted() throws -> Double? {
        try gateway.metrics().value("larder_gateway_aborted_total", ["route": "blob"])
      }
      while try aborted() != 24 { await Task.yield() }
      withExtendedLifetime(stuck) {}
    }
  }

  /// Held, and not used, by another thread than made it.
  private final class Stuck: Sendable {
    private let connection: Locked<RawConnection>
    init(_ connection: sending RawConnection) { self.connection = Locked(connection) }
  }

  @Test("connections that stay silent after their answer are closed, however many there are")
  func silent() async throws {
    var limits = GatewayLimits()
    limits.idleTimeout = .milliseconds(300)
    try await TestGateway.run(limits: limits) { gateway in
      let (port, head) = (gateway.port, gateway.head("/larder/browser.js", "HEAD"))
      let silent = try await blocking {
        try (0..<200).map { _ in
          let connection = try RawConnection(port: port)
          connection.send(Array(head.utf8))
          _ = try connection.receive()
          return Stuck(connection)
        }
      }
      while try gateway.metrics().value("larder_gateway_expired_total") != 200 {
        await Task.yield()
      }
      while try gateway.metrics().value("larder_gateway_connections") != 0 { await Task.yield() }
      withExtendedLifetime(silent) {}
      #expect(try await gateway.get("/larder/browser.js", "HEAD").status == 200)
    }
  }
}
