import LarderCore

/// What a route leads to, before anybody asks how much of it is wanted.
struct Representation: Sendable {
  /// Where its bytes are.
  enum Content: Sendable {
    case bytes([UInt8])
    case blob(BlobStat)
  }

  /// How long it holds (RFC 9111).
  enum Lifetime: String, Sendable {
    /// For ever: the URL names the bytes. A year, which is what caches take for that.
    case content = "private, max-age=31536000, immutable"
    /// Until it is asked for again: what the URL leads to moves.
    case pointer = "private, no-cache"
  }

  let content: Content
  let digest: Digest
  /// With its parameters.
  let mediaType: String
  let lifetime: Lifetime
  /// Where the time went, as `Server-Timing` names it.
  let phase: String

  init(
    _ content: Content, _ digest: Digest, type: String, lifetime: Lifetime, phase: String
  ) {
    self.content = content
    self.digest = digest
    mediaType = Self.isText(type) ? "\(type); charset=utf-8" : type
    self.lifetime = lifetime
    self.phase = phase
  }

  var size: Int64 {
    switch content {
    case .bytes(let bytes): Int64(bytes.count)
    case .blob(let stat): stat.size.value
    }
  }

  /// A strong tag: equal ones are equal bytes.
  var entityTag: String { "\"\(digest.hex)\"" }

  /// Whether a browser would run scripts of it where somebody opens its URL: in a document of the
  /// gateway's own origin, from which every remote can be read.
  var isDocument: Bool {
    ["text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "application/xml"]
      .contains { mediaType.hasPrefix($0) }
  }

  private static func isText(_ type: String) -> Bool {
    type.hasPrefix("text/") || type == "application/json" || type == "image/svg+xml"
  }
}
