import FoundationEssentials
import LarderCore
package import LarderMessages
import LarderPlatform
package import LarderWire
import SystemPackage

/// One connection to a daemon, with calls that block until they are answered.
///
/// Used by one thread at a time. An error that the daemon answers leaves the connection usable;
/// `connectionLost`, `timedOut`, `malformedReply` and an error thrown by a `body` in the middle of
/// a reply end it, and every later call fails with `connectionLost`.
public final class BlockingClient {
  /// How the client presents itself and how long it waits.
  public struct Options: Sendable {
    /// Program and version, for the daemon's log.
    public var name: String
    /// How long the daemon may send nothing while an answer is due, or read nothing. A release that
    /// is fetched before it is answered for takes this long at most: five minutes.
    public var replyTimeout: Duration

    /// The defaults of the command line.
    public init(name: String? = nil, replyTimeout: Duration = .seconds(300)) {
      self.name = name ?? "LarderClient/\(LarderVersion.current)"
      self.replyTimeout = replyTimeout
    }
  }

  /// Where the daemon listens.
  public let socketPath: String
  /// What the daemon said about itself, its realm and its limits.
  package private(set) var hello: HelloMessage.Reply
  /// Frames sent since the connection was made, by verb; a PUT counts each of its frames.
  package private(set) var framesSent: [Verb: Int] = [:]

  let options: Options
  /// How long the daemon may send nothing while an answer is due; nil for ever.
  var silenceMax: Duration?
  private let socket: SocketDescriptor
  private var buffer = FrameBuffer()
  var slabs = SlabTable()
  private var state = ClientConnectionState()
  private var failure: ClientError?

  /// Connects to the socket at `path` and shakes hands.
  ///
  /// - Throws: `noDaemon` where nobody listens; what the daemon refuses the connection with.
  public init(path: String, options: Options = Options()) throws(ClientError) {
    do {
      socket = try SocketDescriptor.connect(to: FilePath(path))
      try socket.setNonBlocking()
    } catch {
      throw ClientError.noDaemon(at: path, because: error)
    }
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
  public static func connect(
    environment: [String: String], options: Options = Options()
  ) throws(ClientError) -> BlockingClient {
    switch SocketPath.discover(environment: environment) {
    case .off:
      throw ClientError(
        code: .noDaemon, message: "LARDER=off says to work without a daemon",
        remedy: "unset LARDER")
    case .path(let path):
      return try BlockingClient(path: path.string, options: options)
    }
  }

  /// The realm that the socket leads to.
  public var realm: String { hello.realm }

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
    try decode(reply, from: exchange(verb, body: encode(request)), verb: verb)
  }

  /// Asks for what takes no request, as STATS does, and waits for the JSON reply.
  ///
  /// - Throws: what the daemon answers, or why there is no answer.
  package func control<Reply: Decodable>(
    _ verb: Verb, as reply: Reply.Type = Reply.self
  ) throws(ClientError) -> Reply {
    try decode(reply, from: exchange(verb, body: []), verb: verb)
  }

  /// Sends one frame and returns the joined body of its reply.
  package func exchange(_ verb: Verb, body: [UInt8]) throws(ClientError) -> [UInt8] {
    let id = try begin(verb)
    try send(verb, [], id: id, body: body)
    var joined: [UInt8] = []
    try receive(id) { (_, bytes) throws(ClientError) in
      guard joined.count + bytes.count <= WireLimits.jsonReplyMax else {
        throw ClientError(WireError(.malformedFrame, "a reply above 64 MiB"))
      }
      joined.append(contentsOf: bytes)
    }
    return joined
  }

  /// Whether the connection was not given up.
  var isUsable: Bool { failure == nil }

  /// Opens a request.
  func begin(_ verb: Verb) throws(ClientError) -> UInt64 {
    if let failure { throw failure }
    return state.begin(verb)
  }

  /// Takes the frames of one reply until its last; an ERROR among them is thrown.
  func receive(
    _ id: UInt64,
    _ body: (ReplyFrame, UnsafeRawBufferPointer) throws(ClientError) -> Void
  ) throws(ClientError) {
    var isDone = false
    while !isDone {
      isDone = try receiveFrame(id, body)
    }
  }

  /// Whether the daemon has sent something that was not taken yet; does not block.
  func hasInput() throws(ClientError) -> Bool {
    if buffer.count > 0 { return true }
    return try lost { () throws(SystemCallError) in
      try socket.wait(toRead: true, timeoutMilliseconds: 0)
    }
  }

  /// Makes the connection unusable and returns the error that says so.
  func giveUp(_ error: ClientError) -> ClientError {
    if failure == nil {
      failure = ClientError(
        code: .connectionLost, message: "the connection was given up before: \(error.message)",
        remedy: "connect again")
      // The daemon ends what this connection had begun as soon as it reads the end.
      socket.shutdownBoth()
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
    if body.count <= 4096 {
      start += body
      try start.withUnsafeBufferPointer { (bytes) throws(ClientError) in
        try write(UnsafeRawBufferPointer(bytes))
      }
    } else {
      try start.withUnsafeBufferPointer { (bytes) throws(ClientError) in
        try write(UnsafeRawBufferPointer(bytes))
      }
      try write(body)
    }
  }

  func send(
    _ verb: Verb, _ flags: FrameFlags, id: UInt64, body: [UInt8]
  ) throws(ClientError) {
    guard body.count <= WireLimits.frameBodyMax else {
      throw giveUp(
        ClientError(
          code: Code(.tooLarge),
          message: "a \(verb.name) request of \(body.count) bytes: the limit is 4 MiB"))
    }
    try body.withUnsafeBufferPointer { (bytes) throws(ClientError) in
      try send(verb, flags, id: id, body: UnsafeRawBufferPointer(bytes))
    }
  }

  private typealias Code = ClientError.Code

  private func write(_ bytes: UnsafeRawBufferPointer) throws(ClientError) {
    var sent = 0
    while sent < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[sent...])
      let transfer = try lost { () throws(SystemCallError) in try socket.write(rest) }
      switch transfer {
      case .bytes(let count): sent += count
      case .wouldBlock: try wait(toRead: false)
      case .ended:
        // The daemon may have said why before it closed.
        throw try farewell() ?? giveUp(.ended(at: socketPath))
      }
    }
  }

  private func receiveFrame(
    _ id: UInt64,
    _ body: (ReplyFrame, UnsafeRawBufferPointer) throws(ClientError) -> Void
  ) throws(ClientError) -> Bool {
    switch try step() {
    case .frame(let frame, let consumed):
      guard frame.id == id else {
        throw giveUp(ClientError(WireError(.protocolViolation, "a reply to another request")))
      }
      let bytes = UnsafeRawBufferPointer(rebasing: buffer.unread[frame.body])
      if frame.isError {
        let error = error(in: bytes)
        buffer.consume(consumed)
        throw error
      }
      do {
        if frame.isSlabs { try take(slabs: bytes) } else { try body(frame, bytes) }
      } catch {
        // Without its further frames the next reply could not be read either.
        if !frame.isLast { throw giveUp(error) }
        buffer.consume(consumed)
        throw error
      }
      buffer.consume(consumed)
      return frame.isLast
    case .connectionError(let body):
      throw giveUp(error(in: UnsafeRawBufferPointer(rebasing: buffer.unread[body])))
    case .violation(let error):
      throw giveUp(ClientError(error))
    case .needs:
      preconditionFailure("a step that is whole was asked for")
    }
  }

  /// Reads until the front of the buffer holds something whole.
  private func step() throws(ClientError) -> ClientConnectionState.Step {
    if let failure { throw failure }
    while true {
      let step = state.next(in: buffer.unread)
      guard case .needs(let count) = step else { return step }
      let space = buffer.space(toHold: count)
      let transfer = try lost { () throws(SystemCallError) in
        try socket.read(into: space, adding: &slabs.descriptors)
      }
      switch transfer {
      case .bytes(let count): buffer.append(filled: count)
      case .wouldBlock: try wait(toRead: true)
      case .ended: throw giveUp(.ended(at: socketPath))
      }
    }
  }

  /// The error that the daemon sent before it closed; nil if it sent none.
  private func farewell() throws(ClientError) -> ClientError? {
    while true {
      switch try step() {
      case .frame(let frame, let consumed):
        let bytes = UnsafeRawBufferPointer(rebasing: buffer.unread[frame.body])
        if frame.isError { return giveUp(error(in: bytes)) }
        buffer.consume(consumed)
      case .connectionError(let body):
        return giveUp(error(in: UnsafeRawBufferPointer(rebasing: buffer.unread[body])))
      case .violation, .needs:
        return nil
      }
    }
  }

  private func error(in body: UnsafeRawBufferPointer) -> ClientError {
    do {
      return ClientError(try JSONDecoder().decode(ErrorMessage.self, from: Data(body)))
    } catch {
      return ClientError(WireError(.malformedFrame, "an ERROR without its JSON: \(error)"))
    }
  }

  private func wait(toRead: Bool) throws(ClientError) {
    let patience = toRead ? silenceMax : options.replyTimeout
    // poll(2) waits for ever with -1.
    let milliseconds =
      patience.map { Int32(min(max(0, $0 / .milliseconds(1)), Double(Int32.max))) } ?? -1
    let isReady = try lost { () throws(SystemCallError) in
      try socket.wait(toRead: toRead, timeoutMilliseconds: milliseconds)
    }
    if !isReady {
      throw giveUp(
        ClientError(
          code: .timedOut,
          message: "the daemon at '\(socketPath)' \(toRead ? "sent" : "read") nothing for "
            + "\(patience ?? .zero)",
          remedy: "see what it waits for with 'larder status'", subject: socketPath))
    }
  }

  private func lost<Result>(
    _ body: () throws(SystemCallError) -> Result
  ) throws(ClientError) -> Result {
    do { return try body() } catch { throw giveUp(ClientError(error)) }
  }
}

extension ClientError {
  fileprivate static func ended(at path: String) -> ClientError {
    ClientError(
      code: .connectionLost, message: "the daemon at '\(path)' closed the connection",
      remedy: "see its log, or start it with 'larder up'", subject: path)
  }

  fileprivate static func noDaemon(
    at path: String, because error: SystemCallError
  ) -> ClientError {
    let isAbsent = error.errno == .noSuchFileOrDirectory || error.errno == .connectionRefused
    return ClientError(
      code: .noDaemon,
      message: isAbsent
        ? "no daemon listens at '\(path)'"
        : "cannot connect to the daemon at '\(path)': \(error.errno)",
      remedy: isAbsent ? "start one with 'larder up'" : error.remedy, subject: path)
  }
}
