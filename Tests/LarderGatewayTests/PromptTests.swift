import LarderCore
import LarderMessages
import LarderMetrics
import NIOCore
import NIOEmbedded
import NIOHTTP1
import OriginRig
import Testing

@testable import LarderGateway

@Suite("A file that was sent before")
struct PromptTests {
  private static let target = "/key/remotes/nav@1/route.js"

  /// A connection without a socket, with the gateway's rules, that sees what is passed on.
  private final class Line {
    let channel = EmbeddedChannel()
    let files = PromptFiles()
    let dam = Dam()
    private(set) var hasEnded = false

    /// - Parameter source: of the only file, which is asked for in gzip.
    init(_ gateway: TestGateway, source: Digest, body: String) throws {
      let representation = Representation(
        .bytes(Array(body.utf8)), source, type: "text/javascript", lifetime: .content,
        phase: "file", source: source)
      if let key = PromptFile.Key(target: target, codings: "gzip") {
        files.keep(
          PromptFile(
            representation, of: source, ByteBuffer(string: body), as: Answer(), isPublic: false),
          key)
      }
      let callers = CallerRules(hosts: [], origins: [TestGateway.origin])
      let content = PageContent(
        service: gateway.service, peer: gateway.peer, overrides: Overrides(at: nil),
        compresses: false)
      let responder = Responder(
        callers: callers, mount: .path([]), content: content, prompt: files,
        watch: AnswerWatch(instruments: GatewayInstruments(Instruments()), log: nil))
      let host = VirtualHosts.VirtualHost(responder, server: "larderd/test")
      let connection = ConnectionGuard(GatewayLimits(), now: channel.eventLoop.now)
      let bytes = ByteWatch(telling: connection)
      let pipeline = channel.pipeline.syncOperations
      try pipeline.addHandler(dam)
      try pipeline.addHandler(bytes)
      try pipeline.configureHTTPServerPipeline(
        withPipeliningAssistance: false, withErrorHandling: false)
      try pipeline.addHandler(connection)
      try pipeline.addHandler(
        PromptAnswers(VirtualHosts(others: host), on: connection, bytes))
      try pipeline.addHandler(EndWatch { [weak self] in self?.hasEnded = true })
      try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    /// A peer that reads nothing as long as it is shut.
    final class Dam: ChannelOutboundHandler {
      typealias OutboundIn = ByteBuffer
      typealias OutboundOut = ByteBuffer
      var isShut = false
      private var held: [EventLoopPromise<Void>] = []

      func write(
        context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?
      ) {
        if isShut, let promise {
          held.append(promise)
        } else {
          context.write(data, promise: promise)
        }
      }

      func open() { for promise in held { promise.succeed() } }
    }

    private final class EndWatch: ChannelInboundHandler {
      typealias InboundIn = HTTPServerRequestPart
      private let body: () -> Void
      init(_ body: @escaping () -> Void) { self.body = body }
      func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event as? ChannelEvent == .inputClosed { body() }
      }
    }

    /// Sends a request, in one piece with those that follow until `finishReading`.
    func ask(
      _ target: String = PromptTests.target, _ method: HTTPMethod = .GET,
      host: String = "localhost", codings: String = "gzip", _ fields: [(String, String)] = []
    ) {
      let fields = [("Host", host), ("Accept-Encoding", codings)] + fields
      let lines = fields.map { "\($0): \($1)\r\n" }.joined()
      channel.pipeline.fireChannelRead(
        ByteBuffer(string: "\(method) \(target) HTTP/1.1\r\n\(lines)\r\n"))
    }

    func finishReading() { channel.pipeline.fireChannelReadComplete() }

    /// Whether a whole request was passed on since the last time.
    func wasPassedOn() throws -> Bool {
      guard let head = try channel.readInbound(as: HTTPServerRequestPart.self) else { return false }
      let end = try channel.readInbound(as: HTTPServerRequestPart.self)
      if case .head = head, case .end = end { return true }
      return false
    }

    /// All that was answered since the last time.
    func answers() throws -> [RawReply] {
      var bytes: [UInt8] = []
      while let piece = try channel.readOutbound(as: ByteBuffer.self) {
        bytes += Array(buffer: piece)
      }
      return try RawReply.all(in: bytes, isHead: false)
    }

    deinit { _ = try? channel.finish(acceptAlreadyClosed: true) }
  }

  private static func line(
    _ text: String = "route", _ body: @Sendable @escaping (Line) throws -> Void
  ) async throws {
    try await TestGateway.run { gateway in
      let source = try await gateway.put(Array("source".utf8))
      try body(try Line(gateway, source: source, body: text))
    }
  }

  @Test("is sent again without asking anybody, to who may read it")
  func again() async throws {
    try await Self.line { (line) throws in
      for origin in [nil, TestGateway.origin] {
        let fields = origin.map { [("Origin", $0), ("Sec-Fetch-Site", "cross-site")] } ?? []
        line.ask(Self.target, .GET, fields)
        line.ask(Self.target, .GET, fields)
        line.finishReading()
        let replies = try line.answers()
        #expect(replies.count == 2)
        for reply in replies {
          #expect(reply.status == 200 && reply.text == "route")
          #expect(reply.fields["content-length"] == "5")
          #expect(reply.fields["access-control-allow-origin"] == origin)
          #expect(reply.fields["server-timing"]?.hasPrefix("file;dur=") == true)
        }
        #expect(try !line.wasPassedOn())
      }
      // As behind any other answer.
      line.channel.embeddedEventLoop.advanceTime(by: GatewayLimits().idleTimeout)
      #expect(!line.channel.isActive)
    }
  }

  @Test(
    "is nothing for requests that ask for something else, or that nobody answers",
    arguments: [
      Question(method: .HEAD), Question(target: "/key/remotes/nav@1/other.js"),
      Question(target: "\(target)?1"), Question(codings: "br"), Question(host: "evil.example"),
      Question(("Range", "bytes=0-1")), Question(("RANGE", "bytes=0-1")),
      Question(("If-None-Match", "\"1\"")), Question(("if-match", "\"1\"")),
      Question(("If-Range", "\"1\"")), Question(("If-Modified-Since", "yesterday")),
      Question(("Origin", "https://evil.example")), Question(("Connection", "close")),
      Question(("Sec-Fetch-Site", "cross-site")),
      Question(("sec-fetch-site", "of sorts")), Question(("Accept-Encoding", "br")),
      Question(("Sec-Fetch-Site", "cross-site"), ("Referer", "https://evil.example/")),
    ])
  func others(_ question: Question) async throws {
    try await Self.line { (line) throws in
      // Who was let in before makes no difference.
      line.ask()
      line.finishReading()
      #expect(try line.answers().count == 1)
      line.ask(
        question.target, question.method, host: question.host, codings: question.codings,
        question.fields)
      line.finishReading()
      #expect(try line.wasPassedOn())
      #expect(try line.answers().isEmpty)
    }
  }

  struct Question: Sendable, CustomTestStringConvertible {
    var method = HTTPMethod.GET
    var target = PromptTests.target
    var host = "localhost"
    var codings = "gzip"
    let fields: [(String, String)]
    var testDescription: String { "\(method) \(target) \(host) \(codings) \(fields)" }

    init(
      method: HTTPMethod = .GET, target: String = PromptTests.target, codings: String = "gzip",
      host: String = "localhost", _ fields: (String, String)...
    ) {
      (self.method, self.target, self.codings, self.host) = (method, target, codings, host)
      self.fields = fields
    }
  }

  @Test("does not overtake the answer to an earlier request")
  func order() async throws {
    try await Self.line { (line) throws in
      line.ask("/key/plan")
      line.ask()
      line.finishReading()
      #expect(try line.wasPassedOn())
      #expect(try line.wasPassedOn())
      for _ in 0..<2 {
        #expect(try line.answers().isEmpty)
        let head = HTTPResponseHead(
          version: .http1_1, status: .ok, headers: ["content-length": "0"])
        line.channel.write(HTTPServerResponsePart.head(head), promise: nil)
        line.channel.writeAndFlush(HTTPServerResponsePart.end(nil), promise: nil)
        let texts = try line.answers().map(\.text)
        #expect(texts == [""])
      }
      line.ask()
      line.finishReading()
      let texts = try line.answers().map(\.text)
      #expect(texts == ["route"])
    }
  }

  @Test("waits where the peer reads nothing")
  func unread() async throws {
    try await Self.line { (line) throws in
      line.channel.isWritable = false
      line.ask()
      #expect(try line.wasPassedOn())
    }
  }

  @Test("leaves with others, and at once where it is large")
  func together() async throws {
    try await Self.line { (line) throws in
      line.ask()
      line.ask()
      #expect(try line.answers().isEmpty)
      line.finishReading()
      #expect(try line.answers().count == 2)
    }
    try await Self.line(String(repeating: "r", count: PromptAnswers.unsentBytesMax)) {
      (line) throws in
      line.ask()
      #expect(try line.answers().count == 1)
    }
  }

  @Test("is written before those behind hear that the peer has ended")
  func ended() async throws {
    try await Self.line { (line) throws in
      line.dam.isShut = true
      line.ask()
      line.finishReading()
      line.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
      #expect(!line.hasEnded)
      line.dam.open()
      #expect(line.hasEnded)
    }
  }

  @Test("is looked for again once its content cannot be read")
  func gone() async throws {
    try await TestGateway.run { gateway in
      let source = try #require(Digest([UInt8](repeating: 7, count: 32)))
      let line = try Line(gateway, source: source, body: "route")
      line.ask()
      #expect(try line.wasPassedOn())
      let key = try #require(PromptFile.Key(target: Self.target, codings: "gzip"))
      #expect(line.files.file(key) == nil)
    }
  }

  @Test("comes with the fields that it came with first", arguments: [nil, TestGateway.origin])
  func same(_ origin: String?) async throws {
    try await TestGateway.run { gateway in
      let release = try await gateway.publish(Deploy(name: "nav", loading: "jsonp"))
      for path in ["route.js", "remoteEntry.js", "unused.png"] {
        let target = "/remotes/nav@\(release.release)/\(path)"
        let fields = origin.map { ["Origin: \($0)", "Sec-Fetch-Site: cross-site"] } ?? []
        let first = try await gateway.exchange(
          gateway.head(target, "GET", host: "localhost", fields))
        let key = try #require(
          PromptFile.Key(target: "/\(gateway.key.text)\(target)", codings: nil))
        #expect(gateway.prompt.file(key) != nil)
        let second = try await gateway.exchange(
          gateway.head(target, "GET", host: "localhost", fields)
            + gateway.head(target, "GET", host: "localhost", fields))
        for reply in second {
          #expect(reply.status == 200 && reply.body == first.first?.body)
          #expect(Self.stable(reply) == first.first.map(Self.stable))
        }
        #expect(second.count == 2)
      }
    }
  }

  /// Its fields, without what the time makes of them.
  private static func stable(_ reply: RawReply) -> [String: String] {
    var fields = reply.fields
    // The first peer had ended before it was answered.
    fields["connection"] = nil
    fields["date"] = fields["date"].map { String($0.suffix(4)) }
    fields["server-timing"] = fields["server-timing"].map { String($0.prefix { $0 != "=" }) }
    return fields
  }

  @Test("stays for as long as there is room, and longer if it is asked for")
  func room() throws {
    let source = try #require(Digest([UInt8](repeating: 7, count: 32)))
    // Two of them in each generation.
    let files = PromptFiles(bytesMax: 4 * (1_000 + 2_048))
    let keys = try (0..<6).map { try #require(PromptFile.Key(target: "/\($0)", codings: nil)) }
    for key in keys[..<4] { files.keep(Self.file(source, 1_000), key) }
    #expect(files.file(keys[0]) != nil)
    files.keep(Self.file(source, 1_000), keys[4])
    #expect(files.file(keys[1]) == nil)
    // The last of these moves to the young generation, and the other of the old one goes.
    for place in [0, 4, 2] { #expect(files.file(keys[place]) != nil) }
    #expect(files.file(keys[3]) == nil)
    files.keep(Self.file(source, 4_048), keys[5])
    #expect(files.file(keys[5]) != nil)
    files.keep(Self.file(source, 4_049), keys[1])
    #expect(files.file(keys[1]) == nil)
  }

  private static func file(_ source: Digest, _ size: Int) -> PromptFile {
    let body = ByteBuffer(repeating: 1, count: size)
    return PromptFile(
      Representation(
        .bytes(Array(buffer: body)), source, type: "image/png", lifetime: .content, phase: "file",
        source: source), of: source, body, as: Answer(), isPublic: false)
  }

  @Test("says when, as HTTP writes it")
  func date() {
    let field = DateField()
    #expect(field.value(at: 784_111_777) == "Sun, 06 Nov 1994 08:49:37 GMT")
    #expect(field.value(at: 784_111_778) == "Sun, 06 Nov 1994 08:49:38 GMT")
    #expect(field.value(at: 4_107_542_399) == "Sun, 28 Feb 2100 23:59:59 GMT")
  }
}
