import LarderCore

/// What an OPEN reply begins with: the length of its JSON, u32; the JSON and the blobs follow.
package enum OpenHead {
  /// Bytes of the length.
  package static let byteCount = 4

  /// - Throws: `malformedFrame` for fewer than 4 bytes, or a length above `jsonReplyMax`.
  package static func decode(_ bytes: UnsafeRawBufferPointer) throws(WireError) -> Int {
    guard bytes.count >= byteCount else {
      throw WireError(.malformedFrame, "OPEN's reply begins with 4 bytes of length")
    }
    let length: UInt32 = bytes.littleEndian(at: 0)
    guard length <= WireLimits.jsonReplyMax else {
      throw WireError(
        .malformedFrame,
        "\(length) bytes of JSON in OPEN's reply: the limit is "
          + "\(WireLimits.jsonReplyMax)")
    }
    return Int(length)
  }

  /// The length and the JSON.
  ///
  /// - Precondition: `json` has at most `jsonReplyMax` bytes.
  package static func encode(json: [UInt8]) -> [UInt8] {
    precondition(json.count <= WireLimits.jsonReplyMax, "OPEN's JSON has at most 64 MiB")
    var bytes: [UInt8] = []
    bytes.reserveCapacity(byteCount + json.count)
    bytes.append(littleEndian: UInt32(json.count))
    bytes.append(contentsOf: json)
    return bytes
  }
}
