/// SplitMix64 (Steele, Lea and Flood, 2014): a test's randomness, from a seed that it prints.
package struct Seeded: RandomNumberGenerator {
  private var state: UInt64

  package init(_ seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
    return value ^ value >> 31
  }

  /// Bytes that LZ4 cannot shorten.
  package mutating func noise(_ count: Int) -> [UInt8] {
    // Eight at a time: tests without optimisation spend their time here.
    [UInt8](unsafeUninitializedCapacity: count + 8) { buffer, filled in
      for place in stride(from: 0, to: count, by: 8) {
        UnsafeMutableRawBufferPointer(buffer).storeBytes(
          of: next(), toByteOffset: place, as: UInt64.self)
      }
      filled = count
    }
  }

  /// Bytes that LZ4 shortens well.
  package mutating func text(_ count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count { bytes += Array("export const n\(next() % 100) = 1;\n".utf8) }
    return Array(bytes.prefix(count))
  }
}
