/// Content-defined cutting: FastCDC of 2020 (Xia et al., "The Design of Fast Content-Defined
/// Chunking for Data Deduplication Based Storage Systems", IEEE TPDS 31, 2020) at normalization
/// level 2.
///
/// A cut falls where a rolling hash of the last bytes has zeros under a mask: more of them before
/// the average length, fewer after it. So the same bytes are cut at the same places wherever they
/// stand in a blob. Two bytes are hashed in one step, with the table shifted by one for the first.
/// Some 2.5 GB/s beyond the minimum of each chunk, which is not looked at.
package struct FastCDC: Sendable {
  let sizes: ChunkSizes
  private let gear: GearTable
  /// Before the average: two bits more than its logarithm.
  private let strictMask: UInt64
  /// Behind the average: two bits fewer.
  private let looseMask: UInt64

  package init(_ sizes: ChunkSizes) { self.init(sizes, gear: .standard) }

  init(_ sizes: ChunkSizes, gear: GearTable) {
    self.sizes = sizes
    self.gear = gear
    let bits = sizes.average.trailingZeroBitCount
    strictMask = FastCDC.masks[bits + 2 - FastCDC.firstMaskBits]
    looseMask = FastCDC.masks[bits - 2 - FastCDC.firstMaskBits]
  }

  /// The end of the next chunk, and the hash there.
  ///
  /// - Parameter bytes: what is left of the blob, or its next `maximum` bytes at least; with fewer,
  ///   an end before the last of them is right and one at it is not known yet.
  /// - Returns: a length of 0 to `bytes.count`, at most `maximum`, which is all that is left where
  ///   no cut was found.
  package func cut(_ bytes: UnsafeRawBufferPointer) -> (length: Int, hash: UInt64) {
    guard bytes.count > sizes.minimum, let start = bytes.baseAddress else {
      return (bytes.count, 0)
    }
    let end = min(bytes.count, sizes.maximum)
    var cut = Scan(hash: 0, at: sizes.minimum & ~1)
    if scan(start, &cut, to: min(sizes.average, end) & ~1, strictMask)
      || scan(start, &cut, to: end & ~1, looseMask)
    {
      return (cut.at, cut.hash)
    }
    return (end, cut.hash)
  }

  private struct Scan {
    var hash: UInt64
    var at: Int
  }

  /// Rolls the hash from `cut.at` to `end`, both even, and tells whether it met zeros under `mask`;
  /// then `cut.at` is the place.
  @inline(__always)
  private func scan(
    _ start: UnsafeRawPointer, _ cut: inout Scan, to end: Int, _ mask: UInt64
  ) -> Bool {
    let table = gear.values
    let shiftedTable = gear.shiftedValues
    let shiftedMask = mask << 1
    var hash = cut.hash
    var at = cut.at
    defer { cut = Scan(hash: hash, at: at) }
    while at < end {
      let first = Int(start.load(fromByteOffset: at, as: UInt8.self))
      hash = (hash << 2) &+ shiftedTable[first]
      if hash & shiftedMask == 0 { return true }
      let second = Int(start.load(fromByteOffset: at + 1, as: UInt8.self))
      hash = hash &+ table[second]
      if hash & mask == 0 {
        at += 1
        return true
      }
      at += 2
    }
    return false
  }

  private static let firstMaskBits = 8

  /// Masks of 8 to 22 one bits, spread as the authors' own implementation spreads them.
  private static let masks: [UInt64] = [
    0x0000_0018_0003_5300, 0x0000_0190_0035_3000, 0x0000_5900_0353_0000, 0x0000_d900_0353_0000,
    0x0000_d901_0353_0000, 0x0000_d903_0353_0000, 0x0000_d903_1353_0000, 0x0000_d90f_0353_0000,
    0x0000_d903_0353_7000, 0x0000_d907_0353_7000, 0x0000_d907_0753_7000, 0x0000_d917_0753_7000,
    0x0000_d917_4753_7000, 0x0000_d917_6753_7000, 0x0000_d937_6753_7000,
  ]
}
