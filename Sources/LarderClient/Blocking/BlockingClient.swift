import LarderCore
package import LarderMessages
package import LarderWire

/// One connection to a daemon, with calls that block until they are answered: for the command line,
/// which has one thread and nothing to do meanwhile. Programs use `LarderClient`.
///
/// Used by one thread at a time. An error that the daemon answers leaves the connection usable;
/// `connectionLost`, `timedOut`, `malformedReply` and an error thrown by a `body` in the middle of
/// a reply end it, and every later call fails with `connectionLost`.
package final class BlockingClient {
  /// How the client presents itself and how long it waits.
  package struct Options: Sendable {
    /// Program and version, for the daemon's log.
    package var name: String
    /// How long the daemon may send nothing while an answer is due, or read nothing. A release that
    /// is fetched before it is answered for takes this long at most: five minutes.
    package var replyTimeout: Duration

    /// The defaults of the command line.
    package init(name: String? = nil, replyTimeout: Duration = .seconds(300)) {
      self.name = name ?? "LarderClient/\(LarderVersion.current)"
      self.replyTimeout = replyTimeout
    }
  }

  /// Where the daemon listens.
  package let socketPath: String
  /// What the daemon said about itself, its realm and its limits.
  package private(set) var hello: HelloMessage.Reply
  /// Frames sent since the connection was made, by verb; a PUT counts each of its frames.
  package private(set) var framesSent: [Verb: Int] = [:]

  let options: Options
  /// How long the daemon may send nothing while an answer is due; nil for ever.
  var silenceMax: Duration?
  private let connection: Connection
  private var failure: ClientError?

  /// Connects to the socket at `path` and shakes hands.
  ///
  /// - Throws: `noDaemon` where nobody listens; what the daemon refuses the connection with.
  package init(path: String, options: Options = Options()) throws(ClientError) {
    connection = try Connection(to: path, waits: true)
    socketPath = path
    self.options = options
    silenceMax = options.replyTimeout
    hello = HelloMessage.Reply(
      protocol: 0, server: "", realm: "", capabilities: [],
      limits: HelloMessage.Limits(
        frameBodyMax: WireLimits.frameBodyMax, requestsInFlightMax: 1,
        digestsMax: WireLimits.digestsMax, blobSizeMax: WireLimits.blobSizeMax, sessionsMax: 0,
        slabsMax: 0, descriptorsPerFrameMax: 0))
    hello = try control(
      .hello,
      HelloMessage.Request(
        protocol: [ProtocolVersion.current, ProtocolVersion.current], client: options.name))
  }

  /// Connects to the daemon that the environment names (docs/protocol.md, Transport).
  ///
  /// - Parameter environment: the process's; the library reads none by itself.
  /// - Throws: `noDaemon` with `LARDER=off` and where nobody listens.
  package static func connect(
    environment: [String: String], options: Options = Options()
  ) throws(ClientError) -> BlockingClient {
    try BlockingClient(path: DaemonPlace(environment: environment).path(), options: options)
  }

  /// The realm that the socket leads to.
  package var realm: String { hello.realm }

  /// Frames sent since the connection was made, all verbs together.
  package var framesSentTotal: Int { framesSent.values.reduce(0, +) }

  // MARK: - Requests

  /// Sends a JSON request and waits for its JSON reply, joined if it takes several frames.
  ///
  /// - Parameter verb: one whose request and reply are JSON.
  /// - Throws: what the daemon answers, or why there is no answer.
  package func control<Reply: Decodable>(
    _ verb: Verb, _ request: some Encodable, as reply: Reply.Type = Reply.self
  ) throws(ClientError) -> Reply {
    try JSONBody.decode(reply, from: exchange(verb, body: JSONBody.encode(request)), verb: verb)
  }

  /// Asks for what takes no request, as STATS does, and waits for the JSON reply.
  ///
  /// - Throws: what the daemon answers, or why there is no answer.
  package func control<Reply: Decodable>(
    _ verb: Verb, as reply: Reply.Type = Reply.self
  ) throws(ClientError) -> Reply {
    try JSONBody.decode(reply, from: exchange(verb, body: []), verb: verb)
  }

  /// Sends one frame and returns the joined body of its reply.
  package func exchange(_ verb: Verb, body: [UInt8]) throws(ClientError) -> [UInt8] {
    let id = try begin(verb)
    try send(verb, [], id: id, body: body)
    var reader = JoinedReader()
    try receive(id) { (_, bytes) throws(ClientError) in try reader.append(bytes) }
    return reader.answer()
  }

  /// Whether the connection was not given up.
  var isUsable: Bool { failure == nil }

  /// Opens a request.
  func begin(_ verb: Verb) throws(ClientError) -> UInt64 {
    if let failure { throw failure }
    return connection.begin(verb)
  }

  /// Takes the frames of one reply until its last; an ERROR among them is thrown.
  func receive(
    _ id: UInt64,
    _ body: (ReplyFrame, UnsafeRawBufferPointer) throws(ClientError) -> Void
  ) throws(ClientError) {
    var isDone = false
    while !isDone {
      // Without its further frames the next reply could not be read either.
      var failure: ClientError?
      try takeFrame { (frame, bytes) throws(ClientError) in
        isDone = frame.isLast
        guard frame.id == id else {
          throw ClientError(WireError(.protocolViolation, "a reply to another request"))
        }
        do throws(ClientError) {
          if frame.isError { throw ClientError(decoding: bytes) }
          try body(frame, bytes)
        } catch {
          guard frame.isLast else { throw error }
          failure = error
        }
      }
      if let failure { throw failure }
    }
  }

  /// Whether the daemon has sent something that was not taken yet; does not block.
  func hasInput() throws(ClientError) -> Bool {
    if connection.hasUnused { return true }
    return try lost { () throws(ClientError) in
      try connection.wait(toRead: true, timeoutMilliseconds: 0)
    }
  }

  /// Makes the connection unusable and returns the error that says so.
  func giveUp(_ error: ClientError) -> ClientError {
    if failure == nil {
      failure = ClientError(
        code: .connectionLost, message: "the connection was given up before: \(error.message)",
        remedy: "connect again")
      connection.shutdown()
    }
    return error
  }

  // MARK: - Frames

  /// Sends one frame whole.
  func send(
    _ verb: Verb, _ flags: FrameFlags, id: UInt64, head: [UInt8] = [],
    body: UnsafeRawBufferPointer
  ) throws(ClientError) {
    if let failure { throw failure }
    framesSent[verb, default: 0] += 1
    var start: [UInt8] = []
    FrameHeader(verb: verb, flags: flags, requestID: id, length: head.count + body.count)
      .append(to: &start)
    start += head
    // Header and a short body leave in one call; a long body is not copied for that.
    let isShort = body.count <= 4096
    if isShort { start += body }
    try start.withUnsafeBufferPointer { (bytes) throws(ClientError) in
      try write(UnsafeRawBufferPointer(bytes))
    }
    if !isShort { try write(body) }
  }

  func send(
    _ verb: Verb, _ flags: FrameFlags, id: UInt64, body: [UInt8]
  ) throws(ClientError) {
    guard body.count <= WireLimits.frameBodyMax else {
      throw giveUp(ClientError(tooLarge: body.count, verb))
    }
    try body.withUnsafeBufferPointer { (bytes) throws(ClientError) in
      try send(verb, flags, id: id, body: UnsafeRawBufferPointer(bytes))
    }
  }

  private func write(_ bytes: UnsafeRawBufferPointer) throws(ClientError) {
    var sent = 0
    while sent < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[sent...])
      switch try lost({ () throws(ClientError) in try connection.write(rest) }) {
      case 0: try wait(toRead: false)
      case .some(let count): sent += count
      case nil:
        // The daemon may have said why before it closed: an ERROR, or nothing until the end.
        while true {
          try takeFrame { (frame, bytes) throws(ClientError) in
            if frame.isError { throw ClientError(decoding: bytes) }
          }
        }
      }
    }
  }

  /// Waits for the next frame and lends it; an error of `body` ends the connection.
  private func takeFrame(
    _ body: (ReplyFrame, UnsafeRawBufferPointer) throws(ClientError) -> Void
  ) throws(ClientError) {
    if let failure { throw failure }
    while try !lost({ () throws(ClientError) in try connection.takeFrame(body) }) {
      switch try lost({ () throws(ClientError) in try connection.read() }) {
      case .bytes: continue
      case .nothing: try wait(toRead: true)
      case .ended: throw giveUp(.ended(at: socketPath))
      }
    }
  }

  private func wait(toRead: Bool) throws(ClientError) {
    let patience = toRead ? silenceMax : options.replyTimeout
    // poll(2) waits for ever with -1.
    let milliseconds =
      patience.map { Int32(min(max(0, $0 / .milliseconds(1)), Double(Int32.max))) } ?? -1
    let isReady = try lost { () throws(ClientError) in
      try connection.wait(toRead: toRead, timeoutMilliseconds: milliseconds)
    }
    if !isReady {
      throw giveUp(.silent(at: socketPath, for: patience ?? .zero, read: !toRead))
    }
  }

  private func lost<Result>(
    _ body: () throws(ClientError) -> Result
  ) throws(ClientError) -> Result {
    do { return try body() } catch { throw giveUp(error) }
  }
}
