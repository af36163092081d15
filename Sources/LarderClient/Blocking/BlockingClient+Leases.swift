import LarderMessages
import LarderWire

extension BlockingClient {
  /// Keeps blobs from eviction, all of them or none.
  ///
  /// - Parameters:
  ///   - digests: 1 to 10,000.
  ///   - duration: how long, in whole seconds, up to a day: the lease then outlives this
  ///     connection, not the daemon. Without one it ends with the connection, however that ends.
  /// - Throws: `notFound` with the first digest that is not there as subject; `tooLarge` for more
  ///   than a realm may lease, `busy` while others are leased.
  package func lease(
    _ digests: [BlobDigest], for duration: Duration? = nil
  ) throws(ClientError) -> LarderClient.BlobLease {
    let reply: LeaseMessage.Reply = try control(
      .lease, LeaseMessage.Request(digests, for: duration))
    return LarderClient.BlobLease(reply)
  }

  /// Ends a lease: one of this connection, or one with a duration that this user took.
  ///
  /// - Throws: `notFound` for one that has ended.
  package func release(_ lease: LarderClient.BlobLease) throws(ClientError) {
    let _: EmptyMessage = try control(.release, LeaseMessage.Release(lease: lease.number))
  }
}
