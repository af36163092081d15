import LarderCore
import LarderMessages
import LarderWire

extension LarderClient {
  /// Blobs that are not evicted until the lease ends.
  public struct BlobLease: Sendable, Hashable {
    /// The daemon's name for it, unique for as long as that runs.
    public let number: UInt64
    /// How long it lasts from when it was granted; nil for as long as its connection.
    public let duration: Duration?
    /// Sizes of its blobs, each once; they count against the realm's budget.
    public let sizeBytes: Int64

    init(_ reply: LeaseMessage.Reply) {
      number = reply.lease
      duration = reply.seconds.map { .seconds($0) }
      sizeBytes = reply.bytes
    }
  }

  /// Keeps blobs from eviction while `body` runs.
  ///
  /// The lease belongs to the connection. Where that is lost it is taken again on the next one,
  /// which is made at once and not only for the next call; in between, and for good where one of
  /// the blobs is gone by then, the blobs are not kept.
  ///
  /// - Parameter digests: 1 to 10,000, of 1 GiB in all.
  /// - Throws: what `body` throws; else `ClientError`, before `body` runs: `notFound` with the
  ///   first digest that is not there as subject, `tooLarge` for more than a realm may lease,
  ///   `busy` while others are leased, and without a daemon one whose `isUnavailable` is true.
  public func withLease<Result>(
    of digests: [BlobDigest], _ body: () async throws -> Result
  ) async throws -> Result {
    let lease = ScopedLease(body: try JSONBody.encode(LeaseMessage.Request(digests, for: nil)))
    let call = Call(
      verb: .lease, body: lease.body, silenceMax: options.replyTimeout, reply: lease)
    try await suspend(for: call) { lease.begin($0) } as Void
    let mailbox = try mailbox()
    // After `close` there is nothing to release.
    defer { _ = mailbox.post(.release(lease)) }
    return try await body()
  }

  /// Keeps blobs from eviction for a time, whatever becomes of this client; not beyond the daemon's
  /// own life. One that was granted to a cancelled task lasts as long.
  ///
  /// - Parameters:
  ///   - digests: 1 to 10,000, of 1 GiB in all.
  ///   - duration: up to a day; parts of a second count as a whole one.
  /// - Throws: as `withLease`, and `badRequest` for a duration that is none.
  public func lease(
    _ digests: [BlobDigest], for duration: Duration
  ) async throws(ClientError) -> BlobLease {
    BlobLease(try await control(.lease, LeaseMessage.Request(digests, for: duration)))
  }

  /// Ends a lease that this user took.
  ///
  /// - Throws: `notFound` for one that has ended.
  public func release(_ lease: BlobLease) async throws(ClientError) {
    let _: EmptyMessage = try await control(
      .release, LeaseMessage.Release(lease: lease.number))
  }
}

extension LeaseMessage.Request {
  /// - Parameter duration: in whole seconds, rounded up.
  init(_ digests: [BlobDigest], for duration: Duration?) {
    self.init(
      digests: digests.map(\.value),
      seconds: duration.map { $0.components.seconds + ($0.components.attoseconds > 0 ? 1 : 0) })
  }
}
