extension Digest: Codable {
  /// Reads the 64 hexadecimal digits that JSON bodies carry.
  ///
  /// - Throws: `DecodingError.dataCorrupted` for any other text.
  @usableFromInline package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let digest = Digest(hex: text) else {
      throw DecodingError.dataCorruptedError(
        in: container,
        debugDescription: "a digest is 64 hexadecimal digits, not '\(text.prefix(80))'")
    }
    self = digest
  }

  /// Writes 64 lower-case hexadecimal digits.
  @usableFromInline package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(hex)
  }
}
