import LarderCore

extension Store {
  var indexFile: IndexFile { IndexFile(in: directory, system: system) }

  /// Runs `body` on the index, which is made again first if it turned out damaged.
  func withIndex<Result>(
    _ attempt: String, _ body: (Index) throws(IndexError) -> Result
  ) throws(StoreError) -> Result {
    try indexGate.pass { () throws(StoreError) -> Result in
      let index = try usableIndex()
      do throws(IndexError) {
        return try body(index)
      } catch {
        throw error.storeError(attempt)
      }
    }
  }

  /// The records that the index knows of a segment, by offset.
  func knownRows(of segment: UInt64) throws(StoreError) -> [Index.Row] {
    try withIndex("read") { (index) throws(IndexError) in try index.rows(of: segment) }
  }

  /// The large blobs that the index knows of a realm.
  func knownLists(of realm: RealmID) throws(StoreError) -> [Index.Row] {
    try withIndex("read") { (index) throws(IndexError) in try index.lists(of: realm) }
  }

  /// The index, made again if it turned out damaged. The caller holds the index gate.
  func usableIndex() throws(StoreError) -> Index {
    if let index { return index }
    if state.withLock({ $0.isClosed }) { throw Store.closedError }
    do throws(IndexError) {
      let fresh = try indexFile.open()
      try fill(fresh)
      index = fresh
      return fresh
    } catch {
      throw error.storeError("make again")
    }
  }

  /// Asks the index, once everything that waits for it is in it. The caller holds the sync gate.
  func settledIndex<Result>(
    _ body: (Index) throws(IndexError) -> Result
  ) throws(StoreError) -> Result {
    _ = try syncRound()
    return try withIndex("use", body)
  }

  /// Sets a damaged index aside while the store goes on: damage in pages that opening does not read
  /// is met at a commit. The caller holds the index gate.
  func abandonIndex() throws(StoreError) {
    index = nil
    try indexFile.setAside()
  }

  /// Tells the index every synced record, segment by segment; one that cannot be read now stays
  /// unknown, and is scanned by the next opening.
  private func fill(_ index: Index) throws(IndexError) {
    let (segments, next) = state.withLock { ($0.segments, $0.nextSegment) }
    for item in segments where item.synced > 0 {
      let segment = item.segment
      var rows: [Index.Row] = []
      var scan = SegmentScan(segment, size: item.synced, checksPayloads: false)
      do throws(StoreError) {
        _ = try scan.run(from: Int64(SegmentHeader.byteCount), rule: .skipDamage) {
          offset, header in
          rows.append(
            Index.Row(
              realm: segment.realm, digest: header.digest, segment: segment.id, offset: offset,
              header: header))
        }
      } catch {
        continue
      }
      let row = Index.SegmentRow(
        id: segment.id, realm: segment.realm, salt: segment.salt, indexed: item.synced,
        records: item.records, phase: item.phase)
      try index.commit(rows: rows, segments: [row], drops: [], nextSegment: next)
    }
  }
}
