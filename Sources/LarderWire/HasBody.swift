package import LarderCore

/// The body of a HAS request: 1 to `digestsMax` digests of 32 bytes.
package enum HasBody {
  /// - Throws: `badRequest` for a length that is no such list.
  package static func decode(_ body: UnsafeRawBufferPointer) throws(WireError) -> [Digest] {
    let count = try recordCount(in: body, of: Digest.byteCount, verb: .has)
    return (0..<count).map { index in
      Digest(copying: UnsafeRawBufferPointer(rebasing: body[(index * Digest.byteCount)...]))
    }
  }

  /// - Precondition: `digests` are 1 to `digestsMax`.
  package static func encode(_ digests: some Collection<Digest>) -> [UInt8] {
    precondition(
      (1...WireLimits.digestsMax).contains(digests.count), "HAS names 1 to 10,000 digests")
    var bytes: [UInt8] = []
    bytes.reserveCapacity(digests.count * Digest.byteCount)
    for digest in digests { bytes.append(digest) }
    return bytes
  }
}

/// How many records of `size` bytes `body` holds.
///
/// - Throws: `badRequest` unless that is a whole number from 1 to `max`.
func recordCount(
  in body: UnsafeRawBufferPointer, of size: Int, atMost max: Int = WireLimits.digestsMax,
  verb: Verb
) throws(WireError) -> Int {
  let (count, rest) = body.count.quotientAndRemainder(dividingBy: size)
  guard rest == 0, (1...max).contains(count) else {
    throw WireError(
      .badRequest,
      "\(verb.name) takes 1 to \(max) records of \(size) bytes, not "
        + "\(body.count) bytes")
  }
  return count
}
