package import LarderCore
package import LarderPlatform

/// A blob in memory that can be shared.
package struct GatheredBlob: Sendable {
  package let digest: Digest
  package let size: ByteCount
  /// Its bytes, in order; none for an empty blob.
  package let extents: [SlabExtent]
}

extension Store {
  /// Brings blobs into sealed slabs, as few as hold them: what a plan asks for its closure.
  ///
  /// What is in a sealed slab stays there; the rest is read, verified and copied once, in the order
  /// in which it is asked for.
  ///
  /// - Returns: for each digest its blob; the slabs stay as long as that is held. nil where there
  ///   is no hot memory or its budget has no room: answer with bytes.
  /// - Throws: as `read`, and `io` where no descriptor or memory is left.
  package func gather(
    _ digests: [Digest], in realm: RealmID
  ) throws(StoreError) -> [GatheredBlob]? {
    guard let hot else { return nil }
    var gathering = Gathering(store: self, hot: hot, realm: realm)
    for digest in digests { try gathering.add(digest) }
    return try gathering.finish()
  }

  /// A descriptor of a gathered slab to send to a process of `user` (a numeric user id), whose
  /// bytes count as the user's until `takeBack`, whatever becomes of the connection.
  ///
  /// - Returns: nil where the user holds as much as one may: answer with bytes.
  /// - Throws: `io` where no descriptor is left.
  package func handOut(_ slab: Slab, to user: UInt32) throws(StoreError) -> SealedMemory? {
    try hot?.handOut(slab, to: user)
  }

  /// Notes that a process of `user` let go of a slab, once for each `handOut`.
  package func takeBack(_ slab: UInt64, from user: UInt32) { hot?.takeBack(slab, from: user) }
}

/// The way of some blobs into sealed slabs: first what is missing, then the copies.
private struct Gathering {
  /// A record that is to be copied, and how it is read.
  private struct Part {
    let key: HotKey
    let blob: Located
    let piece: Store.Piece

    var length: Int { piece.range.count }
  }

  let store: Store
  let hot: HotTier
  let realm: RealmID
  private var blobs: [(found: Located, parts: [HotKey])] = []
  private var missing: [Part] = []
  /// Where each part is; nil for one that waits in `missing`.
  private var extents: [HotKey: SlabExtent?] = [:]

  init(store: Store, hot: HotTier, realm: RealmID) {
    self.store = store
    self.hot = hot
    self.realm = realm
  }

  mutating func add(_ digest: Digest) throws(StoreError) {
    let found = try store.located(digest, in: [realm])
    var keys: [HotKey] = []
    for piece in try store.pieces(of: found, in: 0..<found.place.size) where !piece.range.isEmpty {
      let key = HotKey(digest: piece.chunk.digest, realm: realm, kind: .chunk)
      keys.append(key)
      if extents[key] != nil { continue }
      let extent = hot.sealedExtent(key)
      extents[key] = .some(extent)
      if extent == nil { missing.append(Part(key: key, blob: found, piece: piece)) }
    }
    blobs.append((found, keys))
  }

  mutating func finish() throws(StoreError) -> [GatheredBlob]? {
    var rest = missing[...]
    while !rest.isEmpty {
      guard let count = try copy(rest) else { return nil }
      rest = rest.dropFirst(count)
    }
    return blobs.map { found, parts in
      GatheredBlob(
        digest: found.digest, size: ByteCount(found.place.size),
        extents: parts.compactMap { extents[$0] ?? nil })
    }
  }

  /// Copies as many parts as fit into one slab.
  ///
  /// - Returns: how many, at least one; nil where there is no room.
  private mutating func copy(_ rest: ArraySlice<Part>) throws(StoreError) -> Int? {
    var places: [(key: HotKey, offset: Int, length: Int)] = []
    var end = 0
    for part in rest {
      guard places.isEmpty || end + part.length <= store.options.slabSize.value else { break }
      places.append((part.key, end, part.length))
      end = Slab.aligned(end + part.length)
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
