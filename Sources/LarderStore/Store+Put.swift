package import LarderCore

extension Store {
  /// Stores a blob from memory.
  ///
  /// Hashes all of it before anything is written. Nothing of a blob up to `chunkedAbove` is visible
  /// unless the put returns; of a larger one that fails half-way, chunks may stay, under their own
  /// digests only.
  ///
  /// - Returns: after the blob is readable and outlives this process (`accepted`), or is on the
  ///   device and in the index (`durable`).
  /// - Throws: `tooLarge`, `noSpace`, `readOnly`, `io`; then there is no such blob, unless there
  ///   was before.
  package func put(
    _ bytes: UnsafeRawBufferPointer, realm: RealmID, ack: AckLevel
  ) throws(StoreError) -> PutResult {
    try checkSize(Int64(bytes.count))
    let digest = RunningDigest.digest(bytes)
    var pieces = PieceWriter(store: self, realm: realm)
    guard bytes.count > options.chunkedAbove.value else {
      try pieces.addOnly(bytes, digest: digest)
      return try pieces.finish(digest: digest, ack: ack)
    }
    var rest = bytes
    while !rest.isEmpty {
      let length = try pieces.addNext(of: rest, isAll: true)
      rest = UnsafeRawBufferPointer(rebasing: rest[length...])
    }
    return try pieces.finish(digest: digest, ack: ack)
  }

  /// Begins to store a blob that comes in parts.
  ///
  /// - Throws: `busy` where `ingestsMax` are open, `closed`.
  package func beginPut(realm: RealmID) throws(StoreError) -> Ingest {
    let (isClosed, isFull) = state.withLock { state in
      let isFull = state.openIngests >= options.ingestsMax
      if !isFull, !state.isClosed { state.openIngests += 1 }
      return (state.isClosed, isFull)
    }
    if isClosed { throw Store.closedError }
    if isFull {
      throw StoreError(
        .busy, "\(options.ingestsMax) blobs are being stored already: try again when one has ended")
    }
    return Ingest(store: self, realm: realm)
  }

  func checkSize(_ size: Int64) throws(StoreError) {
    guard size <= options.blobSizeMax.value else {
      throw StoreError(
        .tooLarge,
        "a blob of \(size) bytes or more is larger than the limit of \(options.blobSizeMax.value): raise blobSizeMax (at most 1 GiB), or split it"
      )
    }
  }
}
