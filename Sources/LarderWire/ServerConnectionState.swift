/// The daemon's side of one connection: which frames may come now, and which requests are open.
///
/// Pure bookkeeping: the owner reads bytes into a buffer, asks `next` for what its front holds,
/// drops what was consumed, and says `answered` once a request's last reply frame is queued.
/// Parsing costs no allocation. Open requests are looked for one by one: most are answered before
/// the next is looked at, and 64 ids are passed faster than one is hashed.
///
/// ```
///  awaitingHello --HELLO--> ready --anything unreadable--> failed (answer, close)
///
///  PUT:  receiving --last frame--> waiting --answered--> gone
///            `-----answered (ERROR)--> discarding --last frame--> gone
/// ```
package struct ServerConnectionState: Sendable {
  /// What the front of the buffer holds.
  package enum Step: Sendable, Hashable {
    /// Nothing whole: ask again with at least so many bytes in the buffer.
    case needs(Int)
    /// The next frame opens a request beyond `requestsInFlightMax`: ask again after `answered`.
    case full
    /// A frame; drop `consumed` bytes once its body was used.
    case frame(RequestFrame, consumed: Int)
    /// A frame of a request that was answered already: drop `consumed` bytes.
    case discarded(consumed: Int)
    /// A kind that this version does not know: answer `unknownVerb`, drop `consumed` bytes, go on.
    case unknownVerb(kind: UInt8, id: UInt64, consumed: Int)
    /// What cannot be read: answer the error with this kind and id, close. Every later step is the
    /// same.
    case violation(WireError, kind: UInt8, id: UInt64)
  }

  private enum Phase: Hashable {
    case awaitingHello
    case ready
    case failed(WireError, kind: UInt8, id: UInt64)
  }

  private enum Progress {
    /// Further frames are to come.
    case receiving
    /// Whole, and not answered yet.
    case waiting
    /// Answered, but further frames are to come, and to be dropped.
    case discarding
  }

  private struct Request {
    let id: UInt64
    let kind: UInt8
    var progress: Progress
  }

  private var phase = Phase.awaitingHello
  private var requests: [Request] = []

  package init() {}

  /// Requests that are not answered, or whose frames have not all come.
  package var openRequests: Int { requests.count }

  /// Whether all that was asked is answered, though further frames of it may come.
  package var isAnswered: Bool { requests.allSatisfy { $0.progress == .discarding } }

  /// Whether HELLO came.
  package var isReady: Bool { phase == .ready }

  /// Whether the client still owes frames of a request that it began.
  package var isReceiving: Bool {
    requests.contains { $0.progress != .waiting }
  }

  /// Whether the client still owes frames of request `id`.
  package func isReceiving(_ id: UInt64) -> Bool {
    place(of: id).map { requests[$0].progress == .receiving } ?? false
  }

  private func place(of id: UInt64) -> Int? { requests.firstIndex { $0.id == id } }

  /// Looks at the front of `bytes`; an event's body lies within them.
  package mutating func next(in bytes: UnsafeRawBufferPointer) -> Step {
    if case .failed(let error, let kind, let id) = phase {
      return .violation(error, kind: kind, id: id)
    }
    guard let header = FrameHeader(reading: bytes) else { return .needs(FrameHeader.byteCount) }
    // The length is judged before a caller makes room for it.
    if let error = header.defect ?? requestDefect(header) { return fail(error, header) }
    let total = FrameHeader.byteCount + Int(header.length)
    if phase == .awaitingHello, header.kind != Verb.hello.rawValue {
      return fail(
        WireError(.protocolViolation, "HELLO is the first frame of a connection"), header)
    }
    if let place = place(of: header.requestID) {
      guard bytes.count >= total else { return .needs(total) }
      return further(header, ofRequestAt: place, consumed: total)
    }
    return first(header, available: bytes.count, consumed: total)
  }

  /// Notes that the last reply frame of request `id`, or its ERROR, is queued.
  ///
  /// - Precondition: the request is open and was not answered before.
  package mutating func answered(_ id: UInt64) {
    guard let place = place(of: id), requests[place].progress != .discarding else {
      preconditionFailure("request \(id) is not open")
    }
    if requests[place].progress == .waiting {
      close(at: place)
    } else {
      requests[place].progress = .discarding
    }
  }

  private mutating func close(at place: Int) {
    requests.swapAt(place, requests.count - 1)
    requests.removeLast()
  }

  // MARK: - Frames

  private mutating func first(_ header: FrameHeader, available: Int, consumed: Int) -> Step {
    let id = header.requestID
    let verb = Verb(rawValue: header.kind)
    if verb == .put, header.flags.contains(.data) {
      return fail(
        WireError(.malformedFrame, "a further frame of PUT \(id), which is not open"), header)
    }
    if verb == .hello, phase == .ready {
      return fail(WireError(.protocolViolation, "HELLO came a second time"), header)
    }
    if requests.count >= WireLimits.requestsInFlightMax { return .full }
    guard available >= consumed else { return .needs(consumed) }
    let isLast = !header.flags.contains(.more)
    guard let verb else {
      // Frames that go on with what was not understood are dropped like those of a refused PUT.
      if !isLast {
        requests.append(Request(id: id, kind: header.kind, progress: .discarding))
      }
      return .unknownVerb(kind: header.kind, id: id, consumed: consumed)
    }
    if verb == .hello { phase = .ready }
    requests.append(
      Request(id: id, kind: header.kind, progress: isLast ? .waiting : .receiving))
    return .frame(frame(verb, header, isFirst: true, consumed: consumed), consumed: consumed)
  }

  private mutating func further(
    _ header: FrameHeader, ofRequestAt place: Int, consumed: Int
  ) -> Step {
    let id = header.requestID
    let request = requests[place]
    guard request.progress != .waiting, request.kind == header.kind else {
      return fail(
        WireError(.protocolViolation, "request id \(id) is in use by another request"), header)
    }
    let isLast = !header.flags.contains(.more)
    if request.progress == .discarding {
      if isLast { close(at: place) }
      return .discarded(consumed: consumed)
    }
    guard let verb = Verb(rawValue: header.kind), header.flags.contains(.data) else {
      return fail(
        WireError(.malformedFrame, "a further frame of PUT \(id) without DATA"), header)
    }
    if isLast { requests[place].progress = .waiting }
    return .frame(frame(verb, header, isFirst: false, consumed: consumed), consumed: consumed)
  }

  private func frame(
    _ verb: Verb, _ header: FrameHeader, isFirst: Bool, consumed: Int
  ) -> RequestFrame {
    RequestFrame(
      verb: verb, id: header.requestID, body: FrameHeader.byteCount..<consumed, isFirst: isFirst,
      isLast: !header.flags.contains(.more))
  }

  private mutating func fail(_ error: WireError, _ header: FrameHeader) -> Step {
    phase = .failed(error, kind: header.kind, id: header.requestID)
    return .violation(error, kind: header.kind, id: header.requestID)
  }
}

/// Why a client may not send `header`; nil if it may, or if its verb is unknown.
private func requestDefect(_ header: FrameHeader) -> WireError? {
  if !header.flags.isDisjoint(with: [.reply, .error, .places, .slabs]) {
    return WireError(.malformedFrame, "REPLY, ERROR, PLACES and SLABS are the daemon's flags")
  }
  guard let verb = Verb(rawValue: header.kind), !verb.takesContinuations else { return nil }
  if !header.flags.isDisjoint(with: [.more, .data]) {
    return WireError(
      .malformedFrame, "a \(verb.name) request is one frame, without MORE and DATA")
  }
  return nil
}
