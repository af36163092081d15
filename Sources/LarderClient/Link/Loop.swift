import LarderMessages
import LarderPlatform
import LarderWire

/// A client's requests over one connection at a time, on a thread of its own, so that nothing of
/// Swift's cooperative pool waits for a socket.
///
/// ```
///          wanted, pause over           HELLO answered
///   apart ------------------> greeting ----------------> ready
///     ^                          |                         |
///     `--- refused, too late ----'---- ended, silent ------'
/// ```
/// Apart, what is called fails at once until the pause is over, unless it waits for a daemon.
final class Loop {
  /// Calls that wait for one of the connection's 64 requests: each belongs to a suspended task, so
  /// that this bounds nothing but a defect of the program.
  static let waitingMax = 65_536

  /// Reads in a row, of 64 KiB to 4 MiB each: then others are heard and written to again.
  private static let readsMax = 16

  private static let socketToken = Mailbox.token + 1

  let mailbox: Mailbox
  let place: DaemonPlace
  let options: LarderClient.Options
  var connection: Connection?
  var isReady = false
  /// Whether this connection has answered anything but HELLO.
  var hasAnswered = false
  var output = Output()
  var requests: [UInt64: Request] = [:]
  /// Not begun yet, first come first.
  var waiting: [Waiting] = []
  /// Granted, and to be taken again on the next connection.
  var leases: [ObjectIdentifier: ScopedLease] = [:]
  /// Nothing is due before.
  var nextDeadline: ContinuousClock.Instant?
  /// When the daemon sent something last.
  var lastInput: ContinuousClock.Instant
  /// When something was begun last.
  var lastBegin: ContinuousClock.Instant
  private var writes = false
  private var backoff: Backoff
  private var failure = ClientError.off
  /// No attempt to connect before.
  private var pauseEnd: ContinuousClock.Instant
  private var randomness = SystemRandomNumberGenerator()

  /// Starts the thread; it ends when the mailbox is closed.
  static func start(_ mailbox: Mailbox, place: DaemonPlace, options: LarderClient.Options) {
    BackgroundThread.start(name: "larder-client") {
      Loop(mailbox, place: place, options: options).run()
    }
  }

  private init(_ mailbox: Mailbox, place: DaemonPlace, options: LarderClient.Options) {
    self.mailbox = mailbox
    self.place = place
    self.options = options
    backoff = Backoff(pauseMax: options.reconnectPauseMax)
    lastInput = options.now()
    lastBegin = lastInput
    pauseEnd = lastInput
  }

  private func run() {
    var ready: [Epoll.Ready] = []
    while true {
      let (letters, isClosed) = mailbox.take()
      for letter in letters { take(letter) }
      if isClosed { return end() }
      advance()
      do throws(SystemCallError) {
        try mailbox.epoll.wait(into: &ready, timeoutMilliseconds: patience())
      } catch {
        // Only memory can be short here; the deadlines go on.
        ready = []
      }
      if ready.contains(where: { $0.token == Loop.socketToken }) { read() }
      expire(at: options.now())
    }
  }

  /// Connects, begins and writes what can be.
  private func advance() {
    if connection == nil, !waiting.isEmpty || !leases.isEmpty {
      if options.now() >= pauseEnd { connect() } else { failWaiting(failure) }
    }
    beginWaiting()
    write()
  }

  private func connect() {
    do throws(ClientError) {
      let made = try Connection(to: try place.path(), waits: false)
      do throws(SystemCallError) {
        try mailbox.epoll.add(made.rawValue, token: Loop.socketToken, interest: .read)
      } catch { throw ClientError(error) }
      writes = false
      connection = made
      try beginHello(on: made)
    } catch {
      lose(error)
    }
  }

  private func read() {
    guard let connection else { return }
    do throws(ClientError) {
      for _ in 0..<Loop.readsMax {
        switch try connection.read() {
        case .bytes: lastInput = options.now()
        case .nothing: return
        case .ended: throw ClientError.ended(at: connection.path)
        }
        while try connection.takeFrame({ (frame, bytes) throws(ClientError) in
          try take(frame, bytes, connection)
        }) {}
      }
    } catch {
      lose(error)
    }
  }

  private func write() {
    guard let connection else { return }
    do throws(ClientError) {
      // Where the daemon takes no more, its last word is still to be read.
      let goesOn = try output.write(to: connection) { uploaded($0) }
      let wants = goesOn && !output.isEmpty
      guard wants != writes else { return }
      do throws(SystemCallError) {
        try mailbox.epoll.change(
          connection.rawValue, token: Loop.socketToken, interest: wants ? [.read, .write] : .read)
      } catch { throw ClientError(error) }
      writes = wants
    } catch {
      lose(error)
    }
  }

  /// Gives the connection up, or the attempt at one.
  ///
  /// One that has answered before is tried again as soon as something is called; else there is a
  /// pause, and what waits is told so.
  func lose(_ error: ClientError) {
    connection = nil
    isReady = false
    output = Output()
    failure = error
    for lease in leases.values { lease.forget() }
    let lost = requests.values
    requests = [:]
    if hasAnswered {
      backoff.reset()
      pauseEnd = options.now()
    } else {
      pauseEnd = options.now() + backoff.next(using: &randomness)
    }
    for request in lost { request.reply?.end(error) }
    if !hasAnswered { failWaiting(error) }
    hasAnswered = false
  }

  /// Ends what waits for a connection, but for what waits for a daemon.
  private func failWaiting(_ error: ClientError) {
    let failed = waiting.filter { !$0.call.waitsForDaemon }
    waiting.removeAll { !$0.call.waitsForDaemon }
    for waiting in failed { waiting.call.reply.end(error) }
  }

  private func end() {
    let closed = ClientError.closed
    connection = nil
    for request in requests.values { request.reply?.end(closed) }
    for waiting in waiting { waiting.call.reply.end(closed) }
  }

  /// Milliseconds until something is due, -1 for never.
  private func patience() -> Int32 {
    var next = nextDeadline
    if connection == nil, !waiting.isEmpty || !leases.isEmpty {
      next = min(next ?? pauseEnd, pauseEnd)
    }
    guard let next else { return -1 }
    let milliseconds = (next - options.now()) / .milliseconds(1)
    return Int32(min(max(0, milliseconds.rounded(.up)), Double(Int32.max)))
  }
}
