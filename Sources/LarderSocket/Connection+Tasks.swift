import LarderCore
import LarderMessages
import LarderService
import LarderWire

extension Connection {
  /// Runs a JSON verb as a task.
  ///
  /// INIT and OVERRIDE take effect in the order in which they were sent, and what was sent after
  /// them waits for them: a client need not.
  func start(_ verb: Verb, id: UInt64, body: [UInt8]) {
    let control = control
    let mailbox = context.mailbox
    let room = room
    let number = number
    let earlier = sessionChange
    let (counters, instruments) = (context.counters, context.instruments)
    let start = ContinuousClock.now
    let task = Task {
      defer { instruments.note(ContinuousClock.now - start, of: verb) }
      if verb.concernsSession { await earlier?.value }
      let message: LoopMessage
      do throws(ServiceError) {
        let answer = try await control.answer(verb, id: id, body: body) {
          (bytes) async throws(ServiceError) in
          try await Connection.deliver(bytes, verb, connection: number, id: id, room, mailbox)
        }
        switch answer {
        case .frames(let frames):
          message = .reply(connection: number, id: id, frames: frames, isLast: true)
        case .open(let text, let blobs, let reply):
          let cursor = ReadCursor(
            id: id, head: OpenHead.encode(json: text), blobs: blobs, as: reply)
          message = .opened(connection: number, cursor: cursor)
        }
      } catch {
        let refusal = ErrorMessage(error)
        counters.countError(refusal.code, of: verb)
        let frame = ReplyEncoding.error(refusal, kind: verb.rawValue, id: id)
        message = .reply(connection: number, id: id, frames: frame, isLast: true)
      }
      mailbox.post(message)
    }
    tasks[id] = task
    if verb == .`init` || verb == .override { sessionChange = task }
  }

  /// Takes frames of a task's reply.
  func take(_ frames: [UInt8], id: UInt64, isLast: Bool) {
    if isLast {
      tasks[id] = nil
      answer(id, frames)
    } else {
      room.arrived(frames.count)
      if !isClosing { output.append(frames) }
    }
  }

  /// Has a blob fetched again that an OPEN could not read; then the OPEN goes on, or ends with the
  /// reason why there is none.
  func restore(_ digest: Digest, for cursor: ReadCursor) {
    let (service, peer, mailbox, number) = (context.service, peer, context.mailbox, number)
    let counters = context.counters
    tasks[cursor.id] = Task {
      do throws(ServiceError) {
        try await service.restore(digest, for: peer)
        mailbox.post(.opened(connection: number, cursor: cursor))
      } catch {
        let refusal = ErrorMessage(error)
        counters.countError(refusal.code, of: cursor.verb)
        let frame = ReplyEncoding.error(refusal, kind: cursor.verb.rawValue, id: cursor.id)
        mailbox.post(.reply(connection: number, id: cursor.id, frames: frame, isLast: true))
      }
    }
  }

  /// Takes an OPEN whose blobs follow, or go on.
  func take(_ cursor: ReadCursor) {
    tasks[cursor.id] = nil
    if !isClosing { reads.append(cursor) }
  }

  /// Sends content of an ENSURE, or the progress of an ADMIN, in frames of at most 1 MiB, each when
  /// there is room for it.
  private static func deliver(
    _ bytes: [UInt8], _ verb: Verb, connection: UInt64, id: UInt64, _ room: OutputRoom,
    _ mailbox: LoopMailbox
  ) async throws(ServiceError) {
    var start = 0
    while start < bytes.count {
      let end = min(start + WireLimits.contentFrameBytes, bytes.count)
      var frame: [UInt8] = []
      frame.reserveCapacity(FrameHeader.byteCount + end - start)
      frame.appendFrame(verb, [.reply, .more, .data], id: id, body: bytes[start..<end])
      try await room.take(frame.count)
      mailbox.post(.reply(connection: connection, id: id, frames: frame, isLast: false))
      start = end
    }
  }
}

extension Verb {
  /// Whether the verb may name a session.
  fileprivate var concernsSession: Bool {
    switch self {
    case .`init`, .override, .plan, .report, .open: true
    case .hello, .ping, .stats, .has, .get, .put, .ensure, .publish, .remote, .lease,
      .release, .pin, .unpin, .watch, .keyed, .admin, .drop:
      false
    }
  }
}
