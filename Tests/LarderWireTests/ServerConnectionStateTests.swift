import Testing

@testable import LarderWire

@Suite("ServerConnectionState")
struct ServerConnectionStateTests {
  typealias Step = ServerConnectionState.Step

  @Test("a request is a frame whose body lies behind the header")
  func request() {
    var state = ServerConnectionState.ready()
    let bytes = LarderWireTests.request(.ping, id: 5, body: [1, 2, 3])
    let frame = RequestFrame(verb: .ping, id: 5, body: 16..<19, isFirst: true, isLast: true)
    #expect(state.next(in: bytes + [9]) == .frame(frame, consumed: 19))
    #expect(state.openRequests == 1)
    state.answered(5)
    #expect(state.openRequests == 0)
  }

  @Test("an id may be used again once its request was answered, not before")
  func reuse() {
    var state = ServerConnectionState.ready()
    _ = state.next(in: LarderWireTests.request(.ping, id: 5))
    state.answered(5)
    _ = state.next(in: LarderWireTests.request(.ping, id: 5))
    expectViolation(
      state.next(in: LarderWireTests.request(.ping, id: 5)), .protocolViolation)
  }

  @Test("an unfinished frame is waited for, at every byte")
  func splits() {
    let bytes = LarderWireTests.request(.has, id: 2, body: [UInt8](repeating: 0, count: 32))
    for count in bytes.indices {
      var state = ServerConnectionState.ready()
      #expect(state.next(in: Array(bytes[..<count])) == .needs(count < 16 ? 16 : 48))
      guard case .frame = state.next(in: bytes) else {
        Issue.record("no frame after a wait at byte \(count)")
        return
      }
    }
  }

  @Test("HELLO comes first, and once")
  func hello() {
    var state = ServerConnectionState()
    #expect(!state.isReady)
    expectViolation(state.next(in: LarderWireTests.request(.ping)), .protocolViolation)
    state = .ready()
    #expect(state.isReady)
    expectViolation(state.next(in: LarderWireTests.request(.hello)), .protocolViolation)
  }

  @Test(
    "what cannot be read is refused before its body came",
    arguments: [
      (frame(kind: 2, length: 4_194_305), .frameTooLarge),
      (frame(kind: 2, length: .max), .frameTooLarge),
      (frame(kind: 2, reserved: 1), .malformedFrame),
      (frame(kind: 2, reserved: 0x8000), .malformedFrame),
      (frame(kind: 0), .malformedFrame),
      (frame(kind: 2, flags: 0x10), .malformedFrame),
      (frame(kind: 2, flags: 0x20), .malformedFrame),
      (frame(kind: 2, flags: 0x40), .malformedFrame),
      (frame(kind: 2, flags: 0x80), .malformedFrame),
      (frame(kind: 2, flags: FrameFlags.reply.rawValue), .malformedFrame),
      (frame(kind: 2, flags: FrameFlags.error.rawValue), .malformedFrame),
      (frame(kind: 2, flags: FrameFlags.more.rawValue), .malformedFrame),
      (frame(kind: 7, flags: FrameFlags.data.rawValue), .malformedFrame),
      (frame(kind: 6, flags: FrameFlags.data.rawValue), .malformedFrame),
      (frame(kind: 6, flags: FrameFlags([.data, .more]).rawValue), .malformedFrame),
    ] as [([UInt8], ErrorCode)])
  func malformed(bytes: [UInt8], code: ErrorCode) {
    var state = ServerConnectionState.ready()
    expectViolation(state.next(in: bytes), code)
    // Nothing that follows is looked at.
    expectViolation(state.next(in: LarderWireTests.request(.ping, id: 77)), code)
  }

  @Test("the largest body is taken")
  func largest() {
    var state = ServerConnectionState.ready()
    #expect(state.next(in: frame(kind: 2, length: 4_194_304)) == .needs(4_194_320))
  }

  @Test("an unknown verb is told, its further frames are dropped, the connection goes on")
  func unknown() {
    var state = ServerConnectionState.ready()
    #expect(
      state.next(in: frame(kind: 99, id: 4)) == .unknownVerb(kind: 99, id: 4, consumed: 16))
    #expect(state.openRequests == 0)
    #expect(
      state.next(in: frame(kind: 99, flags: 2, id: 4))
        == .unknownVerb(
          kind: 99, id: 4, consumed: 16))
    #expect(state.next(in: frame(kind: 99, flags: 2, id: 4, body: [1])) == .discarded(consumed: 17))
    #expect(state.next(in: frame(kind: 99, id: 4)) == .discarded(consumed: 16))
    #expect(state.openRequests == 0)
    guard case .frame = state.next(in: LarderWireTests.request(.ping, id: 4)) else {
      Issue.record("the connection did not go on")
      return
    }
  }

  @Test("a PUT goes on until a frame without MORE")
  func put() {
    var state = ServerConnectionState.ready()
    #expect(
      state.next(in: LarderWireTests.request(.put, .more, id: 3, body: [1]))
        == .frame(
          RequestFrame(verb: .put, id: 3, body: 16..<17, isFirst: true, isLast: false),
          consumed: 17))
    #expect(state.isReceiving)
    #expect(
      state.next(in: LarderWireTests.request(.put, [.more, .data], id: 3, body: [2, 3]))
        == .frame(
          RequestFrame(verb: .put, id: 3, body: 16..<18, isFirst: false, isLast: false),
          consumed: 18))
    #expect(
      state.next(in: LarderWireTests.request(.put, .data, id: 3))
        == .frame(
          RequestFrame(verb: .put, id: 3, body: 16..<16, isFirst: false, isLast: true),
          consumed: 16))
    #expect(!state.isReceiving)
    expectViolation(
      state.next(in: LarderWireTests.request(.put, .data, id: 3)), .protocolViolation)
  }

  @Test("a PUT that was refused early is dropped up to its last frame")
  func refusedPut() {
    var state = ServerConnectionState.ready()
    _ = state.next(in: LarderWireTests.request(.put, .more, id: 3))
    #expect(!state.isAnswered)
    state.answered(3)
    #expect(state.openRequests == 1 && state.isAnswered)
    #expect(
      state.next(in: LarderWireTests.request(.put, [.more, .data], id: 3, body: [1]))
        == .discarded(consumed: 17))
    #expect(
      state.next(in: LarderWireTests.request(.put, .data, id: 3, body: [1]))
        == .discarded(consumed: 17))
    #expect(state.openRequests == 0)
  }

  @Test("frames of a PUT carry DATA and its own kind")
  func putContinuations() {
    var state = ServerConnectionState.ready()
    _ = state.next(in: LarderWireTests.request(.put, .more, id: 3))
    expectViolation(state.next(in: LarderWireTests.request(.put, .more, id: 3)), .malformedFrame)
    state = .ready()
    _ = state.next(in: LarderWireTests.request(.put, .more, id: 3))
    expectViolation(state.next(in: LarderWireTests.request(.ping, id: 3)), .protocolViolation)
  }

  @Test("64 requests may be open; a 65th waits, and does not hold up a PUT's further frames")
  func inFlight() {
    var state = ServerConnectionState.ready()
    _ = state.next(in: LarderWireTests.request(.put, .more, id: 1_000))
    for id in 1..<UInt64(WireLimits.requestsInFlightMax) {
      guard case .frame = state.next(in: LarderWireTests.request(.ping, id: id)) else {
        Issue.record("request \(id) was not taken")
        return
      }
    }
    let oneMore = LarderWireTests.request(.ping, id: 500)
    #expect(state.next(in: oneMore) == .full)
    // Known from the header alone: no room is made for a body that cannot be taken yet.
    #expect(state.next(in: frame(kind: 2, id: 500, length: 4_194_304)) == .full)
    guard case .frame = state.next(in: LarderWireTests.request(.put, .data, id: 1_000)) else {
      Issue.record("the PUT was held up")
      return
    }
    state.answered(1)
    guard case .frame = state.next(in: oneMore) else {
      Issue.record("no room after an answer")
      return
    }
  }

  private func expectViolation(
    _ step: Step, _ code: ErrorCode, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    guard case .violation(let error, _, _) = step else {
      Issue.record("no violation but \(step)", sourceLocation: sourceLocation)
      return
    }
    #expect(error.code == code, sourceLocation: sourceLocation)
  }
}
