package import LarderCore

/// The SHA-256 of a blob's bytes, by which it is stored and asked for.
public struct BlobDigest: Sendable, Hashable, CustomStringConvertible {
  package let value: Digest

  package init(_ value: Digest) { self.value = value }

  /// Reads 64 hexadecimal digits; nil for anything else.
  public init?(hex: String) {
    guard let value = Digest(hex: hex) else { return nil }
    self.value = value
  }

  /// 64 lower-case hexadecimal digits.
  public var hex: String { value.hex }

  /// As `hex`.
  public var description: String { hex }
}
