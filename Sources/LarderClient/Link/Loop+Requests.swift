import LarderCore
import LarderMessages
import LarderWire

extension Loop {
  /// A request of the connection that is not answered.
  struct Request {
    enum Purpose {
      case hello
      case call(Call)
      /// Slabs that are given back.
      case drop([UInt64])
      /// Its answer is dropped.
      case nobody
    }

    var purpose: Purpose
    /// When it has waited long enough.
    var deadline: ContinuousClock.Instant?
    /// Whether further frames of a PUT are to come.
    var owesContent = false

    /// Who waits for it.
    var reply: (any Reply)? {
      if case .call(let call) = purpose { call.reply } else { nil }
    }
  }

  /// A call that is not begun.
  struct Waiting {
    let call: Call
    let deadline: ContinuousClock.Instant?
  }

  // MARK: - Letters

  func take(_ letter: Letter) {
    switch letter {
    case .call(let call):
      guard waiting.count < Loop.waitingMax else { return call.reply.end(.tooManyCalls) }
      waiting.append(Waiting(call: call, deadline: due(in: call.silenceMax)))
    case .cancel(let reply):
      cancel(reply, .cancelled)
    case .piece(let upload, let bytes, let isLast):
      guard let (id, request) = requests.first(where: { $0.value.reply === upload }),
        case .call(let call) = request.purpose
      else { return }
      output.append(.put, isLast ? .data : [.data, .more], id: id, body: bytes, of: upload)
      requests[id]?.owesContent = !isLast
      requests[id]?.deadline = due(in: call.silenceMax)
    case .release(let lease):
      lease.finish()
      leases[ObjectIdentifier(lease)] = nil
      release(lease)
    }
  }

  /// Lets go of who waits; the request goes on until it is answered, since the protocol cannot take
  /// one back.
  private func cancel(_ reply: any Reply, _ error: ClientError) {
    reply.end(error)
    if let place = waiting.firstIndex(where: { $0.call.reply === reply }) {
      waiting.remove(at: place)
    } else if let id = requests.first(where: { $0.value.reply === reply })?.key {
      abandon(id)
    }
  }

  /// What comes for a request is of no use to anybody any more.
  private func abandon(_ id: UInt64) {
    finishContent(of: id)
    requests[id]?.deadline = nil
    if let lease = requests[id]?.reply as? ScopedLease {
      // It may be granted yet, and is to be released then.
      lease.finish()
    } else {
      requests[id]?.purpose = .nobody
    }
  }

  /// Ends a PUT before its content does: the daemon refuses one that is shorter than was said.
  private func finishContent(of id: UInt64) {
    guard requests[id]?.owesContent == true else { return }
    requests[id]?.owesContent = false
    output.append(.put, .data, id: id, body: [])
  }

  // MARK: - Begin

  func beginHello(on connection: Connection) throws(ClientError) {
    let hello = HelloMessage.Request(
      protocol: [ProtocolVersion.current, ProtocolVersion.current], client: options.name)
    let id = connection.begin(.hello)
    requests[id] = Request(purpose: .hello, deadline: due(in: options.connectTimeout))
    output.append(.hello, [], id: id, body: try JSONBody.encode(hello)[...])
  }

  /// Begins as many calls as the connection takes, those first that came first.
  func beginWaiting() {
    guard isReady, let connection else { return }
    var begun = 0
    while begun < waiting.count, connection.canBegin {
      begin(waiting[begun].call, on: connection)
      begun += 1
    }
    waiting.removeFirst(begun)
    if !waiting.isEmpty, requests.values.allSatisfy({ $0.isAbandoned }) {
      // Nobody waits for what keeps others waiting. This daemon answers: no pause.
      hasAnswered = true
      lose(.abandoned)
    }
  }

  private func begin(_ call: Call, on connection: Connection) {
    let id = connection.begin(call.verb)
    lastBegin = options.now()
    requests[id] = Request(
      purpose: .call(call), deadline: due(in: call.silenceMax), owesContent: call.goesOn)
    output.append(
      call.verb, call.goesOn ? .more : [], id: id, body: call.body[...], of: call.reply as? Upload)
  }

  /// The content of a PUT has left.
  func uploaded(_ upload: Upload) {
    upload.written()
    for (id, request) in requests where request.reply === upload && request.owesContent {
      requests[id]?.deadline = due(in: options.contentPauseMax)
    }
  }

  /// Ends a lease that this connection has.
  private func release(_ lease: ScopedLease) {
    guard let number = lease.number else { return }
    do throws(ClientError) {
      let body = try JSONBody.encode(LeaseMessage.Release(lease: number))
      take(
        .call(
          Call(verb: .release, body: body, silenceMax: options.replyTimeout, reply: NoReply())))
    } catch {
      // A number is always written.
    }
  }

  // MARK: - Frames

  func take(
    _ frame: ReplyFrame, _ bytes: UnsafeRawBufferPointer, _ connection: Connection
  ) throws(ClientError) {
    guard let request = requests[frame.id] else {
      throw ClientError(WireError(.protocolViolation, "a reply to nothing that was asked"))
    }
    switch request.purpose {
    case .hello:
      if frame.isError { throw ClientError(decoding: bytes) }
      let _: HelloMessage.Reply = try JSONBody.decode(from: bytes, verb: .hello)
      isReady = true
      for lease in leases.values {
        // Before others, whose content may be evicted meanwhile.
        waiting.insert(Waiting(call: call(for: lease), deadline: nil), at: 0)
      }
    case .call(let call):
      hasAnswered = true
      try take(frame, bytes, connection, of: call, request)
    case .drop(let slabs):
      if frame.isLast { connection.endDrop(slabs) }
    case .nobody: break
    }
    guard frame.isLast else { return }
    finishContent(of: frame.id)
    requests[frame.id] = nil
    if requests.isEmpty { connection.rest() }
  }

  private func take(
    _ frame: ReplyFrame, _ bytes: UnsafeRawBufferPointer, _ connection: Connection,
    of call: Call, _ request: Request
  ) throws(ClientError) {
    if frame.isError { return call.reply.end(ClientError(decoding: bytes)) }
    do throws(ClientError) {
      guard !request.owesContent else {
        throw ClientError(
          WireError(.protocolViolation, "PUT was answered before its content ended"))
      }
      try call.reply.take(frame, bytes, slabs: connection.slabs)
    } catch {
      call.reply.end(error)
      throw error
    }
    guard frame.isLast else {
      requests[frame.id]?.deadline = due(in: call.silenceMax)
      return
    }
    if connection.slabs.byteCount > 0 { _ = due(in: options.idleSlabsMax) }
    call.reply.end(nil)
    if let lease = call.reply as? ScopedLease {
      if lease.isOver { release(lease) } else { leases[ObjectIdentifier(lease)] = lease }
    }
    // Bytes instead of places say that this user holds as much as one may.
    drop(all: call.wantsPlaces && frame.isData, on: connection)
  }

  func call(for lease: ScopedLease) -> Call {
    Call(
      verb: .lease, body: lease.body, silenceMax: options.replyTimeout, waitsForDaemon: true,
      reply: lease)
  }

  /// Gives back slabs that nobody uses, if there is a request left to do it with.
  private func drop(all: Bool, on connection: Connection) {
    guard connection.canBegin else { return }
    let slabs = Array(connection.beginDrop(all: all).prefix(WireLimits.slabsMax))
    guard !slabs.isEmpty else { return }
    let id = connection.begin(.drop)
    requests[id] = Request(purpose: .drop(slabs))
    output.append(.drop, [], id: id, body: DropBody.encode(slabs)[...])
  }

  // MARK: - Deadlines

  /// Ends what has waited too long, and the connection if it is that which is silent.
  func expire(at now: ContinuousClock.Instant) {
    guard let next = nextDeadline, next <= now else { return }
    defer { planNext(at: now) }
    for (id, request) in requests {
      guard let deadline = request.deadline, deadline <= now else { continue }
      guard let connection, case .call(let call) = request.purpose else {
        lose(.silent(at: connection?.path ?? "", for: options.connectTimeout))
        break
      }
      let silence = call.silenceMax ?? .zero
      if request.owesContent {
        call.reply.end(.slowContent)
        abandon(id)
      } else if lastInput <= deadline - silence {
        lose(.silent(at: connection.path, for: silence))
        break
      } else {
        call.reply.end(.silent(at: connection.path, for: silence))
        abandon(id)
      }
    }
    for late in waiting where late.deadline.map({ $0 <= now }) ?? false {
      cancel(late.call.reply, .tooManyCalls)
    }
    if requests.isEmpty, let connection, lastBegin + options.idleSlabsMax <= now {
      drop(all: true, on: connection)
    }
  }

  private func planNext(at now: ContinuousClock.Instant) {
    var deadlines = (requests.values.map(\.deadline) + waiting.map(\.deadline)).compactMap { $0 }
    if let connection, connection.slabs.byteCount > 0 {
      deadlines.append(now + options.idleSlabsMax)
    }
    nextDeadline = deadlines.min()
  }

  private func due(in time: Duration?) -> ContinuousClock.Instant? {
    guard let time else { return nil }
    // A day, so that no moment is beyond what a clock can say.
    let due = options.now() + min(time, .seconds(86_400))
    nextDeadline = min(nextDeadline ?? due, due)
    return due
  }
}

extension Loop.Request {
  /// Whether its answer is dropped.
  fileprivate var isAbandoned: Bool { if case .nobody = purpose { true } else { false } }
}

extension ClientError {
  fileprivate static let tooManyCalls = ClientError(
    code: .busy, message: "as many requests as a connection takes are under way",
    remedy: "call less at once")
  fileprivate static let slowContent = ClientError(
    code: .timedOut, message: "the content of a PUT stood still for 20 s",
    remedy: "put it when it is there, or in parts")
  fileprivate static let abandoned = ClientError(
    code: .connectionLost, message: "all requests of the connection were cancelled")
}
