import LarderCore
import LarderPlatform

extension Store {
  /// Where in which segments a write ended: durable once each is synced to there.
  typealias Extent = [Int: Int64]

  /// Returns when everything up to `extent` is on the device and in the index; joins a sync that
  /// others wait for too.
  ///
  /// - Throws: `io` where a segment of the extent was given up: the write is gone.
  func makeDurable(_ extent: Extent) throws(StoreError) {
    if state.withLock({ $0.isSynced(extent) }) { return }
    try syncGate.pass { () throws(StoreError) in
      // Whoever held the gate before may have synced this as well.
      if state.withLock({ $0.isSynced(extent) || $0.isLost(extent) }) { return }
      _ = try syncRound()
    }
    if state.withLock({ $0.isLost(extent) }) { throw Store.lostError }
  }

  static let lostError = StoreError(
    .io,
    "a sync of the segment failed before the write was durable: it is taken back; look into the kernel's log, then put it again"
  )

  /// Syncs all segments that need it, then tells the index: directory, segments, rows, in this
  /// order.
  ///
  /// The caller holds the sync gate. Nothing is retried on a file whose sync failed, since the
  /// kernel may have marked the pages clean that it lost: the segment is given up, cut to what was
  /// synced before, and what lay behind becomes a miss.
  ///
  /// - Returns: an error for each segment that was given up.
  /// - Throws: `noSpace` or `io` where the index failed; then the rows wait for the next round.
  func syncRound() throws(StoreError) -> [StoreError] {
    if state.withLock({ $0.isClosed }) { throw Store.closedError }
    let work = state.withLock { state in
      let work = SyncWork(
        dirty: state.segments.indices
          .filter { state.segments[$0].isDirty || state.segments[$0].isUnrecorded }
          .map { SyncWork.Segment(slot: $0, state: state.segments[$0]) },
        pending: state.pending, drops: state.drops, forgotten: state.forgotten,
        nextSegment: state.nextSegment)
      state.pending = []
      state.pendingBytes = 0
      state.drops = []
      state.forgotten = []
      return work
    }
    if work.isEmpty { return [] }

    let failures = synchronize(work.dirty)
    for slot in failures.keys { giveUp(slot, losing: work.pending) }
    let rows = work.segments(failed: Set(failures.keys))
    do throws(StoreError) {
      try record(work, rows, failed: Set(failures.keys), isSecond: false)
    } catch {
      state.withLock { $0.putBack(work, failed: failures) }
      throw error
    }
    saveRecencyIfDue()
    measure(work.dirty.map(\.slot))
    state.withLock { state in
      for segment in work.dirty {
        state.segments[segment.slot].isUnrecorded = false
        if failures[segment.slot] != nil || segment.state.phase == .failed { continue }
        state.segments[segment.slot].synced = segment.state.end
        state.segments[segment.slot].isNew = false
        // Sealing happens behind the write gate and may have come between: it touches again.
        if state.segments[segment.slot].phase == segment.state.phase {
          state.segments[segment.slot].isTouched = false
        }
      }
    }
    return failures.keys.sorted().compactMap { failures[$0] }
  }

  /// Tells the index what was synced; one that turns out damaged is made again first.
  private func record(
    _ work: SyncWork, _ segments: [Index.SegmentRow], failed: Set<Int>, isSecond: Bool
  ) throws(StoreError) {
    let isDamaged = try indexGate.pass { () throws(StoreError) -> Bool in
      let index = try usableIndex()
      do throws(IndexError) {
        try index.commit(
          rows: work.pending.filter { !failed.contains($0.slot) }.map(\.row), segments: segments,
          drops: work.drops, forgotten: work.forgotten, nextSegment: work.nextSegment)
        return false
      } catch {
        guard error.isDamage, !isSecond else { throw error.storeError("write to") }
        try abandonIndex()
        return true
      }
    }
    if isDamaged { try record(work, segments, failed: failed, isSecond: true) }
  }

  private func synchronize(_ dirty: [SyncWork.Segment]) -> [Int: StoreError] {
    var failures: [Int: StoreError] = [:]
    let dirty = dirty.filter(\.state.isDirty)
    if dirty.contains(where: \.state.isNew) {
      do throws(SystemCallError) {
        try system.synchronizeDirectory(segmentsDirectory)
      } catch {
        let failure = StoreError("sync the directory of segments", cause: error)
        for segment in dirty where segment.state.isNew { failures[segment.slot] = failure }
      }
    }
    for segment in dirty where failures[segment.slot] == nil {
      do throws(SystemCallError) {
        try segment.state.segment.file.synchronizeData()
        state.withLock { $0.counters.syncs += 1 }
      } catch {
        failures[segment.slot] = StoreError(
          "sync \(segment.state.segment.name)", cause: error)
      }
    }
    return failures
  }

  /// Closes a segment as failed and takes back what was not synced.
  private func giveUp(_ slot: Int, losing pending: [StoreState.Pending]) {
    let (segment, synced) = state.withLock { state in
      for item in pending + state.pending where item.slot == slot {
        let place = MemoryTable.Place(
          slot: slot, offset: item.row.offset, header: item.row.header)
        state.remove(place, digest: item.row.digest, realm: item.row.realm)
      }
      state.pending.removeAll { $0.slot == slot }
      let segment = state.segments[slot].segment
      state.segments[slot].phase = .failed
      state.segments[slot].isUnrecorded = true
      state.segments[slot].end = state.segments[slot].synced
      if state.active[segment.realm] == slot { state.active[segment.realm] = nil }
      state.counters.failedSegments += 1
      return (segment, state.segments[slot].synced)
    }
    // If this fails too, the row in the index says that nothing behind `synced` is to be believed.
    if (try? segment.file.truncate(to: synced)) != nil {
      state.withLock { $0.segments[slot].fileBytes = synced }
    }
  }
}

/// What one round of syncing set out to do.
struct SyncWork {
  struct Segment {
    let slot: Int
    let state: SegmentState
  }

  let dirty: [Segment]
  let pending: [StoreState.Pending]
  let drops: [Index.Drop]
  let forgotten: [UInt64]
  let nextSegment: UInt64

  var isEmpty: Bool {
    dirty.isEmpty && pending.isEmpty && drops.isEmpty && forgotten.isEmpty
  }

  /// The rows of the segments, as they are after the sync.
  func segments(failed: Set<Int>) -> [Index.SegmentRow] {
    dirty.map { item in
      let isFailed = failed.contains(item.slot) || item.state.phase == .failed
      let segment = item.state.segment
      return Index.SegmentRow(
        id: segment.id, realm: segment.realm, salt: segment.salt,
        indexed: isFailed ? item.state.synced : item.state.end, records: item.state.records,
        phase: isFailed ? .failed : item.state.phase)
    }
  }
}

extension StoreState {
  /// Everything in `extent` is on the device and in the index.
  func isSynced(_ extent: Store.Extent) -> Bool {
    extent.allSatisfy { slot, end in
      segments.contains(slot) && segments[slot].synced >= end
    }
  }

  /// Some of `extent` was given up.
  func isLost(_ extent: Store.Extent) -> Bool {
    extent.contains { slot, end in
      !segments.contains(slot)
        || segments[slot].phase == .failed && segments[slot].synced < end
    }
  }

  /// Returns to the queue what the index did not take.
  mutating func putBack(_ work: SyncWork, failed: [Int: StoreError]) {
    let kept = work.pending.filter { failed[$0.slot] == nil }
    pending.insert(contentsOf: kept, at: 0)
    pendingBytes = pending.reduce(0) { $0 + Int64($1.row.header.recordLength) }
    drops.insert(contentsOf: work.drops, at: 0)
    forgotten.insert(contentsOf: work.forgotten, at: 0)
  }
}
