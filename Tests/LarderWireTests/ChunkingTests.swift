import LarderWire
import Testing

@Suite("Chunking of a byte stream")
struct ChunkingTests {
  @Test("any chunking gives the same events", arguments: (1...40).map { UInt64($0) })
  func chunking(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let stream = conversation(using: &generator)
    let whole = events(of: stream) { $0 }
    let chunked = events(of: stream) { Int.random(in: 1...max(1, $0), using: &generator) }
    let single = events(of: stream) { _ in 1 }
    #expect(chunked == whole, "seed \(seed)")
    #expect(single == whole, "seed \(seed)")
    #expect(!whole.isEmpty, "seed \(seed)")
  }

  /// HELLO, then random frames, most of them valid.
  private func conversation(using generator: inout SeededGenerator) -> [UInt8] {
    var stream = request(.hello, id: 0)
    var openPut: UInt64?
    for id in 1...UInt64(Int.random(in: 1...40, using: &generator)) {
      let body = (0..<Int.random(in: 0...300, using: &generator)).map { _ in
        UInt8.random(in: 0...255, using: &generator)
      }
      switch Int.random(in: 0..<12, using: &generator) {
      case 0: stream += frame(kind: 200, id: id, body: body)
      case 1: stream += frame(kind: 200, flags: 2, id: id, body: body) + frame(kind: 200, id: id)
      case 2, 3, 4:
        if let put = openPut {
          let isLast = Bool.random(using: &generator)
          stream += request(.put, isLast ? .data : [.data, .more], id: put, body: body)
          if isLast { openPut = nil }
        } else {
          stream += request(.put, .more, id: id, body: body)
          openPut = id
        }
      case 5 where Int.random(in: 0..<4, using: &generator) == 0:
        stream += frame(kind: 2, reserved: 7, id: id, body: body)
      default: stream += request(.ping, id: id, body: body)
      }
    }
    return stream
  }

  private func events(of stream: [UInt8], chunk: (Int) -> Int) -> [String] {
    var state = ServerConnectionState()
    var buffer: [UInt8] = []
    var place = 0
    var events: [String] = []
    while true {
      let step = state.next(in: buffer)
      switch step {
      case .needs:
        guard place < stream.count else { return events }
        let count = min(chunk(stream.count - place), stream.count - place)
        buffer += stream[place..<place + count]
        place += count
      case .frame(let frame, let consumed):
        events.append("\(frame) \(Array(buffer[frame.body]))")
        // A PUT stays open, so that its further frames are not dropped.
        if frame.isLast { state.answered(frame.id) }
        buffer.removeFirst(consumed)
      case .discarded(let consumed), .unknownVerb(_, _, let consumed):
        events.append("\(step)")
        buffer.removeFirst(consumed)
      case .full, .violation:
        events.append("\(step)")
        return events
      }
    }
  }
}
