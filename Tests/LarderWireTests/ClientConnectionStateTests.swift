import Testing

@testable import LarderWire

@Suite("ClientConnectionState")
struct ClientConnectionStateTests {
  @Test("replies are matched to their requests, in any order")
  func matching() {
    var state = ClientConnectionState()
    let first = state.begin(.ping)
    let second = state.begin(.has)
    #expect(first != second)
    #expect(
      state.next(in: reply(.has, id: second, body: [1]))
        == .frame(
          ReplyFrame(
            verb: .has, id: second, body: 16..<17, isData: false, isPlaces: false, isSlabs: false,
            isError: false, isLast: true),
          consumed: 17))
    #expect(state.openRequests == 1)
    guard case .frame = state.next(in: reply(.ping, id: first)) else {
      Issue.record("the first reply was not taken")
      return
    }
    #expect(state.openRequests == 0)
  }

  @Test("a reply goes on until a frame without MORE")
  func more() {
    var state = ClientConnectionState()
    let id = state.begin(.get)
    guard
      case .frame(let frame, _) = state.next(in: reply(.get, [.more, .data], id: id, body: [1]))
    else {
      Issue.record("no frame")
      return
    }
    #expect(frame.isData && !frame.isLast)
    #expect(state.openRequests == 1)
    guard case .frame(let last, _) = state.next(in: reply(.get, .data, id: id)) else {
      Issue.record("no last frame")
      return
    }
    #expect(last.isLast)
    #expect(state.openRequests == 0)
  }

  @Test("an ERROR ends its request")
  func error() {
    var state = ClientConnectionState()
    let id = state.begin(.plan)
    guard case .frame(let frame, _) = state.next(in: reply(.plan, .error, id: id)) else {
      Issue.record("no frame")
      return
    }
    #expect(frame.isError && frame.isLast)
    #expect(state.openRequests == 0)
  }

  @Test("an ERROR to no request is about the connection, whatever its header repeats")
  func connectionError() {
    var state = ClientConnectionState()
    _ = state.begin(.ping)
    let bytes = frame(kind: 0, flags: 0x05, id: 999, body: [1, 2])
    #expect(state.next(in: Array(bytes[..<17])) == .needs(18))
    #expect(state.next(in: bytes) == .connectionError(body: 16..<18))
  }

  @Test(
    "what the daemon may not send is a violation",
    arguments: [
      frame(kind: 2, flags: 0, id: 1), frame(kind: 2, flags: 0x41, id: 1),
      frame(kind: 3, flags: 1, id: 1), frame(kind: 2, flags: 1, id: 2),
      frame(kind: 2, flags: 1, reserved: 1, id: 1), frame(kind: 2, flags: 7, id: 1),
      frame(kind: 2, flags: 1, id: 1, length: 4_194_305),
      frame(kind: 2, flags: 5, id: 9, length: 4_194_305),
    ])
  func violations(bytes: [UInt8]) {
    var state = ClientConnectionState()
    _ = state.begin(.ping)
    guard case .violation = state.next(in: bytes) else {
      Issue.record("no violation")
      return
    }
    guard case .violation = state.next(in: reply(.ping, id: 1)) else {
      Issue.record("the connection went on")
      return
    }
  }

  @Test("64 requests may be open")
  func inFlight() {
    var state = ClientConnectionState()
    for _ in 0..<WireLimits.requestsInFlightMax {
      #expect(state.canBegin)
      _ = state.begin(.ping)
    }
    #expect(!state.canBegin)
  }
}
