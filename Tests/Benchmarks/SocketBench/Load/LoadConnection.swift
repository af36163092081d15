import BenchRig

/// One client connection that always has as many requests under way.
final class LoadConnection<Speech: Dialogue> {
  /// As much as a socket holds.
  private static var bufferBytes: Int { 256 << 10 }

  let socket: ClientSocket
  private var dialogue: Speech
  private let valueSize: Int
  private let buffer = UnsafeMutableRawBufferPointer.allocate(
    byteCount: LoadConnection.bufferBytes, alignment: 64)
  private var filled = 0
  private var requests = RequestBuffer()

  /// Bytes of the value, and behind it, that are still to come of the part that was begun.
  private var bodyLeft = 0
  private var tailLeft = 0
  private var isLast = false
  private var request = 0
  /// Bytes of each request's value that came so far.
  private var valueBytes = [Int](repeating: 0, count: AnswerPart.requestsMax)

  /// When the requests under way were sent; answers are taken to come in their order.
  private var sentAt: [UInt64]
  private var oldest = 0
  private var underWay = 0

  /// Bytes of values that came.
  private(set) var receivedBytes = 0
  var latencies = Histogram()

  init(
    _ dialogue: Speech, path: String, valueSize: Int, depth: Int, isBlocking: Bool
  ) throws {
    socket = try ClientSocket(path: path, isBlocking: isBlocking)
    self.dialogue = dialogue
    self.valueSize = valueSize
    sentAt = [UInt64](repeating: 0, count: depth)
    try self.dialogue.open(socket)
  }

  deinit { buffer.deallocate() }

  /// Sends the first requests.
  func begin(_ count: Int) throws { try ask(count, now: Monotonic.nanoseconds) }

  /// Forgets what was counted.
  func reset() {
    receivedBytes = 0
    latencies = Histogram()
  }

  /// Reads once, takes the answers that are whole, and asks anew for each.
  func turn() throws {
    let count = try dialogue.receive(
      from: socket, into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
    guard count > 0 else { return }
    filled += count
    let now = Monotonic.nanoseconds
    let answered = try take(taster: nil)
    for _ in 0..<answered {
      latencies.add(now &- sentAt[oldest])
      oldest = oldest + 1 == sentAt.count ? 0 : oldest + 1
    }
    underWay -= answered
    if answered > 0 { try ask(answered, now: now) }
  }

  /// Asks for one value and waits for it, which `taster` gets piece by piece.
  func fetch(taster: (UnsafeRawBufferPointer) -> Void) throws {
    try ask(1, now: Monotonic.nanoseconds)
    try withoutActuallyEscaping(taster) { taster in
      while underWay > 0 {
        try socket.waitToRead()
        filled += try dialogue.receive(
          from: socket, into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
        underWay -= try take(taster: taster)
      }
    }
    oldest = 0
  }

  private func ask(_ count: Int, now: UInt64) throws {
    dialogue.ask(count, into: &requests)
    var place = (oldest + underWay) % sentAt.count
    for _ in 0..<count {
      sentAt[place] = now
      place = place + 1 == sentAt.count ? 0 : place + 1
    }
    underWay += count
    try socket.write(UnsafeRawBufferPointer(requests.bytes))
    requests.removeAll()
  }

  /// Goes through what was read.
  ///
  /// - Returns: answers that ended.
  private func take(taster: ((UnsafeRawBufferPointer) -> Void)?) throws -> Int {
    var place = 0
    var answered = 0
    while place < filled {
      if bodyLeft > 0 {
        let part = min(bodyLeft, filled - place)
        taster?(UnsafeRawBufferPointer(rebasing: buffer[place..<place + part]))
        place += part
        bodyLeft -= part
        receivedBytes += part
      } else if tailLeft > 0 {
        let part = min(tailLeft, filled - place)
        place += part
        tailLeft -= part
      } else {
        let rest = UnsafeRawBufferPointer(rebasing: buffer[place..<filled])
        let part = try dialogue.next(in: rest, taster: taster)
        if part.head == 0 { break }
        place += part.head
        (bodyLeft, tailLeft, isLast, request) = (part.body, part.tail, part.isLast, part.request)
        valueBytes[request] += part.body + part.placed
        receivedBytes += part.placed
      }
      if bodyLeft == 0, tailLeft == 0, isLast {
        guard valueBytes[request] == valueSize else {
          throw WrongAnswer("a value of \(valueBytes[request]) bytes instead of \(valueSize)")
        }
        (valueBytes[request], isLast) = (0, false)
        answered += 1
      }
    }
    if place > 0, place < filled {
      buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[place..<filled]))
    }
    filled -= place
    return answered
  }
}
