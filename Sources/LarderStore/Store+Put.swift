package import LarderCore

/// What a put did.
package struct PutResult: Hashable, Sendable {
  /// The blob's name, computed here from its bytes.
  package let digest: Digest
  package let size: ByteCount
  /// The realm had all of it already: nothing was written.
  package let deduplicated: Bool
  /// Bytes that this put added to segments: records with header and padding.
  package let storedBytes: ByteCount
}

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

/// Stores the pieces of one blob and remembers what its list needs.
struct PieceWriter {
  let store: Store
  let realm: RealmID
  private var cutter: Cutter
  private var list = ChunkList()
  private let reliance: Reliance
  private var storedBytes: Int64 = 0
  private var repeatedBytes: Int64 = 0
  private var single: Int64?

  init(store: Store, realm: RealmID) {
    self.store = store
    self.realm = realm
    reliance = Reliance(store)
    cutter = Cutter(store.options.chunkSizes, blobSizeMax: store.options.blobSizeMax.value)
  }

  /// Stores a blob that is one chunk; `digest` is that of `bytes`.
  mutating func addOnly(_ bytes: UnsafeRawBufferPointer, digest: Digest) throws(StoreError) {
    single = Int64(bytes.count)
    note(
      try store.storeChunk(
        bytes, digest: digest, realm: realm, isPart: false, extent: &reliance.extent),
      byteCount: bytes.count)
  }

  /// Cuts and stores the next piece of a larger blob.
  ///
  /// - Returns: its length; 0 where more bytes are needed to know it.
  mutating func addNext(
    of bytes: UnsafeRawBufferPointer, isAll: Bool
  ) throws(StoreError) -> Int {
    guard let length = cutter.cut(bytes, isAll: isAll) else { return 0 }
    let piece = UnsafeRawBufferPointer(rebasing: bytes[..<length])
    let digest = RunningDigest.digest(piece)
    note(
      try store.storeChunk(
        piece, digest: digest, realm: realm, isPart: true, extent: &reliance.extent),
      byteCount: length)
    list.append(digest, length: length)
    return length
  }

  /// Gives the pieces their name, and waits as long as `ack` says.
  mutating func finish(digest: Digest, ack: AckLevel) throws(StoreError) -> PutResult {
    if single == nil {
      note(
        try store.storeList(list, digest: digest, realm: realm, extent: &reliance.extent),
        byteCount: 0)
    }
    if ack == .durable { try store.makeDurable(reliance.extent) }
    let isRepeated = storedBytes == 0
    let repeatedBytes = repeatedBytes
    store.state.withLock { state in
      state.counters.deduplicatedBytes += repeatedBytes
      if isRepeated { state.counters.deduplicatedPuts += 1 }
    }
    return PutResult(
      digest: digest, size: ByteCount(single ?? list.size), deduplicated: isRepeated,
      storedBytes: ByteCount(storedBytes))
  }

  private mutating func note(_ stored: Store.Stored, byteCount: Int) {
    if stored.isNew {
      storedBytes += Int64(stored.place.recordLength)
    } else {
      repeatedBytes += Int64(byteCount)
    }
  }
}
