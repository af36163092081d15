package import LarderCore
import LarderPlatform

extension Store {
  /// Where in which segments a write ended: durable once each is synced to there.
  typealias Extent = [Int: Int64]

  /// Syncs everything that was accepted, and returns when all of it is durable.
  ///
  /// What a failed sync leaves unsure is written again elsewhere; where that fails too, it is taken
  /// back, as a power cut would: those blobs are misses afterwards.
  ///
  /// - Throws: `io` where something was lost in this call, `noSpace` where the index finds no room.
  package func sync() throws(StoreError) {
    let losses = try syncGate.pass { () throws(StoreError) -> [StoreError] in
      try syncMakingRoom()
    }
    if let loss = losses.first { throw loss }
  }

  /// Returns when these blobs survive a power cut: before a database names them.
  ///
  /// - Throws: `io` where one of them is not here, or was lost to a sync that failed.
  package func makeDurable(_ digests: Set<Digest>, in realm: RealmID) throws(StoreError) {
    try sync()
    // Another sync may have failed before, and told somebody else.
    guard digests.allSatisfy({ isDurable($0, in: realm) }) else { throw Store.lostError }
  }

  /// Whether a blob is here and survives a power cut; from memory.
  func isDurable(_ digest: Digest, in realm: RealmID) -> Bool {
    guard let place = find(digest, in: [realm])?.place else { return false }
    return state.withLock { $0.isSynced([place.slot: place.end]) }
  }

  /// Returns when everything up to `extent` is on the device and in the index; joins a sync that
  /// others wait for too.
  ///
  /// - Throws: `io` where a segment of the extent was given up, and not all of it rescued.
  func makeDurable(_ extent: Extent) throws(StoreError) {
    if state.withLock({ $0.isSynced(extent) }) { return }
    try syncGate.pass { () throws(StoreError) in
      // Whoever held the gate before may have synced this as well.
      if state.withLock({ $0.isSynced(extent) || $0.isLost(extent) }) { return }
      _ = try syncMakingRoom()
    }
    guard state.withLock({ $0.isSynced(extent) }) else { throw Store.lostError }
  }

  /// What the committer does. Not before the table is filled: until then look-ups need the index,
  /// which a commit holds for as long as its rows take.
  ///
  /// - Returns: false where the index had no room: then the rows wait.
  func commitWaiting() -> Bool {
    waitUntilFilled()
    // Nobody asked, so nobody is told: who needs to know asks for durability.
    return (try? syncGate.pass { () throws(StoreError) in try syncRound() }) != nil
  }

  /// Blocks while as much waits for a sync as may: nobody writes faster than the device for long.
  ///
  /// Writers who come together may each add one record above the limit.
  func waitForRoom() throws(StoreError) {
    func isFull() -> Bool {
      state.withLock {
        $0.unsyncedBytes >= options.unsyncedMax.value
          || $0.unsyncedRecords >= options.unsyncedRecordsMax
      }
    }
    guard isFull() else { return }
    _ = try syncGate.pass { () throws(StoreError) in
      // Whoever held the gate before has made room; else this writer does.
      if isFull() { _ = try syncMakingRoom() }
    }
  }

  /// A round of syncing that somebody waits for: where the index finds no room, the coldest segment
  /// goes, and it is tried once more. The caller holds the sync gate.
  private func syncMakingRoom() throws(StoreError) -> [StoreError] {
    do throws(StoreError) {
      return try syncRound()
    } catch {
      guard error.code == .noSpace, evictColdest(in: nil) else { throw error }
      return try syncRound()
    }
  }

  static let lostError = StoreError(
    .io,
    "a sync of the segment failed before the write was durable: it is taken back; look into the kernel's log, then put it again"
  )
}

extension StoreState {
  /// Bytes of records that a start after a crash would find by scanning.
  var unsyncedBytes: Int64 { pendingBytes + syncing.bytes }
  /// Those records.
  var unsyncedRecords: Int { pending.count + syncing.records }

  /// Everything in `extent` is on the device and in the index.
  func isSynced(_ extent: Store.Extent) -> Bool {
    extent.allSatisfy { slot, end in
      guard segments.contains(slot) else { return false }
      let item = segments[slot]
      return item.synced >= end || item.isRescued && !item.isUnrecorded
    }
  }

  /// Some of `extent` was given up, and not rescued.
  func isLost(_ extent: Store.Extent) -> Bool {
    extent.contains { slot, end in
      !segments.contains(slot) || hasFailed(slot, before: end) && !segments[slot].isRescued
    }
  }

  /// Some of `extent` was given up; rescued or not, it is no longer held where it was.
  func reliesOnFailed(_ extent: Store.Extent) -> Bool {
    extent.contains { slot, end in !segments.contains(slot) || hasFailed(slot, before: end) }
  }

  private func hasFailed(_ slot: Int, before end: Int64) -> Bool {
    segments[slot].phase == .failed && segments[slot].synced < end
  }
}
