package import LarderCore
package import LarderStore

extension Service {
  /// The blob's size if the peer can read it. Looks at memory only.
  package func stat(_ digest: Digest, for peer: RealmCapability) -> BlobStat? {
    content.store.stat(digest, in: peer.readable)
  }

  /// Lends a blob's bytes, or a range of them, in order and piece by piece; each was verified
  /// before it is lent.
  ///
  /// Blocks: for workers only.
  /// - Throws: `notFound`, `corrupt`, `io`; after a piece was lent, only `corrupt` and `io`.
  package func read(
    _ digest: Digest, range: Range<Int64>? = nil, for peer: RealmCapability,
    _ body: (UnsafeRawBufferPointer) throws(StoreError) -> Void
  ) throws(ServiceError) {
    do {
      try content.store.read(digest, in: peer.readable, range: range, body)
    } catch {
      throw ServiceError(error)
    }
  }

  /// Begins to store a blob in the peer's own realm.
  ///
  /// The ingest's calls block: for workers only. One that is dropped leaves nothing that can be
  /// read.
  /// - Throws: `notPermitted`, and what the store refuses.
  package func beginPut(for peer: RealmCapability) throws(ServiceError) -> Ingest {
    try peer.require(.write, to: "put")
    do {
      return try content.store.beginPut(realm: peer.realm)
    } catch {
      throw ServiceError(error)
    }
  }
}
