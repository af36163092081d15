package import LarderCore

/// ENSURE: make a URL present.
package enum EnsureMessage {
  /// Which URL, and what its bytes must be.
  package struct Request: Codable, Sendable {
    package var url: String
    /// A Subresource Integrity list; absent means: what the origin gives now.
    package var integrity: String?
    /// Whether the content itself is wanted before the last frame.
    package var bytes: Bool?
    /// Tells apart representations of one URL; empty unless the caller knows of several.
    package var variant: String?
    /// The value of an `Authorization` header, for the URL's own origin only.
    package var authorization: String?

    package init(
      url: String, integrity: String? = nil, bytes: Bool? = nil, variant: String? = nil,
      authorization: String? = nil
    ) {
      self.url = url
      self.integrity = integrity
      self.bytes = bytes
      self.variant = variant
      self.authorization = authorization
    }
  }

  /// Where the bytes came from.
  package enum Source: String, Codable, Sendable {
    case store, origin
  }

  /// What is present now.
  package struct Reply: Codable, Sendable, Equatable {
    package var digest: Digest
    package var size: ByteCount
    package var source: Source
    /// An integrity value was given and matched.
    package var verified: Bool
    /// The origin was down: these are the bytes that it gave last.
    package var stale: Bool

    package init(digest: Digest, size: ByteCount, source: Source, verified: Bool, stale: Bool) {
      self.digest = digest
      self.size = size
      self.source = source
      self.verified = verified
      self.stale = stale
    }
  }
}
