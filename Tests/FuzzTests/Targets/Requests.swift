import LarderWire

/// Whatever the reads that a stream comes in, the daemon's side sees the same frames, and the same
/// end.
func fuzzRequests(_ bytes: UnsafeRawBufferPointer) throws(FuzzFinding) {
  var input = FuzzInput(bytes)
  let cuts = Cuts(&input)
  let whole = try requests(in: input.rest, Cuts.none)
  let cut = try requests(in: input.rest, cuts)
  try hold(whole == cut, "the reads do not matter: \(whole) and \(cut)")
}

private enum RequestEvent: Equatable {
  case step(ServerConnectionState.Step, body: [UInt8])
  /// Nothing more came; so many bytes are of no whole frame.
  case end(unread: Int)
  /// Only answers could go on, and all are given.
  case stuck
}

private func requests(
  in stream: UnsafeRawBufferPointer, _ cuts: Cuts
) throws(FuzzFinding) -> [RequestEvent] {
  var (cuts, rest) = (cuts, stream)
  var buffer = FrameBuffer()
  var state = ServerConnectionState()
  var events: [RequestEvent] = []
  /// Those with an odd id are answered at once, even before their last frame; the others when the
  /// connection is full.
  var unanswered: [UInt64] = []
  while true {
    let step = state.next(in: buffer.unread)
    switch step {
    case .needs(let count):
      try hold(
        count > buffer.count && count <= FrameBuffer.bytesMax,
        "\(count) bytes are more than \(buffer.count), and a frame at most")
      guard !rest.isEmpty else { return events + [.end(unread: buffer.count)] }
      let space = buffer.space(toHold: count)
      let part = UnsafeRawBufferPointer(rebasing: rest.prefix(min(cuts.length(), space.count)))
      space.copyMemory(from: part)
      buffer.append(filled: part.count)
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(part.count))
    case .full:
      try hold(state.openRequests == WireLimits.requestsInFlightMax, "64 are full")
      guard !unanswered.isEmpty else { return events + [.stuck] }
      for id in unanswered { state.answered(id) }
      unanswered = []
    case .frame(let frame, let consumed):
      events.append(.step(step, body: Array(buffer.unread[frame.body])))
      buffer.consume(consumed)
      if frame.id % 2 == 1 {
        state.answered(frame.id)
      } else if frame.isFirst {
        unanswered.append(frame.id)
      }
    case .discarded(let consumed), .unknownVerb(_, _, let consumed):
      events.append(.step(step, body: []))
      buffer.consume(consumed)
    case .violation:
      try hold(state.next(in: buffer.unread) == step, "a violation is the end")
      return events + [.step(step, body: [])]
    }
  }
}
