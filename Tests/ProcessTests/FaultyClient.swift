import LarderCore
import LarderWire

/// Makes connections that ask right and wrong things, and leaves them in every way there is.
struct FaultyClient {
  /// What the daemon has.
  struct Stored: Sendable {
    let small: [Digest]
    /// Larger than all buffers between daemon and client.
    let large: Digest
  }

  /// Requests, and frames that are none, that were sent so far.
  private(set) var requests = 0
  private let socket: String
  private let stored: Stored
  private var random: SeededGenerator
  /// Those that asked for much and read nothing; the oldest is closed first.
  private var silent: [RawConnection] = []

  init(_ socket: String, _ stored: Stored, seed: UInt64) {
    (self.socket, self.stored) = (socket, stored)
    random = SeededGenerator(seed: seed)
  }

  /// One connection from its beginning to its end.
  mutating func connect() throws {
    let connection = try RawConnection(socket)
    switch random.below(16) {
    case 0:
      // None of these is a HELLO.
      try connection.send(violation())
      return try connection.readToEnd()
    case 1: return try connection.send(Array(Self.hello.prefix(random.below(Self.hello.count))))
    default:
      try connection.send(Self.hello)
      _ = try connection.replies(1)
      requests += 1
    }
    for _ in 0..<random.below(8) {
      let count = 1 + random.below(16)
      try connection.send((0..<count).flatMap { request(id: UInt64($0 + 1)) })
      _ = try connection.replies(count)
    }
    try leave(connection)
  }

  private mutating func leave(_ connection: RawConnection) throws {
    switch random.below(10) {
    case 0:
      try connection.send(violation())
      try connection.readToEnd()
    case 1:
      // Its ingest is open, and what it announced never comes.
      try connection.send(frame(.put, .more, body: putHead() + random.bytes(random.below(100_000))))
      if random.below(2) == 0 {
        try connection.send(frame(.put, [.more, .data], body: random.bytes(1000)))
      }
    case 2: try connection.send(frame(.get, body: get(stored.large, as: .bytes)))
    case 3:
      // Descriptors that are on their way to nobody.
      for _ in 0..<4 { try connection.send(frame(.get, body: get(anySmall(), as: .places))) }
    case 4:
      try connection.send(frame(.watch, body: Array(#"{"known":{"nobody":null}}"#.utf8)))
    case 5:
      let request = request(id: 1)
      try connection.send(Array(request.prefix(random.below(request.count))))
    case 6:
      for id in 1...4 as ClosedRange<UInt64> {
        try connection.send(frame(.get, id: id, body: get(stored.large, as: .bytes)))
      }
      silent.append(connection)
      if silent.count > 4 { silent.removeFirst() }
    default: break
    }
    requests += 1
  }

  // MARK: - Requests

  /// One frame that is answered, rightly or with an error, and leaves the connection usable.
  private mutating func request(id: UInt64) -> [UInt8] {
    requests += 1
    switch random.below(20) {
    case 0: return frame(.ping, id: id, body: random.bytes(random.below(80)))
    case 1: return frame(.stats, id: id, body: random.bytes(random.below(2)))
    case 2, 3: return frame(.has, id: id, body: digests(random.below(30)))
    case 4: return frame(.has, id: id, body: random.bytes(random.below(100)))
    case 5, 6: return frame(.get, id: id, body: get(anySmall(), as: .bytes))
    case 7: return frame(.get, id: id, body: get(anySmall(), as: .places))
    case 8: return frame(.get, id: id, body: random.bytes(random.below(200)))
    case 9:
      let body = [0, 0, 0, 0, 0, 0, 0, 0] + random.bytes(48 * (1 + random.below(4)))
      return frame(.get, id: id, body: body)
    case 10: return frame(.put, id: id, body: putHead() + content(64))
    case 11: return frame(.put, id: id, body: putHead(size: 7) + content(9))
    case 12: return frame(.put, id: id, body: random.bytes(random.below(60)))
    case 13: return frame(.drop, id: id, body: random.bytes(8 * random.below(4)))
    case 14:
      // A kind that no version has.
      return header(200 + UInt8(random.below(56)), 0, id: id, length: 3) + random.bytes(3)
    case 15: return frame(.lease, id: id, body: lease())
    default:
      let verb = Self.jsonVerbs[random.below(Self.jsonVerbs.count)]
      return frame(verb, id: id, body: json())
    }
  }

  private static let jsonVerbs: [Verb] = [
    .ensure, .publish, .remote, .`init`, .override, .plan, .report, .open, .lease, .release, .pin,
    .unpin, .admin,
  ]

  /// What some verb takes, and what none does.
  private mutating func json() -> [UInt8] {
    let texts = [
      "", "{", "[]", "{}", "nul", #"{"session":"#, #"{"session":1e999}"#, #"{"digests":["00"]}"#,
      String(repeating: "[", count: 2_000), #"{"name":"\ud800"}"#, #"{"op":"none"}"#,
      #"{"op":"list"}"#, #"{"op":"show","name":"nobody"}"#, #"{"op":"add","name":"/","urls":[]}"#,
      #"{"op":"add","name":"nobody","urls":["file:///etc/passwd"]}"#,
      #"{"session":1,"host":{"name":"shell"}}"#, #"{"session":1,"shared":[]}"#,
      #"{"session":1,"requests":[{"remote":"nobody","expose":"./X"}]}"#,
      #"{"requests":[{"remote":"nobody","expose":"./X"}]}"#,
      #"{"session":1,"differences":[{"kind":"order"}]}"#, #"{"lease":7}"#,
      #"{"url":"ftp://nowhere/x"}"#, #"{"url":"https://a/","integrity":"md5-x"}"#,
      #"{"name":"nobody","release":"current"}"#, #"{"name":"nobody","variants":[]}"#,
    ]
    return Array(texts[random.below(texts.count)].utf8)
  }

  /// What the connection cannot go on after.
  private mutating func violation() -> [UInt8] {
    let kind = Verb.ping.rawValue
    switch random.below(7) {
    case 0: return [UInt8](repeating: 0, count: 64)
    case 1: return header(kind, 0x80, id: 1, length: 0)
    case 2: return header(kind, FrameFlags.reply.rawValue, id: 1, length: 0)
    case 3: return header(kind, 0, id: 1, length: 4_194_305)
    case 4: return header(kind, 0, id: 1, length: .max)
    case 5: return header(0, 0, id: 1, length: 1) + [1]
    default: return frame(.put, .data, body: [1, 2, 3])
    }
  }

  // MARK: - Bodies

  private mutating func anySmall() -> Digest {
    stored.small[random.below(stored.small.count)]
  }

  private mutating func digests(_ count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    for _ in 0..<count { bytes.append(anySmall()) }
    return bytes
  }

  private func get(_ digest: Digest, as reply: ContentReply) -> [UInt8] {
    GetBody([GetItem(digest)], as: reply).encode()
  }

  /// Fewer than `count` bytes, of which there are few: a store that is full of others would take
  /// more memory by right.
  private mutating func content(_ count: Int) -> [UInt8] {
    [UInt8](repeating: UInt8(random.below(4)), count: random.below(count))
  }

  private func putHead(size: Int64? = nil) -> [UInt8] {
    var bytes: [UInt8] = []
    PutHead(ack: .accepted, size: size.map { ByteCount($0) }).append(to: &bytes)
    return bytes
  }

  private mutating func lease() -> [UInt8] {
    Array(#"{"digests":["\#(anySmall().hex)"]}"#.utf8)
  }

  private static let hello: [UInt8] = {
    var bytes: [UInt8] = []
    bytes.appendFrame(
      .hello, [], id: 1, body: Array(#"{"protocol":[1,1],"client":"faulty"}"#.utf8))
    return bytes
  }()

  private func frame(
    _ verb: Verb, _ flags: FrameFlags = [], id: UInt64 = 1, body: [UInt8]
  ) -> [UInt8] {
    header(verb.rawValue, flags.rawValue, id: id, length: UInt32(body.count)) + body
  }

  /// Written out by hand: nothing of the code under test judges it.
  private func header(_ kind: UInt8, _ flags: UInt8, id: UInt64, length: UInt32) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(littleEndian: length)
    bytes += [kind, flags, 0, 0]
    bytes.append(littleEndian: id)
    return bytes
  }
}
