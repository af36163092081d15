import LarderCore

/// SipHash-2-4 (Aumasson and Bernstein, 2012): a 64-bit code that nobody can aim at without the
/// key.
///
/// It checks headers, where a plain CRC would let a stored blob imitate a record: CRCs are linear,
/// so a secret start value adds 32 bits of guessing at best. About 1.5 cycles a byte; never for
/// payloads.
struct SipHash {
  /// The secret, 128 bits.
  struct Key: Hashable, Sendable {
    let low: UInt64
    let high: UInt64

    /// A fresh one from the system's generator.
    static func random() -> Key {
      var generator = SystemRandomNumberGenerator()
      return Key(low: generator.next(), high: generator.next())
    }
  }

  private var v0: UInt64
  private var v1: UInt64
  private var v2: UInt64
  private var v3: UInt64

  private init(_ key: Key) {
    v0 = key.low ^ 0x736f_6d65_7073_6575
    v1 = key.high ^ 0x646f_7261_6e64_6f6d
    v2 = key.low ^ 0x6c79_6765_6e65_7261
    v3 = key.high ^ 0x7465_6462_7974_6573
  }

  /// The code of `extra`, as eight little-endian bytes, and `bytes` behind them: a number that is
  /// not stored, such as an offset.
  static func hash(_ bytes: UnsafeRawBufferPointer, extra: UInt64, key: Key) -> UInt64 {
    var state = SipHash(key)
    state.add(extra)
    return state.finish(bytes, total: bytes.count + 8)
  }

  /// The code of `bytes`.
  static func hash(_ bytes: UnsafeRawBufferPointer, key: Key) -> UInt64 {
    var state = SipHash(key)
    return state.finish(bytes, total: bytes.count)
  }

  private mutating func finish(_ bytes: UnsafeRawBufferPointer, total: Int) -> UInt64 {
    let whole = bytes.count & ~7
    for offset in stride(from: 0, to: whole, by: 8) {
      add(bytes.littleEndian(at: offset, as: UInt64.self))
    }
    var last = UInt64(truncatingIfNeeded: total) << 56
    for offset in whole..<bytes.count {
      last |= UInt64(bytes[offset]) << (8 * UInt64(offset - whole))
    }
    add(last)
    v2 ^= 0xff
    for _ in 0..<4 { round() }
    return v0 ^ v1 ^ v2 ^ v3
  }

  private mutating func add(_ word: UInt64) {
    v3 ^= word
    round()
    round()
    v0 ^= word
  }

  private mutating func round() {
    v0 &+= v1
    v1 = (v1 << 13 | v1 >> 51) ^ v0
    v0 = v0 << 32 | v0 >> 32
    v2 &+= v3
    v3 = (v3 << 16 | v3 >> 48) ^ v2
    v0 &+= v3
    v3 = (v3 << 21 | v3 >> 43) ^ v0
    v2 &+= v1
    v1 = (v1 << 17 | v1 >> 47) ^ v2
    v2 = v2 << 32 | v2 >> 32
  }
}
