/// The client's side of one connection: numbers requests, and matches replies to them.
///
/// Pure bookkeeping like `ServerConnectionState`; it trusts the daemon no more than that one trusts
/// a client.
package struct ClientConnectionState: Sendable {
  /// What the front of the buffer holds.
  package enum Step: Sendable, Hashable {
    /// Nothing whole: ask again with at least so many bytes in the buffer.
    case needs(Int)
    /// A frame; drop `consumed` bytes once its body was used.
    case frame(ReplyFrame, consumed: Int)
    /// An error that answers none of this client's requests: it is about the connection, which the
    /// daemon then closes.
    case connectionError(body: Range<Int>)
    /// What cannot be read: close. Every later step is the same.
    case violation(WireError)
  }

  private var nextID: UInt64 = 1
  private var requests: [UInt64: Verb] = [:]
  private var failure: WireError?

  package init() {}

  /// Requests whose reply has not ended.
  package var openRequests: Int { requests.count }

  /// Whether a further request may be begun.
  package var canBegin: Bool { requests.count < WireLimits.requestsInFlightMax }

  /// Opens a request and returns its id.
  ///
  /// - Precondition: `canBegin`.
  package mutating func begin(_ verb: Verb) -> UInt64 {
    precondition(canBegin, "a connection has at most 64 requests open")
    let id = nextID
    nextID += 1
    requests[id] = verb
    return id
  }

  /// Looks at the front of `bytes`; a frame's body lies within them.
  package mutating func next(in bytes: UnsafeRawBufferPointer) -> Step {
    if let failure { return .violation(failure) }
    guard let header = FrameHeader(reading: bytes) else { return .needs(FrameHeader.byteCount) }
    if header.length > WireLimits.frameBodyMax { return fail(header.defect) }
    let total = FrameHeader.byteCount + Int(header.length)
    let body = FrameHeader.byteCount..<total
    guard header.flags.contains(.reply) else {
      return fail(WireError(.malformedFrame, "the daemon sent a frame without REPLY"))
    }
    let isError = header.flags.contains(.error)
    guard let verb = requests[header.requestID] else {
      // The error may repeat a kind or id that made no sense: only its body counts.
      guard isError else {
        return fail(
          WireError(.protocolViolation, "a reply to request \(header.requestID), which is not open")
        )
      }
      return bytes.count >= total ? .connectionError(body: body) : .needs(total)
    }
    if let defect = header.defect { return fail(defect) }
    guard header.kind == verb.rawValue else {
      return fail(
        WireError(.protocolViolation, "a reply of kind \(header.kind) to a \(verb.name) request"))
    }
    if isError, header.flags.contains(.more) {
      return fail(WireError(.malformedFrame, "an ERROR with MORE"))
    }
    guard bytes.count >= total else { return .needs(total) }
    let isLast = !header.flags.contains(.more)
    if isLast { requests[header.requestID] = nil }
    let frame = ReplyFrame(
      verb: verb, id: header.requestID, body: body, isData: header.flags.contains(.data),
      isPlaces: header.flags.contains(.places), isSlabs: header.flags.contains(.slabs),
      isError: isError, isLast: isLast)
    return .frame(frame, consumed: total)
  }

  private mutating func fail(_ error: WireError?) -> Step {
    let error = error ?? WireError(.internal, "a frame failed without a reason")
    failure = error
    return .violation(error)
  }
}
