import Glibc
import LarderCore
import LarderMessages
import LarderPlatform
import LarderService
import LarderWire
import Logging

/// The thread of the face: waits for sockets and messages, and hands each to its connection.
///
/// Confined to the thread that calls `run`.
final class EventLoop {
  /// What the loop is made of, on its way to the thread.
  final class Parts: Sendable {
    let epoll: Epoll
    let context: FaceContext
    let clock: SocketClock
    /// Taken over by the loop, so that a stop closes them.
    private let listeners: Locked<[ListeningSocket]>

    init(
      epoll: consuming Epoll, listeners: [ListeningSocket], context: FaceContext,
      clock: SocketClock
    ) {
      self.epoll = epoll
      self.listeners = Locked(listeners)
      self.context = context
      self.clock = clock
    }

    func takeListeners() -> [ListeningSocket] {
      listeners.withLock { listeners in
        defer { listeners = [] }
        return listeners
      }
    }
  }

  /// Tokens: the mailbox, then the listeners, then connections.
  private static let mailboxToken: UInt64 = 0
  private static let firstListenerToken: UInt64 = 1

  private let parts: Parts
  private var listeners: [UInt64: ListeningSocket] = [:]
  private var connections: ConnectionTable
  private let memory: HeldMemory
  /// Connections that had their turn and could go on: each once, however often it was looked at.
  private var unfinished: Set<UInt64> = []
  /// Connections whose deadlines are still to be looked at, of the look that is under way.
  private var unchecked: ArraySlice<UInt64> = []
  private var nextToken: UInt64
  private var nextCheckAt: Duration
  private var acceptsAgainAt: Duration?
  private var endsAt: Duration?

  private var context: FaceContext { parts.context }
  private var limits: SocketLimits { parts.context.limits }

  init(_ parts: Parts) {
    self.parts = parts
    connections = ConnectionTable(parts.context.limits)
    memory = HeldMemory(max: parts.context.limits.heldBytesMax)
    nextToken = EventLoop.firstListenerToken
    nextCheckAt = parts.clock.now() + parts.context.limits.deadlineCheckInterval
  }

  /// Serves until it was stopped and all is done, or until epoll itself fails.
  func run() {
    do {
      try parts.epoll.add(
        context.mailbox.rawValue, token: EventLoop.mailboxToken, interest: .read)
      for listener in parts.takeListeners() {
        try parts.epoll.add(listener.listener.rawValue, token: nextToken, interest: .read)
        listeners[nextToken] = listener
        nextToken += 1
      }
      var ready: [Epoll.Ready] = []
      ready.reserveCapacity(Epoll.readyMax)
      var now = parts.clock.now()
      while endsAt == nil || !connections.isEmpty {
        try parts.epoll.wait(into: &ready, timeoutMilliseconds: timeoutMilliseconds(now: now))
        now = parts.clock.now()
        let turns = unfinished
        unfinished = []
        for event in ready { handle(event, now: now) }
        for number in turns { with(number, now: now) { _ in } }
        checkTime(now: now)
        let end = parts.clock.now()
        context.counters.countTurn(end - now)
        now = end
      }
    } catch {
      context.log.critical("the socket's event loop failed", metadata: ["error": "\(error)"])
    }
    for connection in connections.all {
      connection.finish()
      drop(connection)
    }
  }

  // MARK: - Events

  private func handle(_ event: Epoll.Ready, now: Duration) {
    if event.token == EventLoop.mailboxToken {
      for message in context.mailbox.take() { handle(message, now: now) }
    } else if let listener = listeners[event.token] {
      accept(from: listener, token: event.token, now: now)
    } else if let connection = connections[event.token] {
      if event.hasEnded {
        connection.finish()
      } else if event.isReadable {
        connection.readable(now: now)
      } else {
        connection.advance(now: now)
      }
      settle(connection)
    }
  }

  private func handle(_ message: LoopMessage, now: Duration) {
    switch message {
    case .reply(let number, let id, let frames, let isLast):
      with(number, now: now) { $0.take(frames, id: id, isLast: isLast) }
    case .opened(let number, let cursor):
      with(number, now: now) { $0.take(cursor) }
    case .read(let number, let batch):
      with(number, now: now) { $0.take(batch) }
    case .putAdvanced(let number):
      with(number, now: now) { _ in }
    case .putEnded(let number, let id, let frame):
      with(number, now: now) { $0.endPut(id, frame) }
    case .checkDeadlines:
      nextCheckAt = now
    case .stop(let deadline):
      stop(now: now, within: deadline)
    }
  }

  private func with(_ number: UInt64, now: Duration, _ body: (Connection) -> Void) {
    guard let connection = connections[number] else { return }
    body(connection)
    connection.advance(now: now)
    settle(connection)
  }

  /// Drops a connection that is done, and tells epoll what another waits for now.
  private func settle(_ connection: Connection) {
    if connection.isDone { return drop(connection) }
    if connection.hasMore { unfinished.insert(connection.number) }
    account(for: connection)
    guard connection.watchedInterest != connection.interest else { return }
    do {
      try parts.epoll.change(
        connection.rawValue, token: connection.number, interest: connection.interest)
      connection.watchedInterest = connection.interest
    } catch {
      context.log.error("connection closed", metadata: ["error": "\(error)"])
      connection.finish()
      drop(connection)
    }
  }

  private func drop(_ connection: Connection) {
    guard connections.remove(connection) else { return }
    memory.change(by: -connection.countedBytes)
    connection.countedBytes = 0
    context.counters.countClosed()
  }

  /// Counts what a connection holds, and closes who holds most while all together hold too much.
  private func account(for connection: Connection) {
    let held = connection.heldBytes
    memory.change(by: held - connection.countedBytes)
    connection.countedBytes = held
    while memory.isExceeded, let largest = connections.largest, largest.countedBytes > 0 {
      context.log.warning(
        "a connection was closed: all together hold too much, and it holds most",
        metadata: ["user": "\(largest.user)", "bytes": "\(largest.countedBytes)"])
      largest.finish()
      drop(largest)
    }
  }

  // MARK: - Accepting

  private func accept(from listener: ListeningSocket, token: UInt64, now: Duration) {
    for _ in 0..<limits.acceptsPerWakeUp {
      do {
        switch try listener.listener.accept() {
        case .none: return
        case .connection(let socket): try admit(socket, to: listener, now: now)
        case .exhausted(let error):
          // The listener stays readable: without a pause the loop would spin on it.
          context.log.warning("accepting pauses", metadata: ["error": "\(error)"])
          acceptsAgainAt = now + limits.acceptPause
          try watchListeners([])
          return
        }
      } catch {
        context.log.error("a connection was not accepted", metadata: ["error": "\(error)"])
        return
      }
    }
  }

  private func admit(
    _ socket: consuming SocketDescriptor, to listener: ListeningSocket, now: Duration
  ) throws(SystemCallError) {
    let peer = try socket.peerCredentials()
    let capability = try listener.admission.capability(for: peer) {
      () throws(SystemCallError) in try socket.peerGroups()
    }
    guard let capability else {
      context.log.warning("a connection was refused", metadata: ["uid": "\(peer.uid)"])
      return EventLoop.refuse(
        socket, WireError(.notPermitted, "this socket does not admit users of uid \(peer.uid)"))
    }
    if let refusal = connections.refusal(of: peer.uid) {
      context.log.warning("a connection was refused", metadata: ["reason": "\(refusal.message)"])
      return EventLoop.refuse(socket, refusal)
    }
    let number = nextToken
    nextToken += 1
    try parts.epoll.add(socket.rawValue, token: number, interest: .read)
    connections.insert(
      Connection(
        number: number, socket: socket, user: peer.uid, peer: capability, context: context,
        memory: memory, now: now))
    context.counters.countAccepted()
  }

  /// Says why and closes; a new socket's buffer is empty, so that the frame fits or the peer is
  /// gone.
  private static func refuse(_ socket: borrowing SocketDescriptor, _ error: WireError) {
    let frame = ReplyEncoding.error(ErrorMessage(error), kind: Verb.hello.rawValue, id: 0)
    frame.withUnsafeBytes { bytes in
      // A peer that is gone needs no answer.
      _ = try? socket.write(bytes)
    }
  }

  private func watchListeners(_ interest: Epoll.Interest) throws(SystemCallError) {
    for (token, listener) in listeners {
      try parts.epoll.change(listener.listener.rawValue, token: token, interest: interest)
    }
  }

  // MARK: - Time

  private func timeoutMilliseconds(now: Duration) -> Int32 {
    if !unfinished.isEmpty || !unchecked.isEmpty { return 0 }
    var next: Duration? = connections.isEmpty ? nil : nextCheckAt
    if let acceptsAgainAt { next = min(next ?? acceptsAgainAt, acceptsAgainAt) }
    if let endsAt { next = min(next ?? endsAt, endsAt) }
    guard let next else { return -1 }
    let left = max(.zero, next - now).components
    // Rounded up: a wait that ends just before its moment would be followed by one of no time.
    return Int32(
      clamping: left.seconds * 1000 + (left.attoseconds + 999_999_999_999_999)
        / 1_000_000_000_000_000)
  }

  private func checkTime(now: Duration) {
    if let moment = acceptsAgainAt, now >= moment {
      acceptsAgainAt = nil
      do { try watchListeners(.read) } catch {
        context.log.error("accepting does not go on", metadata: ["error": "\(error)"])
      }
    }
    if let endsAt, now >= endsAt {
      for connection in connections.all {
        connection.finish()
        drop(connection)
      }
    }
    if now >= nextCheckAt {
      nextCheckAt = now + limits.deadlineCheckInterval
      unchecked = connections.numbers[...]
    }
    // Some at a time: with thousands of connections others would wait for a look at all of them.
    for number in unchecked.prefix(limits.deadlinesPerTurn) {
      guard let connection = connections[number] else { continue }
      connection.checkDeadlines(now: now)
      settle(connection)
    }
    unchecked = unchecked.dropFirst(limits.deadlinesPerTurn)
  }

  private func stop(now: Duration, within deadline: Duration) {
    guard endsAt == nil else { return }
    endsAt = now + deadline
    acceptsAgainAt = nil
    for listener in listeners.values {
      // A listener that epoll does not know gives no events either.
      try? parts.epoll.remove(listener.listener.rawValue)
    }
    listeners = [:]
    // What waits for a move would wait for ever.
    context.service.endWatches()
    for connection in connections.all {
      connection.drain(now: now)
      settle(connection)
    }
  }
}
