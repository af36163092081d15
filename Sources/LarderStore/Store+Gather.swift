package import LarderCore
package import LarderPlatform

extension Store {
  /// Whether there is memory for slabs at all.
  package var sharesSlabs: Bool { hot != nil }

  /// Where bytes of a blob are in memory already: without a disk, in well under a microsecond for
  /// each chunk.
  ///
  /// - Parameter isShared: only in sealed slabs.
  /// - Returns: nil where some are not, or would have to be looked for: `gather` and `read` do.
  package func gathered(
    _ wanted: BlobRange, isShared: Bool = true, in realms: [RealmID]
  ) -> GatheredBlob? {
    guard let hot else { return nil }
    let (use, period) = state.withLock { ($0.use(wanted.digest, in: realms), $0.usePeriod) }
    guard let found = use else { return nil }
    let all = 0..<found.place.size
    let range = (wanted.range ?? all).clamped(to: all)
    let extents: [SlabExtent]?
    if range.isEmpty {
      extents = []
    } else if found.place.kind == .chunk {
      let key = HotKey(digest: found.digest, realm: found.realm, kind: .chunk)
      extents = hot.extent(key, isShared: isShared).map { [$0.part(range)] }
    } else {
      extents = gatheredList(of: found, in: range, isShared: isShared, hot, period)
    }
    return extents.map {
      GatheredBlob(digest: found.digest, size: ByteCount(found.place.size), extents: $0)
    }
  }

  /// The short way to a blob whose chunks lie one behind the other: open to who went the long one in
  /// this period of use, on which every chunk is noted as used.
  private func gatheredList(
    of blob: Located, in range: Range<Int64>, isShared: Bool, _ hot: HotTier, _ period: UInt32
  ) -> [SlabExtent]? {
    let key = HotKey(digest: blob.digest, realm: blob.realm, kind: .joined)
    if let whole = hot.joined(key, usedIn: period), whole.slab.isSealed || !isShared {
      return [whole.part(range)]
    }
    let extents = gatheredChunks(of: blob, in: range, isShared: isShared, hot)
    if let extents, extents.count == 1, extents[0].length == blob.place.size {
      hot.join(key, extents[0], usedIn: period)
    }
    return extents
  }

  private func gatheredChunks(
    of blob: Located, in range: Range<Int64>, isShared: Bool, _ hot: HotTier
  ) -> [SlabExtent]? {
    let key = HotKey(digest: blob.digest, realm: blob.realm, kind: .list)
    // Before the table is filled chunks may have to be looked for in the index.
    guard isFilled, let list = hot.extent(key, isShared: false) else {
      return nil
    }
    var entries: ChunkList?
    list.slab.withBytes(at: list.offset, count: list.length) { bytes in
      entries = ChunkList(bytes, of: blob.digest, size: blob.place.size)
    }
    // Whatever is wrong with it, a read will find it again, and say so.
    guard let entries, let pieces = try? pieces(of: entries, blob, in: range) else { return nil }
    let keys = pieces.lazy.map {
      HotKey(digest: $0.chunk.digest, realm: blob.realm, kind: .chunk)
    }
    return hot.extents(keys, isShared: isShared).map {
      zip($0, pieces).map { extent, piece in extent.part(piece.range) }.joined()
    }
  }

  /// Brings bytes of blobs into sealed slabs, as few as hold them: what a plan asks for its closure.
  ///
  /// What is in a sealed slab stays there; the rest is read, verified and copied once, in whole
  /// chunks, in the order in which it is asked for.
  ///
  /// - Returns: for each its place; the slabs stay as long as that is held. nil where there is no
  ///   hot memory, its budget has no room, or no descriptor is left: answer with bytes.
  /// - Throws: as `read`.
  package func gather(
    _ wanted: some Sequence<BlobRange>, in realms: [RealmID]
  ) throws(StoreError) -> [GatheredBlob]? {
    guard let hot else { return nil }
    var gathering = Gathering(store: self, hot: hot, realms: realms)
    for wanted in wanted { try gathering.add(wanted) }
    return try gathering.finish()
  }

  /// Brings a blob into a sealed slab that has nothing else, in one piece: for who maps it as a whole,
  /// or passes the descriptor on and no other blob with it.
  ///
  /// - Returns: as `gather`; the place is of the range, the slab of the whole blob.
  /// - Throws: as `gather`.
  package func gatherAlone(
    _ wanted: BlobRange, in realms: [RealmID]
  ) throws(StoreError) -> GatheredBlob? {
    guard let hot else { return nil }
    let found = try located(wanted.digest, in: realms)
    let all = 0..<found.place.size
    let range = (wanted.range ?? all).clamped(to: all)
    let key = HotKey(digest: found.digest, realm: found.realm, kind: .whole)
    var extents: [SlabExtent] = []
    if !range.isEmpty {
      var extent = hot.extent(key, isShared: true)
      if extent == nil { extent = try copy(found, to: hot, as: key) }
      guard let extent else { return nil }
      extents = [extent.part(range)]
    }
    return GatheredBlob(
      digest: found.digest, size: ByteCount(found.place.size), extents: extents)
  }

  private func copy(
    _ found: Located, to hot: HotTier, as key: HotKey
  ) throws(StoreError) -> SlabExtent? {
    let byteCount = Int(found.place.size)
    let slab = try hot.gather(
      [(key, offset: 0, length: byteCount)], byteCount: byteCount, realm: found.realm
    ) { (file) throws(StoreError) in
      var end = 0
      for piece in try pieces(of: found, in: 0..<found.place.size) {
        try readPiece(piece, of: found) { (bytes) throws(StoreError) in
          try attempting("gather \(found.digest)") { () throws(SystemCallError) in
            try file.write(bytes, at: end)
          }
          end += bytes.count
        }
      }
    }
    return slab.map { SlabExtent(slab: $0, offset: 0, length: byteCount) }
  }

  /// A descriptor of a gathered slab to send to a process of `user` (a numeric user id), whose
  /// bytes count as the user's until `takeBack` and as long as anybody has it after that.
  ///
  /// - Returns: nil where the user holds as much as one may: answer with bytes.
  /// - Throws: `io` where no descriptor is left.
  package func handOut(_ slab: Slab, to user: UInt32) throws(StoreError) -> SealedMemory? {
    try hot?.handOut(slab, to: user)
  }

  /// Notes that a process of `user` let go of a slab, or is gone, once for each `handOut`. The
  /// kernel has the last word: see `SealedMemory.isShared`.
  package func takeBack(_ slab: UInt64, from user: UInt32) { hot?.takeBack(slab, from: user) }
}
