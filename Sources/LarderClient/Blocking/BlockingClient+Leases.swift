import LarderMessages
import LarderWire

extension BlockingClient {
  /// Blobs that are not evicted until the lease ends.
  public struct BlobLease: Sendable, Hashable {
    /// The daemon's name for it, unique for as long as that runs.
    public let number: UInt64
    /// How long it lasts from when it was granted; nil for as long as its connection.
    public let duration: Duration?
    /// Sizes of its blobs, each once; they count against the realm's budget.
    public let sizeBytes: Int64
  }

  /// Keeps blobs from eviction, all of them or none.
  ///
  /// - Parameters:
  ///   - digests: 1 to 10,000.
  ///   - duration: how long, in whole seconds, up to a day: the lease then outlives this
  ///     connection, not the daemon. Without one it ends with the connection, however that ends.
  /// - Throws: `notFound` with the first digest that is not there as subject; `tooLarge` for more
  ///   than a realm may lease, `busy` while others are leased.
  public func lease(
    _ digests: [BlobDigest], for duration: Duration? = nil
  ) throws(ClientError) -> BlobLease {
    let seconds = duration.map { $0.components.seconds + ($0.components.attoseconds > 0 ? 1 : 0) }
    let reply: LeaseMessage.Reply = try control(
      .lease, LeaseMessage.Request(digests: digests.map(\.value), seconds: seconds))
    return BlobLease(
      number: reply.lease, duration: reply.seconds.map { .seconds($0) }, sizeBytes: reply.bytes)
  }

  /// Ends a lease: one of this connection, or one with a duration that this user took.
  ///
  /// - Throws: `notFound` for one that has ended.
  public func release(_ lease: BlobLease) throws(ClientError) {
    let _: EmptyMessage = try control(.release, LeaseMessage.Release(lease: lease.number))
  }
}
