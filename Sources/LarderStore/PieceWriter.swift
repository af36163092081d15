import LarderCore

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
