package import LarderCore

/// LEASE and RELEASE: blobs that are not evicted for a while.
package enum LeaseMessage {
  /// Which blobs to keep, and for how long.
  package struct Request: Codable, Sendable {
    /// All of them are leased, or none.
    package var digests: [Digest]
    /// How long, whatever becomes of the connection; absent for as long as that lasts.
    package var seconds: Int64?

    package init(digests: [Digest], seconds: Int64? = nil) {
      self.digests = digests
      self.seconds = seconds
    }
  }

  /// The lease that was given.
  package struct Reply: Codable, Sendable, Equatable {
    /// Its number, for RELEASE.
    package var lease: UInt64
    /// As in the request.
    package var seconds: Int64?
    /// Sizes of its blobs, each once.
    package var bytes: Int64

    package init(lease: UInt64, seconds: Int64? = nil, bytes: Int64) {
      self.lease = lease
      self.seconds = seconds
      self.bytes = bytes
    }
  }

  /// The lease that is to end.
  package struct Release: Codable, Sendable {
    package var lease: UInt64

    package init(lease: UInt64) { self.lease = lease }
  }
}
