import LarderCore
import LarderPlatform

extension Store {
  /// Removes a claimed segment with all that it still holds, unless some of that is held by now.
  /// The caller holds the sync gate, and nothing of the segment waits for a sync.
  ///
  /// In this order: large blobs that lose a chunk, the records, the file, the rows. The file goes
  /// before the rows, since it gives the room that their removal may need. A crash before the last
  /// step leaves rows without a file, which the next opening drops. A power cut may bring the file
  /// back without its rows: then it is read again, and what it holds is right.
  ///
  /// - Parameter rows: its records, as far as the index knows them; others are searched for.
  /// - Returns: how many records went; nil where one is leased or kept: then the segment is still
  ///   there and still claimed, and large blobs that nobody holds may be a miss.
  /// - Throws: what the index, or a list that is held, does not tell; the segment stays then, too.
  func dropSegment(_ slot: Int, rows: [Index.Row]) throws(StoreError) -> Int? {
    let segment = state.withLock { $0.segments[slot].segment }
    let chunks = state.withLock { state -> Set<Digest>? in
      let live = rows.filter { state.isFound($0, in: slot) }
      if live.contains(where: { state.isHeld($0) }) { return nil }
      return Set(live.lazy.filter { $0.header.kind == .chunk }.map(\.digest))
    }
    guard let chunks, try forgetLists(of: segment.realm, naming: chunks) else { return nil }
    let count = state.withLock { $0.takeOut(rows, from: slot) }
    guard let count else { return nil }
    // A file that cannot be removed goes on counting, and is read again at the next start.
    let isGone = (try? system.unlink(segment.file.path)) != nil
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
  ///
  /// One that cannot be read becomes a miss, too: nobody knows what it names.
  ///
  /// - Returns: false where one of them is held, and its chunks with it.
  private func forgetLists(
    of realm: RealmID, naming chunks: Set<Digest>
  ) throws(StoreError) -> Bool {
    if chunks.isEmpty { return true }
    let rows = try knownLists(of: realm)
    let waiting = state.withLock { state in
      state.pending.map(\.row).filter { $0.realm == realm && $0.header.kind == .list }
    }
    for row in rows + waiting {
      guard let found = state.withLock({ $0.find(row.digest, in: realm) }),
        found.place.kind == .list
      else { continue }
      let list: ChunkList
      do throws(StoreError) { list = try readList(found) } catch {
        if state.withLock({ $0.isHeld(row) }) { throw error }
        state.withLock { _ = $0.forget(found, isDamaged: true) }
        continue
      }
      guard list.entries.contains(where: { chunks.contains($0.digest) }) else { continue }
      let isHeld = state.withLock { state in
        guard state.isHeld(row) else {
          state.forget(found)
          return false
        }
        // It was kept before it came: its chunks were not known then.
        state.holds.keep(
          list.entries.map { state.table.hash($0.digest, in: realm) }, in: realm)
        return true
      }
      if isHeld { return false }
    }
    return true
  }
}

extension StoreState {
  /// The table finds this record in this slot.
  fileprivate func isFound(_ row: Index.Row, in slot: Int) -> Bool {
    guard let place = table.find(table.hash(row.digest, in: row.realm)) else { return false }
    return place.slot == slot && place.offset == row.offset
  }

  /// The record is leased or kept.
  fileprivate func isHeld(_ row: Index.Row) -> Bool {
    holds.contains(table.hash(row.digest, in: row.realm), in: row.realm)
  }

  /// Takes every record of a segment out of the table.
  ///
  /// - Returns: how many there were; nil, and none is out, where one is held.
  fileprivate mutating func takeOut(_ rows: [Index.Row], from slot: Int) -> Int? {
    let live = rows.filter { isFound($0, in: slot) }
    if live.contains(where: { isHeld($0) }) { return nil }
    let count = segments[slot].liveRecords
    for row in live {
      remove(
        MemoryTable.Place(slot: slot, offset: row.offset, header: row.header),
        digest: row.digest, realm: row.realm)
    }
    if segments[slot].liveRecords > 0 { removeAll(inSlot: slot) }
    return count
  }
}
