import LarderCore
import LarderPlatform

extension Store {
  /// Gives up a segment whose sync failed, and writes what waited in it to a new one of its own,
  /// synced before anybody is told. The caller holds the sync gate.
  ///
  /// Whatever still reads back from the page cache, by its digest, is whole. The rest is a miss, as
  /// after a power cut, and so is all of it where the new segment fails as well. The failed one is
  /// cut to what was synced before.
  ///
  /// - Parameter work: tells the index what came of it.
  /// - Returns: whether nothing was lost.
  func rescue(_ slot: Int, _ work: inout SyncWork) -> Bool {
    let (failed, waiting) = state.withLock { $0.giveUp(slot, &work) }
    let copies = copyToNewSegment(waiting, of: failed.segment, &work)
    let isWhole = state.withLock { state in
      var isWhole = true
      for (item, place) in zip(waiting, copies) where state.remove(item) {
        guard let place else {
          isWhole = false
          continue
        }
        let row = item.row
        state.insert(place, digest: row.digest, realm: row.realm)
        work.pending.append(
          StoreState.Pending(
            slot: place.slot,
            row: Index.Row(
              realm: row.realm, digest: row.digest,
              segment: state.segments[place.slot].segment.id, offset: place.offset,
              header: row.header)))
      }
      state.segments[slot].isRescued = isWhole
      return isWhole
    }
    cut(failed, slot)
    return isWhole
  }

  /// - Returns: the new places, nil for each record that was lost.
  private func copyToNewSegment(
    _ waiting: [StoreState.Pending], of failed: Segment, _ work: inout SyncWork
  ) -> [MemoryTable.Place?] {
    let none = [MemoryTable.Place?](repeating: nil, count: waiting.count)
    if waiting.isEmpty { return none }
    // On an error the records are lost, and whoever waits for one of them is told.
    guard
      let slot = try? addSegment(failed.realm, capacity: failed.header.capacity, phase: .closed)
    else { return none }
    let target = state.withLock { $0.segments[slot].segment }
    do {
      var places: [MemoryTable.Place?] = []
      var end = Int64(SegmentHeader.byteCount)
      for item in waiting {
        guard let record = verifiedCopy(item, of: failed) else {
          places.append(nil)
          continue
        }
        try record.write(to: target, at: end)
        let place = MemoryTable.Place(slot: slot, offset: end, header: record.header)
        places.append(place)
        end = place.end
      }
      try target.file.synchronizeData()
      try segmentsFolder.synchronizeDirectory()
      let count = places.count { $0 != nil }
      let item = state.withLock { state in
        state.counters.syncs += 1
        state.segments[slot].end = end
        state.segments[slot].records = count
        state.segments[slot].awaitsFooter = true
        return state.segments[slot]
      }
      work.segments.append(SyncWork.Segment(slot: slot, state: item))
      return places
    } catch {
      cut(state.withLock { $0.giveUp(slot, &work) }.0, slot)
      return none
    }
  }

  /// Takes from a segment that was given up what no sync covers.
  ///
  /// Where this fails too, its row in the index says that nothing behind `synced` is to be believed.
  private func cut(_ failed: SegmentState, _ slot: Int) {
    let size = max(failed.synced, Int64(SegmentHeader.byteCount))
    guard (try? failed.segment.file.truncate(to: size)) != nil else { return }
    state.withLock { $0.segments[slot].fileBytes = size }
  }

  /// The record as it reads back now, if its digest says that it is whole.
  private func verifiedCopy(_ item: StoreState.Pending, of segment: Segment) -> EncodedRecord? {
    let place = MemoryTable.Place(
      slot: item.slot, offset: item.row.offset, header: item.row.header)
    do throws(StoreError) {
      try RecordReader.read(item.row.digest, at: place, of: segment) { _, _ in }
      return try RecordReader.copy(item.row.digest, at: place, of: segment)
    } catch {
      return nil
    }
  }

  /// Makes large blobs a miss that wait for their rows and lost a chunk: their lists may be in
  /// segments that did not fail. The caller holds the sync gate.
  func forgetIncomplete(_ work: inout SyncWork) {
    let lists = state.withLock { state in
      (work.pending + state.pending).filter { $0.row.header.kind == .list }
    }
    for item in lists where !isComplete(item) {
      state.withLock { state in
        state.remove(item)
        state.removePending { $0 == item }
      }
      work.pending.removeAll { $0 == item }
    }
  }

  private func isComplete(_ item: StoreState.Pending) -> Bool {
    let realm = item.row.realm
    // Where it is found elsewhere, or not at all, it says nothing about this record.
    guard let found = find(item.row.digest, in: [realm]), let list = try? readList(found) else {
      return false
    }
    return list.entries.allSatisfy { find($0.digest, in: [realm])?.place.kind == .chunk }
  }
}

extension StoreState {
  /// Closes a segment as failed, for good.
  ///
  /// - Parameter work: no longer says of the segment what was not synced before.
  /// - Returns: the segment, and the records in it that were not synced.
  fileprivate mutating func giveUp(
    _ slot: Int, _ work: inout SyncWork
  ) -> (SegmentState, [Pending]) {
    let waiting = (work.pending + pending).filter { $0.slot == slot }
    work.pending.removeAll { $0.slot == slot }
    removePending { $0.slot == slot }
    segments[slot].phase = .failed
    segments[slot].isUnrecorded = true
    segments[slot].awaitsFooter = false
    segments[slot].end = segments[slot].synced
    if active[segments[slot].segment.realm] == slot { active[segments[slot].segment.realm] = nil }
    counters.failedSegments += 1
    work.segments.removeAll { $0.slot == slot }
    work.segments.append(SyncWork.Segment(slot: slot, state: segments[slot]))
    return (segments[slot], waiting)
  }

  fileprivate mutating func removePending(where isGone: (Pending) -> Bool) {
    pending.removeAll(where: isGone)
    pendingBytes = pending.reduce(0) { $0 + Int64($1.row.header.recordLength) }
  }

  /// Makes a record that waits a miss, unless another one has taken its name.
  ///
  /// - Returns: whether it was found until now.
  @discardableResult
  fileprivate mutating func remove(_ item: Pending) -> Bool {
    remove(
      MemoryTable.Place(slot: item.slot, offset: item.row.offset, header: item.row.header),
      digest: item.row.digest, realm: item.row.realm)
  }
}
