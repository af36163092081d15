package import LarderCore

/// A blob of a realm, for lists.
package struct ListedBlob: Hashable, Sendable {
  package let digest: Digest
  package let size: ByteCount
  /// Bytes of its records, header and padding included; chunks that it shares count in full.
  package let storedBytes: ByteCount
  /// 1 for a blob that was not cut.
  package let chunks: Int
  /// It was read or asked for since the last collection that took stock.
  package let isUsed: Bool
  /// A release keeps it from eviction.
  package let isKept: Bool
  /// Leases that hold it now.
  package let leases: Int
  /// The segment and offset of its record: the chunk, or the list.
  package let segment: UInt64
  package let offset: Int64
}

extension Store {
  /// Blobs of a realm that were put under their own name, by digest; at most `listedMax`.
  ///
  /// Blocks: syncs what waits, and reads the list of each large blob.
  ///
  /// - Parameter digest: the last one of the page before; nil for the first page.
  package func list(
    in realm: RealmID, after digest: Digest?
  ) throws(StoreError) -> [ListedBlob] {
    waitUntilFilled()
    let rows = try syncGate.pass { () throws(StoreError) -> [Index.Row] in
      try settledIndex { (index) throws(IndexError) in
        try index.blobs(of: realm, after: digest, limit: Store.listedMax)
      }
    }
    // What went meanwhile is not listed.
    return rows.compactMap { describe($0.digest, in: realm) }
  }

  /// Blobs of one page: some 200 KiB of JSON.
  package static let listedMax = 1_000

  /// Whether a realm has a blob; does not count as a use. Blocks until the table is filled.
  package func contains(_ digest: Digest, in realm: RealmID) -> Bool {
    waitUntilFilled()
    return state.withLock { $0.find(digest, in: realm) != nil }
  }

  /// One blob or chunk as lists show it; nil for a miss. Does not count as a use.
  package func describe(_ digest: Digest, in realm: RealmID) -> ListedBlob? {
    waitUntilFilled()
    let found = state.withLock { state in
      state.leases.expire(at: clock(), in: &state.holds)
      return state.find(digest, in: realm).map { found in
        (
          found, state.table.isUsed(found.hash),
          state.holds.isKept(found.hash, in: realm), state.holds.leaseCount(found.hash)
        )
      }
    }
    guard let (blob, isUsed, isKept, leases) = found else { return nil }
    var storedBytes = Int64(blob.place.recordLength)
    var chunks = 1
    if blob.place.kind == .list {
      // A list that cannot be read is a miss by then.
      guard let list = try? readList(blob) else { return nil }
      chunks = list.entries.count
      storedBytes += state.withLock { state in
        list.entries.reduce(0) {
          $0 + Int64(state.find($1.digest, in: realm)?.place.recordLength ?? 0)
        }
      }
    }
    return ListedBlob(
      digest: digest, size: ByteCount(blob.place.size), storedBytes: ByteCount(storedBytes),
      chunks: chunks, isUsed: isUsed, isKept: isKept, leases: leases, segment: blob.segment.id,
      offset: blob.place.offset)
  }
}
