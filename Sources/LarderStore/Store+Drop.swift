import LarderCore
import LarderPlatform

extension Store {
  /// Removes a claimed segment with all that it still holds. The caller holds the sync gate, and
  /// nothing of the segment waits for a sync.
  ///
  /// In this order: large blobs that lose a chunk, the records, the file, the rows. A crash before
  /// the last step leaves rows without a file, which the next opening drops. A power cut may bring
  /// the file back without its rows: then it is read again, and what it holds is right.
  ///
  /// - Parameter rows: its records, as far as the index knows them; others are searched for.
  /// - Returns: how many records went.
  @discardableResult
  func dropSegment(_ slot: Int, rows: [Index.Row]) throws(StoreError) -> Int {
    let segment = state.withLock { $0.segments[slot].segment }
    var rows = rows
    // Without its rows its entries are searched for.
    if rows.isEmpty, let known = try? usableIndex().rows(of: segment.id) { rows = known }
    let parts = state.withLock { state in
      rows.filter { $0.header.isPart && state.isFound($0, in: slot) }.map(\.digest)
    }
    forgetLists(of: segment.realm, naming: Set(parts))
    let count = state.withLock { state in
      let count = state.segments[slot].liveRecords
      for row in rows {
        state.remove(
          MemoryTable.Place(slot: slot, offset: row.offset, header: row.header),
          digest: row.digest, realm: row.realm)
      }
      if state.segments[slot].liveRecords > 0 { state.removeAll(inSlot: slot) }
      return count
    }
    let path = segment.file.path
    // A file that cannot be removed goes on counting, and is read again at the next start.
    let isGone = (try? system.unlink(path)) != nil
    state.withLock { state in
      if !isGone { state.unreadableBytes += state.segments[slot].fileBytes }
      state.segments.remove(slot)
      state.forgotten.append(segment.id)
      state.counters.evictedRecords += count
    }
    // Where there is no room for it now, the next round tells the index.
    _ = try? syncRound()
    return count
  }

  /// Makes large blobs a miss that name one of these chunks: none is shown that cannot be read.
  private func forgetLists(of realm: RealmID, naming chunks: Set<Digest>) {
    if chunks.isEmpty { return }
    // Without an index they are found out when they are read: then they are a miss, too.
    guard let rows = try? usableIndex().lists(of: realm) else { return }
    let waiting = state.withLock { state in
      state.pending.map(\.row).filter { $0.realm == realm && $0.header.kind == .list }
    }
    for row in rows + waiting {
      // A list that cannot be read is a miss by then.
      guard let found = state.withLock({ $0.find(row.digest, in: realm) }),
        found.place.kind == .list, let list = try? readList(found)
      else { continue }
      if list.entries.contains(where: { chunks.contains($0.digest) }) {
        state.withLock { $0.forget(found) }
      }
    }
  }
}

extension StoreState {
  /// The table finds this record in this slot.
  fileprivate func isFound(_ row: Index.Row, in slot: Int) -> Bool {
    guard let place = table.find(table.hash(row.digest, in: row.realm)) else { return false }
    return place.slot == slot && place.offset == row.offset
  }

  /// Makes a record a miss, now and after a restart.
  mutating func forget(_ found: Located) {
    guard remove(found.place, digest: found.digest, realm: found.realm) else { return }
    forgetRow(found)
  }

  /// Has the index forget a record that the table does not find.
  mutating func forgetRow(_ found: Located) {
    guard drops.count < Store.Options.dropsMax else { return }
    drops.append(
      Index.Drop(
        realm: found.realm, digest: found.digest, segment: found.segment.id,
        offset: found.place.offset))
  }
}
