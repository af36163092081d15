import LarderMessages
import LarderPlatform
import LarderService
import LarderWire
import Logging

/// One client: its socket, what was read of it and not yet handled, and what waits to be written.
///
/// Confined to the loop's thread. Nothing in here waits: the store is read and written by workers,
/// JSON verbs run as tasks, and both post what they made to the loop.
///
/// ```
///  socket ─> input ─> state ──> HELLO, PING, HAS ───────────────> output ─> socket
///                       ├─────> GET, OPEN's blobs ─> worker ──────> │
///                       ├─────> PUT's pieces ──────> worker ──────> │
///                       └─────> JSON verbs ────────> task ────────> │
/// ```
///
/// Back-pressure, both ways: while `output` is above its limit no further request is looked at and
/// no further batch is read; while PUT pieces wait above theirs nothing more is read.
final class Connection {
  /// The token in epoll, never used again.
  let number: UInt64
  let context: FaceContext
  let control: ControlRequests
  let room: OutputRoom

  private let socket: SocketDescriptor
  /// Whose process the client is.
  let user: UInt32
  private let memory: HeldMemory
  private var input = FrameBuffer()
  var state = ServerConnectionState()
  var output = OutputQueue()

  /// GETs and OPENs that are not through; those under way on a worker are not among them.
  var reads: ArraySlice<ReadCursor> = []
  var isReading = false
  /// DROPs that wait for the end of a batch.
  var drops: [(id: UInt64, slabs: [UInt64])] = []
  let slabs: HeldSlabs
  var puts: [UInt64: PutTransfer] = [:]
  var tasks: [UInt64: Task<Void, Never>] = [:]
  /// The INIT or OVERRIDE that what follows has to wait for.
  var sessionChange: Task<Void, Never>?

  /// No further frame is looked at; the connection closes once all of `output` is written.
  private(set) var isClosing = false
  /// No new request is taken; the connection closes once all that were taken are answered.
  private(set) var isDraining = false
  /// It is over: the owner drops the connection.
  private(set) var isDone = false
  /// It could go on at once, once others had their turn: the owner calls `advance` again.
  private(set) var hasMore = false

  /// Bytes in `input` from which the next frame can be told; nil if one is there and has to wait.
  private var wanted: Int? = FrameHeader.byteCount
  private(set) var interest: Epoll.Interest = .read
  /// What epoll watches it for; the owner's.
  var watchedInterest: Epoll.Interest = .read
  /// What of `heldBytes` is in the budget of all; the owner's.
  var countedBytes = 0
  /// Descriptors could not be sent; at the next look at the deadlines they are tried again.
  private var isHeldBack = false
  private let openedAt: Duration
  private var lastInputAt: Duration
  private var lastOutputAt: Duration

  init(
    number: UInt64, socket: consuming SocketDescriptor, user: UInt32, peer: RealmCapability,
    context: FaceContext, memory: HeldMemory, now: Duration
  ) {
    self.user = user
    self.memory = memory
    slabs = HeldSlabs(of: user, service: context.service, unread: context.unread)
    self.number = number
    self.socket = socket
    self.context = context
    control = ControlRequests(
      service: context.service, peer: peer, counters: context.counters)
    room = OutputRoom(queuedBytesMax: context.limits.outputQueuedBytesMax)
    openedAt = now
    lastInputAt = now
    lastOutputAt = now
  }

  /// For epoll.
  var rawValue: Int32 { socket.rawValue }

  /// What this peer may do.
  var peer: RealmCapability { control.peer }

  // MARK: - Events

  /// The socket has bytes, or its end.
  func readable(now: Duration) {
    lookForRead()
    for _ in 0..<context.limits.readsPerWakeUp {
      guard let wanted, mayRead else { break }
      do {
        let space = input.space(toHold: wanted)
        switch try socket.read(into: space) {
        case .bytes(let count):
          input.append(filled: count)
          lastInputAt = now
          // There was no more: reading again would only find that out.
          if count < space.count { return advance(now: now) }
        case .wouldBlock: return advance(now: now)
        case .ended: return finish()
        }
      } catch {
        context.log.debug("connection failed", metadata: ["error": "\(error)"])
        return finish()
      }
      parse()
    }
    advance(now: now)
  }

  /// Notes that the client has read all descriptors, once nothing is on its way to it.
  private func lookForRead() {
    if output.isEmpty, slabs.mayBeUnread, (try? socket.isRead()) == true { slabs.wereRead() }
  }

  /// Does what can be done now: looks at frames, starts reads, writes, and says what to wait for.
  ///
  /// To be called after anything changed.
  func advance(now: Duration) {
    guard !isDone else { return }
    hasMore = false
    for _ in 0..<context.limits.roundsPerWakeUp {
      parse()
      startReads()
      let wasFull = isFull
      flush(now: now)
      guard !isDone else { return }
      // Frames and reads that waited for the output have room now, and nothing else would wake
      // them.
      hasMore = wasFull && !isFull
      if !hasMore { break }
    }
    room.update(queuedBytes: output.byteCount)
    if output.isEmpty, isClosing || (isDraining && state.isAnswered) { return finish() }
    if state.openRequests == 0 || input.capacity <= FrameBuffer.initialBytes { input.shrink() }
    interest = []
    if wanted != nil, mayRead { interest.insert(.read) }
    if !output.isEmpty, !isHeldBack { interest.insert(.write) }
  }

  /// Ends the connection at once: what it began is given up.
  func finish() {
    guard !isDone else { return }
    isDone = true
    socket.shutdownBoth()
    room.close()
    for task in tasks.values { task.cancel() }
    tasks = [:]
    cancelPuts()
    reads = []
    slabs.end()
    control.leases.end()
  }

  /// Takes no new requests, answers those that are whole and refuses the rest.
  func drain(now: Duration) {
    isDraining = true
    for id in puts.keys where state.isReceiving(id) {
      if let put = puts.removeValue(forKey: id) { cancel(put) }
      refuse(
        ErrorMessage(code: ErrorCode.shuttingDown.rawValue, message: "the daemon is about to end"),
        verb: .put, id: id)
    }
    advance(now: now)
  }

  /// Closes a connection that has let a deadline pass.
  func checkDeadlines(now: Duration) {
    let limits = context.limits
    lookForRead()
    if isHeldBack {
      isHeldBack = false
      // It is we who may not send.
      lastOutputAt = now
      advance(now: now)
    }
    if !output.isEmpty, now - lastOutputAt > limits.outputStallTimeout {
      context.log.info("connection closed: it reads nothing")
      return finish()
    }
    if !state.isReady, now - openedAt > limits.helloTimeout {
      return refuseConnection("no HELLO within \(limits.helloTimeout)", now: now)
    }
    let owesInput = wanted != nil && mayRead && (input.count > 0 || state.isReceiving)
    if owesInput, now - lastInputAt > limits.inputStallTimeout {
      refuseConnection("a frame or PUT was not ended within \(limits.inputStallTimeout)", now: now)
    }
  }

  private func refuseConnection(_ reason: String, now: Duration) {
    context.log.info("connection closed", metadata: ["reason": "\(reason)"])
    close(WireError(.protocolViolation, reason), kind: Verb.hello.rawValue, id: 0)
    advance(now: now)
  }

  // MARK: - Frames in

  /// Memory that it holds: what came of a frame, what waits to be sent, what waits for the disk.
  var heldBytes: Int { input.capacity + output.heldBytes + queuedPutBytes }

  /// Whether so much output waits that no more is made.
  var isFull: Bool {
    output.byteCount
      > (memory.isTight
        ? context.limits.outputQueuedBytesMax / 16 : context.limits.outputQueuedBytesMax)
  }

  private var mayParse: Bool {
    !isClosing && !isDraining && !isDone && !isFull
      && (puts.isEmpty
        || queuedPutBytes <= (memory.isTight ? 0 : context.limits.putQueuedBytesMax))
  }

  private var mayRead: Bool { mayParse }

  private func parse() {
    while mayParse {
      switch state.next(in: input.unread) {
      case .needs(let count):
        wanted = count
        return
      case .full:
        wanted = nil
        return
      case .frame(let frame, let consumed):
        handle(frame, UnsafeRawBufferPointer(rebasing: input.unread[frame.body]))
        input.consume(consumed)
      case .discarded(let consumed):
        input.consume(consumed)
      case .unknownVerb(let kind, let id, let consumed):
        input.consume(consumed)
        output.append(
          ReplyEncoding.error(
            ErrorMessage(
              WireError(.unknownVerb, "verb \(kind) is not one of version 1")), kind: kind, id: id))
      case .violation(let error, let kind, let id):
        context.counters.countMalformed()
        context.log.info("connection closed", metadata: ["reason": "\(error)"])
        close(error, kind: kind, id: id)
        return
      }
    }
    wanted = nil
  }

  /// Queues an error about the connection and closes it once that is written.
  func close(_ error: WireError, kind: UInt8, id: UInt64) {
    isClosing = true
    for task in tasks.values { task.cancel() }
    cancelPuts()
    reads = []
    output.append(ReplyEncoding.error(ErrorMessage(error), kind: kind, id: id))
  }

  private func cancelPuts() {
    for put in puts.values { cancel(put) }
    puts = [:]
  }

  private func cancel(_ put: PutTransfer) {
    guard put.cancel() else { return }
    // A pool that is full or closed drops the transfer, and the ingest cancels itself.
    _ = context.workers.submit { put.run() }
  }

  // MARK: - Frames out

  /// Queues the last frames of a reply and ends its request.
  func answer(_ id: UInt64, _ frames: [UInt8]) {
    guard !isClosing else { return }
    output.append(frames)
    state.answered(id)
  }

  /// Ends a request with an error.
  func refuse(_ message: ErrorMessage, verb: Verb, id: UInt64) {
    context.counters.countError(message.code, of: verb)
    answer(id, ReplyEncoding.error(message, kind: verb.rawValue, id: id))
  }

  private func flush(now: Duration) {
    guard !output.isEmpty else {
      lastOutputAt = now
      return
    }
    guard !isHeldBack else { return }
    do {
      switch try output.write(to: socket) {
      case .bytes(let count):
        lastOutputAt = now
        context.counters.countSent(count)
      case .wouldBlock: break
      case .ended: finish()
      case nil: isHeldBack = true
      }
    } catch {
      context.log.debug("connection failed", metadata: ["error": "\(error)"])
      finish()
    }
  }
}
