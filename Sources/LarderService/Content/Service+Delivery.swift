import LarderCore

extension Service {
  /// Takes content, or progress, while it comes; suspends while its reader is slow.
  package typealias Delivery = @Sendable ([UInt8]) async throws(ServiceError) -> Void

  /// Delivers a stored blob from a place on.
  ///
  /// - Parameter fetch: what gave it and may give it again, with the rights of who reads it.
  func send(
    _ stat: BlobStat, after offset: Int64 = 0, of fetch: SharedFetch? = nil,
    for peer: RealmCapability, to deliver: Delivery?
  ) async throws(ServiceError) {
    guard let deliver else { return }
    var place = offset
    while place < stat.size.value {
      let range = place..<min(place + Self.deliverySize, stat.size.value)
      try await deliver(try await bytes(range, of: stat.digest, fetch, for: peer))
      place = range.upperBound
    }
  }

  /// A range of a blob, which is fetched again first if it is damaged.
  private func bytes(
    _ range: Range<Int64>, of digest: Digest, _ fetch: SharedFetch?, for peer: RealmCapability
  ) async throws(ServiceError) -> [UInt8] {
    do throws(ServiceError) {
      return try await content.read(digest, range: range, in: peer.readable)
    } catch {
      guard error.mayBeRefetched else { throw error }
      try await refetches.restore(digest, in: peer.readable, asking: fetch)
      return try await content.read(digest, range: range, in: peer.readable)
    }
  }

  /// Bytes that are in memory for one reader at a time: a stored chunk's most, so that each chunk
  /// is decoded once.
  private static let deliverySize: Int64 = 1 << 20
}
