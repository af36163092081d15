import LarderCore

/// What the index says of those files, as far as they bear it out.
extension StoreOpening {
  /// Opens the index and reads what it says of segments; sets a damaged one aside and begins a new
  /// one.
  mutating func loadIndex(_ files: [OpenedFile]) throws(StoreError) -> Index {
    let file = IndexFile(in: directory, system: system)
    let fresh = self
    do throws(IndexError) {
      return try load(file, files)
    } catch {
      guard error.isDamage else { throw error.storeError("open") }
    }
    self = fresh
    try file.setAside()
    do throws(IndexError) {
      return try load(file, files)
    } catch {
      throw error.storeError("create")
    }
  }

  private mutating func load(
    _ file: IndexFile, _ files: [OpenedFile]
  ) throws(IndexError) -> Index {
    let index = try file.open()
    state.nextSegment = max(state.nextSegment, try index.nextSegment())
    state.recency = try index.recency()
    var rows: [UInt64: Index.SegmentRow] = [:]
    for row in try index.segments() { rows[row.id] = row }
    report.isIndexRebuilt = index.isNew && !files.isEmpty
    for file in files {
      let id = file.segment.id
      let item = admit(file, rows.removeValue(forKey: id))
      _ = state.segments.append(item)
    }
    for id in rows.keys {
      lost.append(id)
      report.lostSegments += 1
    }
    if !report.isIndexRebuilt, !rows.isEmpty || state.segments.contains(where: { $0.synced > 0 }) {
      state.filling = Filling()
    }
    if !lost.isEmpty { try index.forget(lost) }
    return index
  }

  /// What the index knows of a segment, as far as the file bears it out.
  private mutating func admit(_ file: OpenedFile, _ row: Index.SegmentRow?) -> SegmentState {
    let segment = file.segment
    var item = SegmentState(
      segment: segment, phase: .open, end: Int64(SegmentHeader.byteCount), synced: 0, records: 0,
      fileBytes: file.size, isNew: row == nil)
    guard let row else { return item }
    guard row.salt == segment.salt, row.realm == segment.realm, row.indexed <= file.size else {
      lost.append(segment.id)
      report.lostSegments += 1
      return item
    }
    item.phase = row.phase
    item.records = row.records
    item.synced = row.indexed
    item.end = max(item.end, row.indexed)
    return item
  }
}
