package import LarderCore

extension Store {
  /// Reads a blob, or a range of it, from memory or from disk, in verified pieces of at most 1 MiB,
  /// in order.
  ///
  /// A piece is handed out once all its checks have passed, the last of them SHA-256. A blob that
  /// was cut is read by its list, whose own SHA-256 covers the chunks' digests and which was
  /// written only after the whole blob's digest had been computed: so all pieces together are the
  /// blob without hashing it again. A range pays for the chunks that it touches.
  ///
  /// - Parameters:
  ///   - realms: where to look; the first that has the blob is read.
  ///   - range: bytes of the blob; what lies past its end is cut off. nil for all.
  ///   - body: gets each piece, which is valid during the call only. An empty blob gives no piece.
  /// - Throws: `notFound`; `corrupt` where a check fails, then the blob is a miss from now on,
  ///   though earlier pieces were handed out and are right; `io`; and what `body` throws.
  package func read(
    _ digest: Digest, in realms: [RealmID], range: Range<Int64>? = nil,
    _ body: (UnsafeRawBufferPointer) throws(StoreError) -> Void
  ) throws(StoreError) {
    let found = try located(digest, in: realms)
    let all = 0..<found.place.size
    for piece in try pieces(of: found, in: (range ?? all).clamped(to: all)) {
      try readPiece(piece, of: found, body)
    }
  }

  /// Where a blob is that must be here.
  ///
  /// - Throws: `notFound`, `closed`.
  func located(_ digest: Digest, in realms: [RealmID]) throws(StoreError) -> Located {
    if let found = find(digest, in: realms) { return found }
    if state.withLock({ $0.isClosed }) { throw Store.closedError }
    throw StoreError(.notFound, "blob \(digest) is not in the store: fetch it, or put it first")
  }

  /// Reads a whole small blob into an array; memory for all of it is taken at once.
  ///
  /// - Throws: as the reading in pieces.
  package func read(_ digest: Digest, in realms: [RealmID]) throws(StoreError) -> [UInt8] {
    var bytes: [UInt8] = []
    if let size = stat(digest, in: realms)?.size { bytes.reserveCapacity(Int(size.value)) }
    try read(digest, in: realms) { piece in bytes.append(contentsOf: piece) }
    return bytes
  }

  private func readChunk(
    _ found: Located, range: Range<Int64>,
    _ body: (UnsafeRawBufferPointer) throws(StoreError) -> Void
  ) throws(StoreError) {
    var isVerified = false
    do throws(StoreError) {
      try readRecord(found) { (bytes) throws(StoreError) in
        isVerified = true
        let part = bytes[Int(range.lowerBound)..<Int(range.upperBound)]
        if !part.isEmpty { try body(UnsafeRawBufferPointer(rebasing: part)) }
      }
    } catch {
      // What the caller's closure threw says nothing about the record.
      if !isVerified, error.code == .corrupt { drop(found) }
      throw error
    }
  }

  /// A chunk that a read touches, and which of its bytes.
  struct Piece {
    let chunk: Located
    let range: Range<Int64>
  }

  /// What a range of a blob consists of: the blob itself where it is one chunk.
  func pieces(of blob: Located, in range: Range<Int64>) throws(StoreError) -> [Piece] {
    guard blob.place.kind == .list else { return [Piece(chunk: blob, range: range)] }
    return try pieces(of: try readList(blob), blob, in: range)
  }

  /// Finds all chunks that a range touches at one moment: what a collection moves or evicts from
  /// then on, this reader still has.
  func pieces(
    of list: ChunkList, _ blob: Located, in range: Range<Int64>
  ) throws(StoreError) -> [Piece] {
    recall(list, in: blob.realm)
    let (pieces, missing, isThere) = state.withLock { state -> ([Piece], Digest?, Bool) in
      var pieces: [Piece] = []
      var start: Int64 = 0
      for entry in list.entries {
        let end = start + Int64(entry.length)
        defer { start = end }
        let part = range.clamped(to: start..<end)
        if part.isEmpty { continue }
        guard let chunk = state.use(entry.digest, in: blob.realm), chunk.place.kind == .chunk,
          chunk.place.size == Int64(entry.length)
        else {
          let isThere = state.table.find(blob.hash) == blob.place
          return ([], entry.digest, isThere)
        }
        pieces.append(
          Piece(chunk: chunk, range: part.lowerBound - start..<part.upperBound - start))
      }
      return (pieces, nil, true)
    }
    guard let missing else { return pieces }
    // A blob leaves the table before its chunks do.
    guard isThere else {
      throw StoreError(.notFound, "blob \(blob.digest) was evicted: fetch it, or put it again")
    }
    drop(blob)
    throw .corrupt("blob \(blob.digest)", "its chunk \(missing) is gone")
  }

  /// Reads one chunk of a blob; a damaged one makes a large blob a miss too.
  func readPiece(
    _ piece: Piece, of blob: Located,
    _ body: (UnsafeRawBufferPointer) throws(StoreError) -> Void
  ) throws(StoreError) {
    var isVerified = false
    do throws(StoreError) {
      try readChunk(piece.chunk, range: piece.range) { (bytes) throws(StoreError) in
        isVerified = true
        try body(bytes)
      }
    } catch {
      let isGone = !isVerified && (error.code == .corrupt || error.code == .notFound)
      if isGone, blob.place.kind == .list { drop(blob) }
      throw error
    }
  }

  /// Reads and checks the list of a large blob.
  func readList(_ found: Located) throws(StoreError) -> ChunkList {
    var list: ChunkList?
    do throws(StoreError) {
      try readRecord(found) { bytes in
        list = ChunkList(bytes, of: found.digest, size: found.place.size)
      }
      guard let list else { throw .corrupt("blob \(found.digest)", "its list of chunks is wrong") }
      return list
    } catch {
      if error.code == .corrupt { drop(found) }
      throw error
    }
  }

  /// Lends a record's decoded, checked payload, from memory where it is hot.
  ///
  /// Memory holds only what passed the checks, and is this process's own or sealed: so it is as
  /// good as the disk was then, and is not checked again.
  private func readRecord(
    _ found: Located, _ body: (UnsafeRawBufferPointer) throws(StoreError) -> Void
  ) throws(StoreError) {
    let key = HotKey(digest: found.digest, realm: found.realm, kind: HotKey.Kind(found.place.kind))
    if try hot?.read(key, body) == true { return }
    try RecordReader.read(found.digest, at: found.place, of: found.segment) {
      (_, bytes) throws(StoreError) in
      hot?.admit(key, bytes)
      try body(bytes)
    }
  }
}
