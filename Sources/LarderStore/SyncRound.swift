import LarderCore
import LarderPlatform

extension Store {
  /// Syncs all segments that need it, then tells the index: directory, segments, rows, in this
  /// order; then ends full segments. The caller holds the sync gate; writers go on meanwhile.
  ///
  /// Nothing is retried on a file whose sync failed, since the kernel may have marked the pages
  /// clean that it lost: see `rescue`.
  ///
  /// - Returns: an error for each segment that was given up and of which something is lost.
  /// - Throws: `noSpace` or `io` where the index failed; then the rows wait for the next round.
  func syncRound() throws(StoreError) -> [StoreError] {
    if state.withLock({ $0.isClosed }) { throw Store.closedError }
    var work = state.withLock { $0.takeSyncWork() }
    var losses: [StoreError] = []
    if !work.isEmpty {
      losses = synchronize(&work)
      do throws(StoreError) {
        try record(work)
      } catch {
        state.withLock { $0.putBack(work) }
        throw error
      }
      saveRecencyIfDue()
      state.withLock { $0.finish(work) }
    }
    measure(work.segments.map(\.slot) + writeFooters())
    return losses
  }

  /// Ends full segments with their footers and cuts off what they did not use.
  ///
  /// Only once all records are synced: a footer is believed without a look at them. The next round
  /// syncs it. A failure is no loss: the scan of a segment without a footer finds the same.
  ///
  /// - Returns: the slots of those segments.
  private func writeFooters() -> [Int] {
    let full = state.withLock { state in
      state.segments.indices.map { ($0, state.segments[$0]) }
        .filter { $1.awaitsFooter && $1.synced == $1.end }
    }
    for (slot, item) in full {
      // As said above: no footer is as good.
      let size = try? SegmentFooter.write(to: item.segment, end: item.end, records: item.records)
      state.withLock { state in
        state.segments[slot].awaitsFooter = false
        guard let size else { return }
        state.segments[slot].phase = .sealed
        state.segments[slot].fileBytes = size
        state.segments[slot].isTouched = true
      }
    }
    return full.map(\.0)
  }

  /// - Returns: as `syncRound`.
  private func synchronize(_ work: inout SyncWork) -> [StoreError] {
    var failures: [Int: StoreError] = [:]
    let dirty = work.segments.filter(\.state.isDirty)
    if dirty.contains(where: \.state.isNew) {
      do throws(SystemCallError) {
        try segmentsFolder.synchronizeDirectory()
      } catch {
        let failure = StoreError("sync the directory of segments", cause: error)
        for item in dirty where item.state.isNew { failures[item.slot] = failure }
      }
    }
    for item in dirty where failures[item.slot] == nil {
      do throws(SystemCallError) {
        try item.state.segment.file.synchronizeData()
        state.withLock { $0.counters.syncs += 1 }
      } catch {
        failures[item.slot] = StoreError("sync \(item.state.segment.name)", cause: error)
      }
    }
    var losses: [StoreError] = []
    for (slot, failure) in failures.sorted(by: { $0.key < $1.key }) where !rescue(slot, &work) {
      losses.append(failure)
    }
    if !losses.isEmpty { forgetIncomplete(&work) }
    return losses
  }

  /// Tells the index what was synced; one that turns out damaged is made again first.
  private func record(_ work: SyncWork, isSecond: Bool = false) throws(StoreError) {
    work.assertSynced()
    let isDamaged = try indexGate.pass { () throws(StoreError) -> Bool in
      let index = try usableIndex()
      do throws(IndexError) {
        try index.commit(
          rows: work.pending.map(\.row), segments: work.segments.map(\.row), drops: work.drops,
          forgotten: work.forgotten, nextSegment: work.nextSegment)
        return false
      } catch {
        guard error.isDamage, !isSecond else { throw error.storeError("write to") }
        try abandonIndex()
        return true
      }
    }
    if isDamaged { try record(work, isSecond: true) }
  }
}

/// What one round of syncing set out to do.
struct SyncWork {
  /// A segment as it was when the round began; what came later is for the next one.
  struct Segment {
    let slot: Int
    var state: SegmentState

    /// How far it is synced once the round has come to the index.
    var synced: Int64 { state.phase == .failed ? state.synced : state.end }

    var row: Index.SegmentRow { Index.SegmentRow(state, indexed: synced) }
  }

  var segments: [Segment]
  var pending: [StoreState.Pending]
  let drops: [Index.Drop]
  let forgotten: [UInt64]
  let nextSegment: UInt64

  var isEmpty: Bool {
    segments.isEmpty && pending.isEmpty && drops.isEmpty && forgotten.isEmpty
  }

  /// Traps where a row would name bytes that no sync has covered: the one thing that no index may
  /// ever say.
  func assertSynced() {
    var ends: [Int: Int64] = [:]
    for item in segments {
      precondition(
        item.state.synced <= item.state.end && item.state.end <= item.state.segment.header.capacity,
        "\(item.state.segment.name) is synced past its end")
      ends[item.slot] = item.synced
    }
    for item in pending {
      precondition(
        item.row.offset + Int64(item.row.header.recordLength) <= ends[item.slot, default: 0],
        "a row for the index names bytes that were not synced")
    }
  }
}

extension StoreState {
  /// Something waits for a sync or for the index.
  var hasSyncWork: Bool { !syncWork.isEmpty }

  private var syncWork: SyncWork {
    SyncWork(
      segments: segments.indices.filter { segments[$0].isDirty || segments[$0].isUnrecorded }
        .map { SyncWork.Segment(slot: $0, state: segments[$0]) },
      pending: pending, drops: drops, forgotten: forgotten, nextSegment: nextSegment)
  }

  /// Takes all that waits.
  mutating func takeSyncWork() -> SyncWork {
    let work = syncWork
    syncing = (pending.count, pendingBytes)
    pending = []
    pendingBytes = 0
    drops = []
    forgotten = []
    return work
  }

  /// Returns to the queue what the index did not take.
  mutating func putBack(_ work: SyncWork) {
    syncing = (0, 0)
    pending.insert(contentsOf: work.pending, at: 0)
    pendingBytes = pending.reduce(0) { $0 + Int64($1.row.header.recordLength) }
    drops.insert(contentsOf: work.drops, at: 0)
    forgotten.insert(contentsOf: work.forgotten, at: 0)
  }

  /// Notes what is durable now.
  mutating func finish(_ work: SyncWork) {
    syncing = (0, 0)
    for item in work.segments {
      segments[item.slot].isUnrecorded = false
      if item.state.phase == .failed { continue }
      precondition(
        item.synced >= segments[item.slot].synced && item.synced <= segments[item.slot].end,
        "\(item.state.segment.name) has lost what was synced")
      segments[item.slot].synced = item.synced
      segments[item.slot].isNew = false
      segments[item.slot].isTouched = false
    }
  }
}
