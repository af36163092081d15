import LarderCore
import LarderMessages
import LarderWire

extension LarderClient {
  /// What is present after `ensure`.
  public struct EnsuredBlob: Sendable, Hashable {
    /// The content's name.
    public let digest: BlobDigest
    /// Its bytes.
    public let sizeBytes: Int64
    /// Whether nothing had to be fetched.
    public let wasStored: Bool
    /// Whether an integrity value was given and matched.
    public let isVerified: Bool
    /// Whether the origin was down, and this is what it gave last.
    public let isStale: Bool

    init(_ reply: EnsureMessage.Reply) {
      digest = BlobDigest(reply.digest)
      sizeBytes = reply.size.value
      wasStored = reply.source == .store
      isVerified = reply.verified
      isStale = reply.stale
    }
  }

  /// Makes a URL's content present: it is fetched once, however many ask for it, on this machine.
  ///
  /// - Parameters:
  ///   - url: `http` or `https`.
  ///   - integrity: a list as in Subresource Integrity; the strongest algorithm counts, and what is
  ///     stored with such a value is not fetched again. Without one the content is what the origin
  ///     gives now, or what it gave last if it is down.
  ///   - variant: tells representations of one URL apart.
  ///   - authorization: the value of an `Authorization` header, for the URL's own origin only.
  /// - Returns: the blob's digest, for `get` and `map`: nothing keeps it from eviction, so that the
  ///   next call may miss it.
  /// - Throws: `originUnavailable`, `originTimeout`, `originRefused`, `integrityMismatch` and
  ///   others that the daemon answers; without a daemon an error whose `isUnavailable` is true.
  public func ensure(
    _ url: String, integrity: String? = nil, variant: String? = nil, authorization: String? = nil
  ) async throws(ClientError) -> EnsuredBlob {
    EnsuredBlob(
      try await control(
        .ensure,
        EnsureMessage.Request(
          url: url, integrity: integrity, variant: variant, authorization: authorization)))
  }
}
