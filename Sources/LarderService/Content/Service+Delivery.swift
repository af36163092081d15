package import LarderCore

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
      let piece = try await piece(
        of: stat.digest, from: place, before: stat.size.value, fetch, for: peer)
      try await deliver(piece)
      place += Int64(piece.count)
    }
  }

  /// The bytes of a blob from `place` on, as many as are in memory for one reader at a time, up to
  /// `end`; content that turns out to be damaged is fetched again first.
  ///
  /// - Throws: `notFound`, `corrupt`, `io`.
  package func piece(
    of digest: Digest, from place: Int64, before end: Int64, for peer: RealmCapability
  ) async throws(ServiceError) -> [UInt8] {
    try await piece(of: digest, from: place, before: end, nil, for: peer)
  }

  /// All of a blob, for what is parsed or changed before it is sent.
  func wholeBlob(
    _ digest: Digest, for peer: RealmCapability
  ) async throws(ServiceError) -> [UInt8] {
    do throws(ServiceError) {
      return try await content.read(digest, in: peer.readable)
    } catch {
      guard error.mayBeRefetched else { throw error }
      try await refetches.restore(digest, in: peer.readable, asking: nil)
      return try await content.read(digest, in: peer.readable)
    }
  }

  private func piece(
    of digest: Digest, from place: Int64, before end: Int64, _ fetch: SharedFetch?,
    for peer: RealmCapability
  ) async throws(ServiceError) -> [UInt8] {
    // Up to the next multiple, so that each stored chunk is decoded once.
    let pieceEnd = min((place / Self.deliverySize + 1) * Self.deliverySize, end)
    return try await bytes(place..<pieceEnd, of: digest, fetch, for: peer)
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
