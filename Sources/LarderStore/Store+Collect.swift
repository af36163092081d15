package import LarderCore
import LarderPlatform

extension Store {
  /// Has `body` called, on whatever thread made a segment, when the use has passed a high
  /// watermark; it must return at once, and have `collect` called soon.
  package func whenCollectionIsDue(_ body: @escaping @Sendable () -> Void) {
    state.withLock { $0.whenCollectionIsDue = body }
  }

  /// Gives a realm a quota of its own; nil for that of the options.
  package func setQuota(_ quota: ByteCount?, of realm: RealmID) {
    state.withLock { $0.quotas[realm] = quota }
  }

  /// Brings the use of the store, and of each realm, below its low watermark where it is above the
  /// high one: empties segments, oldest first, copying what was used or is held.
  ///
  /// Blocks for as long as that takes; reads and writes go on. One collection runs at a time.
  ///
  /// - Parameter freeing: bytes to free even where nothing is due.
  /// - Throws: `noSpace`, `io`; what was emptied before stays so.
  package func collect(freeing: ByteCount? = nil) throws(StoreError) -> CollectReport {
    waitUntilFilled()
    return try collectGate.pass { () throws(StoreError) in
      try sync()
      let (before, goal) = state.withLock { state in
        state.leases.expire(at: clock(), in: &state.holds)
        var goal = state.excess(options)
        goal.total = max(goal.total, freeing?.value ?? 0)
        return (state.diskBytes, goal)
      }
      if !goal.isNone {
        // Costs nobody content: a realm that rests has a whole segment reserved.
        writeGate.pass { state.withLock { _ = $0.retireResting() } }
        try sync()
      }
      var report = CollectReport()
      for (realm, bytes) in goal.realms {
        let end = state.withLock { $0.segmentBytes(of: realm) } - bytes
        try empty(in: realm, &report) { $0.segmentBytes(of: realm) > end }
      }
      try empty(in: nil, &report) { $0.diskBytes > before - goal.total }
      reserve.renew()
      saveRecency()
      measure([])
      report.freedBytes = before - state.withLock { $0.diskBytes }
      return report
    }
  }

  /// Removes one blob of a realm; its bytes go with a later collection, and those of its chunks
  /// when nothing uses them.
  ///
  /// - Returns: whether it was there.
  /// - Throws: `busy` where it is leased or kept.
  package func evict(_ digest: Digest, in realm: RealmID) throws(StoreError) -> Bool {
    guard let found = find(digest, in: [realm]) else { return false }
    let (isThere, isHeld) = state.withLock { state in
      state.leases.expire(at: clock(), in: &state.holds)
      guard state.table.find(found.hash) == found.place else { return (false, false) }
      if state.holds.contains(found.hash, in: realm) { return (true, true) }
      state.forget(found)
      return (true, false)
    }
    if isHeld {
      throw StoreError(
        .busy, "blob \(digest) is held by a release, a pin or a lease",
        remedy: "end what holds it first")
    }
    return isThere
  }

  private func empty(
    in realm: RealmID?, _ report: inout CollectReport, while isAbove: (StoreState) -> Bool
  ) throws(StoreError) {
    // Each segment once, and what was copied of it once more. On a disk that fails, copies and the
    // index's log may grow faster than all of that frees, and would for ever.
    var victimsMax = 2 * state.withLock { $0.segments.count }
    while true {
      victimsMax -= 1
      let (isDone, isClosing, slot) = state.withLock { state in
        if !isAbove(state) { return (true, false, nil as Int?) }
        if victimsMax < 0 { return (false, state.isClosing, nil) }
        return (false, state.isClosing, state.claimVictim(in: realm, options))
      }
      if isDone { return }
      if isClosing { throw Store.closedError }
      guard let slot else {
        report.isEnough = false
        return
      }
      var compaction = Compaction(store: self, slot: slot)
      do throws(StoreError) {
        try compaction.run(&report)
      } catch {
        state.withLock { $0.unclaim(slot) }
        throw error
      }
    }
  }
}
