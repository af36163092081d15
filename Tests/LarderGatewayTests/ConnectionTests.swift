import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import LarderGateway

@Suite("A connection that lets the gateway wait")
struct ConnectionTests {
  private static let request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"

  /// A connection without a socket, whose time the test drives.
  private final class Line {
    let channel = EmbeddedChannel()
    let limits = GatewayLimits()

    init() throws {
      let connection = ConnectionGuard(limits, now: channel.eventLoop.now)
      let pipeline = channel.pipeline.syncOperations
      try pipeline.addHandler(ByteWatch(telling: connection))
      try pipeline.configureHTTPServerPipeline(
        withPipeliningAssistance: false, withErrorHandling: false)
      try pipeline.addHandler(connection)
      try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    func send(_ text: String) throws {
      try channel.writeInbound(ByteBuffer(string: text))
    }

    func pass(_ time: TimeAmount) { channel.embeddedEventLoop.advanceTime(by: time) }

    /// As a responder would.
    func answer() throws {
      while let part = try channel.readInbound(as: HTTPServerRequestPart.self) {
        guard case .end = part else { continue }
        let head = HTTPResponseHead(
          version: .http1_1, status: .ok, headers: ["content-length": "0"])
        channel.write(HTTPServerResponsePart.head(head), promise: nil)
        channel.writeAndFlush(HTTPServerResponsePart.end(nil), promise: nil)
      }
    }

    var isOpen: Bool { channel.isActive }

    /// What it wrote since the last time.
    func written() throws -> String {
      var text = ""
      while let bytes = try channel.readOutbound(as: ByteBuffer.self) {
        text += String(buffer: bytes)
      }
      return text
    }

    deinit { _ = try? channel.finish(acceptAlreadyClosed: true) }
  }

  @Test("is closed if no request comes on it")
  func silent() throws {
    let line = try Line()
    line.pass(line.limits.headTimeout - .milliseconds(1))
    #expect(line.isOpen)
    line.pass(.milliseconds(1))
    #expect(!line.isOpen)
  }

  @Test("is closed if a request comes byte by byte")
  func slow() throws {
    let line = try Line()
    try line.send(Self.request)
    try line.answer()
    // Between requests it may wait longer.
    line.pass(line.limits.idleTimeout - .milliseconds(1))
    #expect(line.isOpen)
    try line.send("G")
    for byte in "ET / HTTP/".utf8 {
      line.pass(.milliseconds(900))
      try line.send(String(decoding: [byte], as: UTF8.self))
      #expect(line.isOpen)
    }
    line.pass(.milliseconds(999))
    #expect(line.isOpen)
    line.pass(.milliseconds(1))
    #expect(!line.isOpen)
  }

  @Test("is closed if nothing comes after an answer")
  func idle() throws {
    let line = try Line()
    try line.send(Self.request)
    // An answer may take its time.
    line.pass(.hours(1))
    #expect(line.isOpen)
    try line.answer()
    line.pass(line.limits.idleTimeout)
    #expect(!line.isOpen)
  }

  @Test("is closed if its peer takes no bytes of an answer")
  func stalled() throws {
    let line = try Line()
    try line.send(Self.request)
    line.channel.isWritable = false
    line.channel.pipeline.fireChannelWritabilityChanged()
    line.pass(line.limits.writeTimeout - .milliseconds(1))
    line.channel.isWritable = true
    line.channel.pipeline.fireChannelWritabilityChanged()
    line.pass(line.limits.writeTimeout)
    #expect(line.isOpen)
    line.channel.isWritable = false
    line.channel.pipeline.fireChannelWritabilityChanged()
    line.pass(line.limits.writeTimeout)
    #expect(!line.isOpen)
  }

  @Test("is closed soon after a refusal, which is said first")
  func refused() throws {
    let line = try Line()
    try line.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\n")
    #expect(try line.written().hasPrefix("HTTP/1.1 405 Method Not Allowed\r\n"))
    try line.send("abcde" + Self.request)
    #expect(try line.written().isEmpty)
    #expect(try line.channel.readInbound(as: HTTPServerRequestPart.self) == nil)
    line.pass(line.limits.lingerTimeout)
    #expect(!line.isOpen)
  }

  @Test("ends at once where the gateway ends, and after its answer where one is due")
  func drained() throws {
    let idle = try Line()
    idle.channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
    idle.pass(idle.limits.lingerTimeout)
    #expect(!idle.isOpen)

    let busy = try Line()
    try busy.send(Self.request)
    busy.channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
    busy.pass(.hours(1))
    #expect(busy.isOpen)
    try busy.answer()
    #expect(try busy.written().contains("connection: close\r\n"))
    busy.pass(busy.limits.lingerTimeout)
    #expect(!busy.isOpen)
  }
}
