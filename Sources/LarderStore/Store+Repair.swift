import LarderCore

/// What a check does to the store; each tells whether the moment was right for it.
extension Store {
  /// The slot of a segment; nil once it was removed.
  func slot(of id: UInt64) -> Int? {
    state.withLock { $0.segments.slot(of: id) }
  }

  /// Makes a row's record a miss and its row go, and puts it into the quarantine.
  ///
  /// - Returns: false where its segment has gone, so that nothing is wrong.
  func condemn(
    _ row: Index.Row, at place: MemoryTable.Place, of segment: Segment, because reason: String
  ) -> Bool {
    guard slot(of: segment.id) == place.slot else { return false }
    let hash = state.withLock { $0.table.hash(row.digest, in: row.realm) }
    let found = Located(
      digest: row.digest, realm: row.realm, hash: hash, place: place, segment: segment)
    if !drop(found, because: reason) {
      // The table does not find it, so only its row has to go.
      state.withLock { $0.forgetRow(found, isDamaged: true) }
    }
    return true
  }

  /// Adds the row of a record that was read whole, and makes it findable. The caller holds the sync
  /// gate.
  ///
  /// - Returns: false where it is damaged, or a list that lacks chunks.
  func readmit(
    _ row: Index.Row, at place: MemoryTable.Place, of segment: Segment, _ index: Index
  ) throws(IndexError) -> Bool {
    var isWhole = true
    do throws(StoreError) {
      try RecordReader.read(row.digest, at: place, of: segment) { header, bytes in
        guard header.kind == .list else { return }
        let list = ChunkList(bytes, of: header.digest, size: header.size)
        isWhole =
          list.map { list in state.withLock { $0.hasChunks(of: list, in: row.realm) } } ?? false
      }
    } catch {
      return false
    }
    guard isWhole else { return false }
    let next = state.withLock { state in
      if state.find(row.digest, in: row.realm) == nil {
        state.insert(place, digest: row.digest, realm: row.realm)
      }
      return state.nextSegment
    }
    try index.commit(rows: [row], segments: [], drops: [], nextSegment: next)
    return true
  }

  /// Whether the table finds what a row names, or somebody is about to drop it; mends it on
  /// request. The caller holds the sync gate.
  func isFindable(_ row: Index.Row, at place: MemoryTable.Place, mending: Bool) -> Bool {
    state.withLock { state in
      if state.find(row.digest, in: row.realm) != nil { return true }
      if state.drops.contains(where: { $0.segment == row.segment && $0.offset == row.offset }) {
        return true
      }
      if mending { state.insert(place, digest: row.digest, realm: row.realm) }
      return false
    }
  }

  /// Counts a segment's records again. The caller holds the sync gate.
  ///
  /// - Returns: what is wrong; nil where nothing is, or where records come and go at the moment.
  func recountRecords(_ rows: [Index.Row], inSlot slot: Int) -> String? {
    state.withLock { state in
      let item = state.segments[slot]
      let isMoving =
        state.pending.contains { $0.slot == slot }
        || state.drops.contains { $0.segment == item.segment.id }
      if isMoving { return nil }
      var (records, bytes) = (0, Int64(0))
      for row in rows {
        let place = state.find(row.digest, in: row.realm)?.place
        guard let place, place.slot == slot, place.offset == row.offset else { continue }
        records += 1
        bytes += Int64(place.recordLength)
      }
      if records == item.liveRecords, bytes == item.liveBytes { return nil }
      return "\(records) records of \(bytes) bytes are in use, the account says "
        + "\(item.liveRecords) of \(item.liveBytes)"
    }
  }

  /// Counts all that the table finds again, for segments and realms.
  func mendAccounts() { state.withLock { $0.recount() } }

  /// Writes the footer of a sealed segment again, from its headers.
  func rewriteFooter(ofSlot slot: Int, _ segment: Segment) throws(StoreError) {
    try writeGate.pass { () throws(StoreError) in
      guard self.slot(of: segment.id) == slot else { return }
      let item = state.withLock { $0.segments[slot] }
      let size = try SegmentFooter.write(to: segment, end: item.end, records: item.records)
      state.withLock { state in
        // A collection takes segments behind the sync gate only.
        guard state.segments.contains(slot), state.segments[slot].segment.id == segment.id else {
          return
        }
        state.segments[slot].fileBytes = size
        state.segments[slot].isTouched = true
      }
    }
  }
}

extension StoreState {
  fileprivate mutating func recount() {
    for realm in content.keys { content[realm] = Store.Content() }
    for slot in segments.indices {
      segments[slot].liveRecords = 0
      segments[slot].liveBytes = 0
      segments[slot].usedBytes = 0
    }
    for shard in 0..<MemoryTable.shardCount {
      for (place, isUsed) in table.places(inShard: shard) {
        account(place, segments[place.slot].segment.realm, 1, wasUsed: isUsed)
      }
    }
  }
}
