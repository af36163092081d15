/// Tells what is asked for a second time from what is asked for once, so that one pass over
/// everything does not empty the hot tier.
///
/// A direct-mapped table of 32-bit fingerprints, 256 KiB: a later key takes the place of an earlier
/// one, which is all the ageing that it needs. It remembers some 65,536 keys, as many as 256 MiB
/// hold of 4 KiB each. A wrong "again" comes once in 2^32 questions and costs a copy.
struct Doorkeeper: Sendable {
  private var fingerprints = [UInt32](repeating: 0, count: 1 << 16)

  /// Notes a key by its hash.
  ///
  /// - Returns: whether it was noted before and not forgotten since.
  mutating func note(_ hash: Int) -> Bool {
    let bits = UInt64(truncatingIfNeeded: UInt(bitPattern: hash))
    let slot = Int(bits & UInt64(fingerprints.count - 1))
    let fingerprint = UInt32(truncatingIfNeeded: bits >> 32) | 1
    defer { fingerprints[slot] = fingerprint }
    return fingerprints[slot] == fingerprint
  }
}
