import LarderCore
import LarderPlatform

/// What lies behind the indexed offsets.
extension StoreOpening {
  /// Reads every segment past its indexed offset, and cuts what is no whole record.
  mutating func replayTails(_ index: Index) throws(StoreError) {
    for slot in state.segments.indices {
      do throws(StoreError) {
        try replayTail(slot)
      } catch {
        if error.code == .unsupportedFormat { throw error }
        // What the index knows stays readable; nothing is written behind what could not be read.
        state.segments[slot].phase = .closed
        report.damagedRecords += 1
      }
    }
    showLists(index)
  }

  private mutating func replayTail(_ slot: Int) throws(StoreError) {
    let item = state.segments[slot]
    // Sealed: all is indexed. Failed: what lies behind may be lost on the device, so it is not
    // believed.
    if item.phase == .sealed || item.phase == .failed { return }
    let segment = item.segment
    // Nothing past an indexed offset was promised to anybody. In a file that the index does not
    // know, damage may be anywhere and is stepped over.
    let isTail = item.synced > 0
    if !isTail, let footer = SegmentFooter.read(from: segment) { return show(footer, slot) }
    var found: [Index.Row] = []
    var scan = SegmentScan(segment, size: item.fileBytes, checksPayloads: true)
    let result = try scan.run(from: item.end, rule: isTail ? .stopAtDamage : .skipDamage) {
      offset, header in
      found.append(Index.Row(header, at: offset, of: segment))
    }
    for row in found {
      state.pending.append(StoreState.Pending(slot: slot, row: row))
      state.pendingBytes += Int64(row.header.recordLength)
      show(row, slot)
    }
    report.replayedRecords += found.count
    report.damagedRecords += result.damaged
    state.segments[slot].end = result.end
    state.segments[slot].records += found.count + result.damaged
    if result.hasFooter {
      state.segments[slot].phase = .sealed
      state.segments[slot].isTouched = true
    } else if item.phase == .open {
      try mendEnd(slot, to: result.end)
    }
  }

  /// Makes everything behind the last record zeros again, and reserved, unless it is: to reserve it
  /// anew costs more than the whole rest of an opening.
  private mutating func mendEnd(_ slot: Int, to end: Int64) throws(StoreError) {
    let segment = state.segments[slot].segment
    let isBlank = try attempting("read the end of \(segment.name)") {
      () throws(SystemCallError) in
      try segment.file.isBlank(from: end)
    }
    if isBlank, state.segments[slot].fileBytes == segment.header.capacity { return }
    if !isBlank { report.truncatedSegments += 1 }
    do {
      try segment.file.truncate(to: end)
      state.segments[slot].fileBytes = end
      try segment.file.allocate(segment.header.capacity)
      state.segments[slot].fileBytes = segment.header.capacity
    } catch {
      // A full disk, most likely: what is there can be read, and writing begins with another
      // segment.
      state.segments[slot].phase = .closed
    }
    state.segments[slot].isTouched = true
  }

  /// Makes findable what a sealed segment holds that the index does not know.
  ///
  /// All of it was synced before the footer was written, so no row has to wait for a sync: they are
  /// written behind the opening, segment by segment.
  private mutating func show(_ footer: (offset: Int64, entries: [SegmentFooter.Entry]), _ slot: Int)
  {
    let segment = state.segments[slot].segment
    for entry in footer.entries {
      show(Index.Row(entry.header, at: entry.offset, of: segment), slot)
    }
    state.segments[slot].phase = .sealed
    state.segments[slot].end = footer.offset
    state.segments[slot].synced = footer.offset
    state.segments[slot].records = footer.entries.count
    state.segments[slot].isNew = false
    state.unindexed.append(slot)
    report.replayedRecords += footer.entries.count
  }

  private mutating func show(_ row: Index.Row, _ slot: Int) {
    if row.header.kind == .list {
      lists.append(StoreState.Pending(slot: slot, row: row))
    } else {
      state.insert(
        MemoryTable.Place(slot: slot, offset: row.offset, header: row.header),
        digest: row.digest, realm: row.realm)
    }
  }

  /// Makes large blobs findable whose chunks are all there.
  private mutating func showLists(_ index: Index) {
    for item in lists {
      let row = item.row
      let place = MemoryTable.Place(slot: item.slot, offset: row.offset, header: row.header)
      var list: ChunkList?
      // A list that cannot be read is a blob that cannot be: the same to whoever asks for it.
      try? RecordReader.read(row.digest, at: place, of: state.segments[item.slot].segment) {
        header, bytes in
        list = ChunkList(bytes, of: header.digest, size: header.size)
      }
      let isWhole =
        list.map { list in
          list.entries.allSatisfy { isChunk($0.digest, in: row.realm, index) }
        } ?? false
      if isWhole {
        state.insert(place, digest: row.digest, realm: row.realm)
      } else {
        report.incompleteBlobs += 1
        state.drops.append(
          Index.Drop(
            realm: row.realm, digest: row.digest, segment: row.segment, offset: row.offset,
            isDamaged: true))
      }
    }
  }

  private func isChunk(_ digest: Digest, in realm: RealmID, _ index: Index) -> Bool {
    if let found = state.find(digest, in: realm) { return found.place.kind == .chunk }
    // An index that cannot be read is found out by the fill; the list is a miss then.
    guard let row = try? index.row(digest, in: realm) else { return false }
    return row.header.kind == .chunk
  }
}
