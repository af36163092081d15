import LarderCore
import LarderPlatform

/// The way of some blobs into sealed slabs: first what is missing, then the copies.
struct Gathering {
  /// A record that is to be copied, and how it is read.
  private struct Part {
    let key: HotKey
    let blob: Located
    let piece: Store.Piece

    var length: Int { piece.range.count }
  }

  /// A chunk of which some bytes are wanted.
  private struct Want {
    let key: HotKey
    let range: Range<Int64>
  }

  let store: Store
  let hot: HotTier
  let realms: [RealmID]
  private var blobs: [(found: Located, wants: [Want])] = []
  private var missing: [Part] = []
  /// Where each chunk is; nil for one that waits in `missing`.
  private var extents: [HotKey: SlabExtent?] = [:]

  init(store: Store, hot: HotTier, realms: [RealmID]) {
    self.store = store
    self.hot = hot
    self.realms = realms
  }

  mutating func add(_ wanted: BlobRange) throws(StoreError) {
    let found = try store.located(wanted.digest, in: realms)
    let all = 0..<found.place.size
    let range = (wanted.range ?? all).clamped(to: all)
    var wants: [Want] = []
    for piece in try store.pieces(of: found, in: range) where !piece.range.isEmpty {
      let key = HotKey(digest: piece.chunk.digest, realm: found.realm, kind: .chunk)
      wants.append(Want(key: key, range: piece.range))
      if extents[key] != nil { continue }
      let extent = hot.extent(key, isShared: true)
      extents[key] = .some(extent)
      if extent != nil { continue }
      let whole = Store.Piece(chunk: piece.chunk, range: 0..<piece.chunk.place.size)
      missing.append(Part(key: key, blob: found, piece: whole))
    }
    blobs.append((found, wants))
  }

  mutating func finish() throws(StoreError) -> [GatheredBlob]? {
    var rest = missing[...]
    while !rest.isEmpty {
      guard let count = try copy(rest) else { return nil }
      rest = rest.dropFirst(count)
    }
    return blobs.map { found, wants in
      GatheredBlob(
        digest: found.digest, size: ByteCount(found.place.size),
        extents: wants.compactMap { want in (extents[want.key] ?? nil)?.part(want.range) }.joined())
    }
  }

  /// Copies as many parts as fit into one slab, which is one realm's; those of one blob without a
  /// gap, so that it lies there in one piece.
  ///
  /// - Returns: how many, at least one; nil where there is no room.
  private mutating func copy(_ rest: ArraySlice<Part>) throws(StoreError) -> Int? {
    guard let realm = rest.first?.key.realm else { return 0 }
    var places: [(key: HotKey, offset: Int, length: Int)] = []
    var blob = rest.first?.blob.digest
    var end = 0
    for part in rest {
      if part.blob.digest != blob { (blob, end) = (part.blob.digest, Slab.aligned(end)) }
      let fits = end + part.length <= store.options.slabSize.value && part.key.realm == realm
      guard places.isEmpty || fits else { break }
      places.append((part.key, end, part.length))
      end += part.length
    }
    let slab = try hot.gather(places, byteCount: end, realm: realm) {
      (file) throws(StoreError) in
      for (part, place) in zip(rest, places) {
        try store.readPiece(part.piece, of: part.blob) { (bytes) throws(StoreError) in
          try attempting("gather \(part.key.digest)") { () throws(SystemCallError) in
            try file.write(bytes, at: place.offset)
          }
        }
      }
    }
    guard let slab else { return nil }
    for place in places {
      extents[place.key] = SlabExtent(slab: slab, offset: place.offset, length: place.length)
    }
    return places.count
  }
}
