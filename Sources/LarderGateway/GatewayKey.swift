import LarderCore

/// What the paths of a gateway begin with, so that only who was told can name anything behind it.
///
/// Any page that a browser of this machine shows may send requests to a loopback port, and other
/// users' processes may as well: the port alone is no secret.
package struct GatewayKey: Hashable, Sendable {
  /// Random bytes in a key: nobody guesses 128 bits over HTTP.
  package static let byteCount = 16

  /// 32 hexadecimal digits.
  package let text: String

  /// Reads what `text` wrote; nil for anything else.
  package init?(_ text: some StringProtocol) {
    guard let bytes = Hex.decode(text), bytes.count == Self.byteCount else { return nil }
    self.init(bytes)
  }

  /// A new one.
  package init(using random: inout some RandomNumberGenerator) {
    self.init((0..<Self.byteCount).map { _ in UInt8.random(in: .min ... .max, using: &random) })
  }

  private init(_ bytes: [UInt8]) { text = Hex.encode(bytes) }

  /// Whether a path's segment is the key, in a time that does not tell how much of it is right.
  func matches(_ segment: Substring) -> Bool {
    guard segment.utf8.count == text.utf8.count else { return false }
    return zip(segment.utf8, text.utf8).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
