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
    for item in state.withLock({ $0.segments }) where item.synced > 0 {
      guard let records = try? records(of: item) else { continue }
      try tell(index, records, of: item)
    }
  }

  /// What a segment holds before its synced offset.
  func records(of item: SegmentState) throws(StoreError) -> [Index.Row] {
    var records: [Index.Row] = []
    try item.segment.visitRecords(before: item.synced) { offset, header in
      records.append(Index.Row(header, at: offset, of: item.segment))
    }
    return records
  }

  /// Tells the index what a segment holds. The caller holds the index gate.
  func tell(
    _ index: Index, _ records: [Index.Row], of item: SegmentState
  ) throws(IndexError) {
    let (rows, drops, next) = state.withLock { state in
      let (rows, drops) = state.sort(records)
      return (rows, drops, state.nextSegment)
    }
    let row = Index.SegmentRow(item, indexed: item.synced)
    try index.commit(rows: rows, segments: [row], drops: drops, nextSegment: next)
  }
}

extension StoreState {
  /// Tells what a new index is to name from what was dropped on purpose or written again elsewhere,
  /// as far as memory knows: what was evicted or found damaged does not come back. Why it went is
  /// not known any more, so a scrub tries it again, as what failed a check.
  fileprivate func sort(_ records: [Index.Row]) -> (rows: [Index.Row], drops: [Index.Drop]) {
    var (rows, drops): ([Index.Row], [Index.Drop]) = ([], [])
    for row in records {
      let hash = table.hash(row.digest, in: row.realm)
      let place = table.find(hash)
      let isNamed =
        if let place {
          // Until a later copy is synced, and its row replaces this one, this one is to be found.
          place.offset == row.offset && segments.slot(of: row.segment) == place.slot
            || place.end > segments[place.slot].synced
        } else {
          // Not filled yet, memory says nothing of what it was not told.
          filling.map { !$0.touched.contains(hash) } ?? false
        }
      if isNamed {
        rows.append(row)
      } else {
        drops.append(
          Index.Drop(
            realm: row.realm, digest: row.digest, segment: row.segment, offset: row.offset,
            isDamaged: true))
      }
    }
    return (rows, drops)
  }
}
