import LarderPlatform

/// gRPC (HTTP/2): `BatchReadBlobs` of the Remote Execution API, one blob a call.
///
/// The first call tells the server all headers, from then on each is one byte (HPACK, RFC 7541): as
/// prepared as requests can be.
struct GRPCDialogue: Dialogue {
  private static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
  /// The widest window and the largest frames: a server need not wait for us.
  private static let windowBytes: UInt32 = 1 << 31 - 1
  private static let firstWindowBytes: UInt32 = 65_535
  private static let frameBytes: UInt32 = 1 << 24 - 1
  /// The window is opened again after so many bytes.
  private static let windowStep = 1 << 20
  /// Bytes of an answer before its value: lengths, digest, size.
  private static let headMax = 128

  private var cursor: RequestCursor
  private let first: [UInt8]
  private let valueSize: Int
  private var nextStream: UInt32 = 3
  /// Bytes of values that came since the window was last opened.
  private var received = 0
  /// What the server wants to hear.
  private var owed: [UInt8] = []
  /// By slot: bytes of the value that are to come; nil before its head.
  private var left = [Int?](repeating: nil, count: AnswerPart.requestsMax)

  init(_ requests: PreparedRequests, first: [UInt8], from place: Int, valueSize: Int) {
    cursor = RequestCursor(requests, from: place)
    self.first = first
    self.valueSize = valueSize
  }

  mutating func open(_ connection: borrowing ClientSocket) throws {
    // SETTINGS_INITIAL_WINDOW_SIZE is 4, SETTINGS_MAX_FRAME_SIZE is 5.
    let settings =
      [0, 4] + HTTP2Frame.number(GRPCDialogue.windowBytes) + [0, 5]
      + HTTP2Frame.number(GRPCDialogue.frameBytes)
    let window = HTTP2Frame.number(GRPCDialogue.windowBytes - GRPCDialogue.firstWindowBytes)
    try connection.write(
      GRPCDialogue.preface + HTTP2Frame.bytes(.settings, settings)
        + HTTP2Frame.bytes(.windowUpdate, window) + first)
    var hasEnded = false
    while !hasEnded {
      let head = try connection.read(exactly: HTTP2Frame.byteCount)
      guard let frame = head.withUnsafeBytes({ HTTP2Frame(reading: $0) }) else { continue }
      let body = try connection.read(exactly: frame.length)
      try body.withUnsafeBytes { try note(frame, $0) }
      hasEnded = frame.endsStream
    }
    try connection.write(owed)
    owed = []
  }

  mutating func ask(_ count: Int, into requests: inout RequestBuffer) {
    if received >= GRPCDialogue.windowStep {
      owed += HTTP2Frame.bytes(.windowUpdate, HTTP2Frame.number(UInt32(received)))
      received = 0
    }
    owed.withUnsafeBytes { requests.append($0) }
    owed.removeAll(keepingCapacity: true)
    var place = requests.count
    cursor.copy(count, into: &requests)
    for _ in 0..<count {
      for offset in [GRPCRequest.headersStream, GRPCRequest.dataStream] {
        requests.bytes.storeBytes(
          of: nextStream.bigEndian, toByteOffset: place + offset, as: UInt32.self)
      }
      nextStream += 2
      place += cursor.stride
    }
  }

  mutating func next(
    in bytes: UnsafeRawBufferPointer, taster: ((UnsafeRawBufferPointer) -> Void)?
  ) throws -> AnswerPart {
    guard let frame = HTTP2Frame(reading: bytes) else { return .unknown }
    let body = UnsafeRawBufferPointer(rebasing: bytes[HTTP2Frame.byteCount...])
    guard frame.kind == .data || frame.kind == .headers else {
      guard body.count >= frame.length else { return .unknown }
      try note(frame, UnsafeRawBufferPointer(rebasing: body[..<frame.length]))
      return AnswerPart(head: HTTP2Frame.byteCount + frame.length)
    }
    let slot = Int(frame.stream >> 1) % AnswerPart.requestsMax
    var part = AnswerPart(
      head: HTTP2Frame.byteCount, tail: frame.length, isLast: frame.endsStream, request: slot)
    if part.isLast { left[slot] = nil }
    guard frame.kind == .data, frame.length > 0 else { return part }
    received += frame.length
    var value: Int
    var head = 0
    if let rest = left[slot] {
      value = rest
    } else {
      // Without its trailer a head fits into any first frame.
      guard body.count >= min(frame.length, GRPCDialogue.headMax) else { return .unknown }
      (head, value) = try GRPCDialogue.head(body)
    }
    let here = min(value, frame.length - head)
    left[slot] = value - here
    part.head += head
    part.body = here
    part.tail = frame.length - head - here
    return part
  }

  /// A frame that is about the connection.
  private mutating func note(_ frame: HTTP2Frame, _ body: UnsafeRawBufferPointer) throws {
    let isAnswer = frame.flags & HTTP2Frame.acknowledged != 0
    switch frame.kind {
    case .settings where !isAnswer:
      owed += HTTP2Frame.bytes(.settings, flags: HTTP2Frame.acknowledged, [])
    case .ping where !isAnswer:
      owed += HTTP2Frame.bytes(.ping, flags: HTTP2Frame.acknowledged, Array(body))
    case .goAway, .resetStream: throw WrongAnswer(body.text)
    default: break
    }
  }

  /// The bytes before a value, and the value's: a message of one response with digest and data.
  private static func head(_ bytes: UnsafeRawBufferPointer) throws -> (head: Int, value: Int) {
    var reader = ProtobufReader(bytes, from: GRPCRequest.prefixBytes)
    guard reader.field() == 1, reader.length() != nil else { throw WrongAnswer(bytes.text) }
    while let field = reader.field(), let length = reader.length() {
      if field == 2 { return (reader.place, length) }
      // The digest; a status in front of the data, or none, is what a blob has that is not there.
      guard field == 1 else { break }
      reader.place += length
    }
    throw WrongAnswer(bytes.text)
  }
}

/// Fields with a length (Protocol Buffers' wire type 2).
private struct ProtobufReader {
  private let bytes: UnsafeRawBufferPointer
  var place: Int

  init(_ bytes: UnsafeRawBufferPointer, from place: Int) {
    self.bytes = bytes
    self.place = place
  }

  /// The next field's number; nil for one of another type.
  mutating func field() -> Int? {
    guard let tag = length(), tag & 7 == 2 else { return nil }
    return tag >> 3
  }

  mutating func length() -> Int? {
    var value = 0
    for shift in stride(from: 0, to: 35, by: 7) {
      guard place < bytes.count else { return nil }
      let byte = bytes[place]
      place += 1
      value |= Int(byte & 127) << shift
      if byte < 128 { return value }
    }
    return nil
  }
}
