import LarderCore

@testable import LarderWire

/// A digest of 32 equal bytes.
func digest(_ byte: UInt8) -> Digest {
  Array(repeating: byte, count: 32).withUnsafeBytes { Digest(copying: $0) }
}

/// A frame with any header at all, valid or not.
func frame(
  kind: UInt8, flags: UInt8 = 0, reserved: UInt16 = 0, id: UInt64 = 1, length: UInt32? = nil,
  body: [UInt8] = []
) -> [UInt8] {
  var bytes: [UInt8] = []
  bytes.append(littleEndian: length ?? UInt32(body.count))
  bytes.append(kind)
  bytes.append(flags)
  bytes.append(littleEndian: reserved)
  bytes.append(littleEndian: id)
  return bytes + body
}

/// A valid frame from a client.
func request(
  _ verb: Verb, _ flags: FrameFlags = [], id: UInt64 = 1, body: [UInt8] = []
) -> [UInt8] {
  frame(kind: verb.rawValue, flags: flags.rawValue, id: id, body: body)
}

/// A valid frame from the daemon.
func reply(
  _ verb: Verb, _ flags: FrameFlags = [], id: UInt64 = 1, body: [UInt8] = []
) -> [UInt8] {
  frame(kind: verb.rawValue, flags: flags.union(.reply).rawValue, id: id, body: body)
}

extension ServerConnectionState {
  mutating func next(in bytes: [UInt8]) -> Step { bytes.withUnsafeBytes { next(in: $0) } }

  /// A state whose HELLO came and was answered.
  static func ready() -> ServerConnectionState {
    var state = ServerConnectionState()
    _ = state.next(in: request(.hello, id: 0))
    state.answered(0)
    return state
  }
}

extension ClientConnectionState {
  mutating func next(in bytes: [UInt8]) -> Step { bytes.withUnsafeBytes { next(in: $0) } }
}

/// Pseudo-random numbers from a seed: SplitMix64 (Steele, Lea, Flood 2014).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
    return value ^ (value >> 31)
  }
}
