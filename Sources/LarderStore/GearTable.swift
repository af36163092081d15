import Crypto

/// One random-looking number for each byte: what FastCDC's rolling hash adds up.
///
/// Number *i* is the first eight bytes, big-endian, of the MD5 of byte *i* repeated 64 times: the
/// numbers that other implementations carry as a table. A chunk's boundaries do not follow from
/// the format on disk, but stores that cut alike share chunks.
struct GearTable: Sendable {
  // Safety: filled before it is published, never changed and never freed.
  nonisolated(unsafe) let values: UnsafePointer<UInt64>
  // Safety: as above; each value shifted left by one, for the first byte of a pair.
  nonisolated(unsafe) let shiftedValues: UnsafePointer<UInt64>

  static let standard = GearTable(seed: 0)

  /// - Parameter seed: combined with each number by exclusive or; the memory, 4 KiB, lives as long
  ///   as the process.
  init(seed: UInt64) {
    let table = UnsafeMutablePointer<UInt64>.allocate(capacity: 512)
    for byte in 0...UInt8.max {
      let hash = Insecure.MD5.hash(data: [UInt8](repeating: byte, count: 64))
      let value = hash.prefix(8).reduce(0 as UInt64) { $0 << 8 | UInt64($1) } ^ seed
      (table + Int(byte)).initialize(to: value)
      (table + 256 + Int(byte)).initialize(to: value << 1)
    }
    values = UnsafePointer(table)
    shiftedValues = UnsafePointer(table + 256)
  }
}
