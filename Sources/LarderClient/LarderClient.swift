import LarderCore
package import LarderWire

/// A client of the machine's Larder daemon: blobs by their SHA-256, kept once for all programs.
///
/// One client serves a whole program. Its calls may be made from any number of tasks at the same
/// time: they share one connection, on which up to 64 requests are under way at once, answered in
/// any order; further ones wait for their turn. No thread of Swift's pool is blocked: a thread of
/// the client's own waits for the socket.
///
/// ```swift
/// let client = LarderClient(environment: ProcessInfo.processInfo.environment)
/// let stored = try await client.put(Array("hello".utf8))
/// let bytes = try await client.get(stored.digest)
/// ```
///
/// **Without a daemon** a program goes on: reads (`has`, `get`, `map`, `entry`, `open`) find nothing,
/// at once, and all other calls fail with an error whose `isUnavailable` is true.
/// `Options.readsWithoutDaemon` tells a miss from that where it matters.
///
/// **Connections** are made when something is called, and again when one was lost. What was under
/// way then has ended, a read as a miss; it is not asked again. While the daemon cannot be reached,
/// calls fail without an attempt for a pause of 20 ms, twice as long after each failure and 5 s at
/// most (`Options.reconnectPauseMax`), less up to half of it by chance.
///
/// **Cancelling** a task ends its call with `cancelled` at once. The daemon finishes what it was
/// asked; the request counts among the 64 until then.
public final class LarderClient: Sendable {
  let options: Options
  let place: DaemonPlace
  private let link = Locked(Link.idle)

  /// The thread, if something was called.
  private enum Link {
    case idle
    case running(Mailbox)
    case closed
  }

  /// A client of the daemon that the environment names: `LARDER=off` none, else `LARDER_SOCKET`,
  /// the user's, or the machine's.
  ///
  /// - Parameter environment: the process's; this library reads none by itself. Of the user's and
  ///   the machine's socket, the one that exists is taken each time that a connection is made.
  public convenience init(environment: [String: String], options: Options = Options()) {
    self.init(at: DaemonPlace(environment: environment), options)
  }

  /// A client of the daemon that listens at a path.
  public convenience init(socketPath: String, options: Options = Options()) {
    self.init(at: .path(socketPath), options)
  }

  init(at place: DaemonPlace, _ options: Options) {
    self.place = place
    self.options = options
  }

  deinit { close() }

  /// Ends the connection and the thread. What is under way ends as where a connection is lost, and
  /// so does everything that is called later. A client that nobody holds any longer closes itself.
  public func close() {
    let link = link.withLock { link in
      defer { link = .closed }
      return link
    }
    if case .running(let mailbox) = link { mailbox.close() }
  }

  /// Looks at the clock (`Options.now`), whatever it said before.
  func checkDeadlines() {
    if case .running(let mailbox) = link.withLock({ $0 }) { mailbox.wake() }
  }

  // MARK: - Calls

  /// Asks, and suspends until the whole reply is there.
  ///
  /// - Parameter silenceMax: how long nothing may come for it; nil for ever.
  func ask<Reader: ReplyReader>(
    _ verb: Verb, _ body: [UInt8], _ reader: Reader, silenceMax: Duration?,
    waitsForDaemon: Bool = false
  ) async throws(ClientError) -> Reader.Answer {
    guard body.count <= WireLimits.frameBodyMax else {
      throw ClientError(tooLarge: body.count, verb)
    }
    let reply = TaskReply(reader)
    let call = Call(
      verb: verb, body: body, silenceMax: silenceMax, waitsForDaemon: waitsForDaemon, reply: reply)
    return try await suspend(for: call) { reply.begin($0) }
  }

  /// As `ask`, for JSON.
  ///
  /// - Throws: what the daemon answers, or why there is no answer.
  package func control<Answer: Decodable>(
    _ verb: Verb, _ request: some Encodable, as answer: Answer.Type = Answer.self
  ) async throws(ClientError) -> Answer {
    let text = try await ask(
      verb, JSONBody.encode(request), JoinedReader(), silenceMax: options.replyTimeout)
    return try JSONBody.decode(from: text, verb: verb)
  }

  /// Hands a call over, and suspends until its reply resumes the task that `begin` gets.
  func suspend<Answer: Sendable>(
    for call: Call, _ begin: (CheckedContinuation<Result<Answer, ClientError>, Never>) -> Void
  ) async throws(ClientError) -> Answer {
    let mailbox = try mailbox()
    return try await withTaskCancellationHandler {
      await withCheckedContinuation { task in
        begin(task)
        hand(call, to: mailbox)
      }
    } onCancel: {
      _ = mailbox.post(.cancel(call.reply))
    }.get()
  }

  /// Hands a call over.
  func hand(_ call: Call, to mailbox: Mailbox) {
    guard mailbox.post(.call(call)) else { return call.reply.end(.closed) }
    // A cancellation that came before the call did not find it.
    if Task.isCancelled { _ = mailbox.post(.cancel(call.reply)) }
  }

  /// Where calls are handed over; starts the thread for the first.
  ///
  /// - Throws: `noDaemon` with `LARDER=off`; where the client is closed, or the process has no
  ///   descriptors left.
  func mailbox() throws(ClientError) -> Mailbox {
    if case .off = place { throw ClientError.off }
    return try link.withLock { (link) throws(ClientError) in
      switch link {
      case .running(let mailbox): return mailbox
      case .closed: throw ClientError.closed
      case .idle:
        let mailbox = try Mailbox()
        Loop.start(mailbox, place: place, options: options)
        link = .running(mailbox)
        return mailbox
      }
    }
  }
}
