import LarderCore
import LarderPlatform

extension Store {
  /// What a new segment is for.
  enum SegmentUse {
    /// Content that comes: leaves the room of one segment to collections.
    case put
    /// What a collection moves: may take all of the quota, since it gives back more.
    case move
  }

  /// Creates a realm's next segment; makes room if there is none.
  ///
  /// - Throws: `noSpace` where even then quota, disk or descriptors do not allow it.
  func createSegment(_ realm: RealmID, for use: SegmentUse) throws(StoreError) -> Int {
    while let lack = lack(in: realm, for: use) {
      guard makeRoom(lack) else { throw noRoom(lack) }
    }
    do throws(StoreError) {
      return try newSegment(realm)
    } catch {
      // The disk is full though the quota is not: others share it.
      guard error.code == .noSpace else { throw error }
      if use == .move { reserve.spend() }
      guard makeRoom(.disk) else { throw error }
      return try newSegment(realm)
    }
  }

  /// Why there is no room for one more segment.
  private enum Lack {
    case quota
    case realm(RealmID)
    case descriptors
    case disk
  }

  private func lack(in realm: RealmID, for use: SegmentUse) -> Lack? {
    let capacity = options.segmentCapacity
    let needed = use == .put ? 2 * capacity : capacity
    let lack = state.withLock { state -> Lack? in
      if state.segments.count >= Options.segmentsMax { return .descriptors }
      if state.diskBytes + needed > options.quota.value { return .quota }
      let quota = state.quota(of: realm, options)
      return state.segmentBytes(of: realm) + needed > quota ? .realm(realm) : nil
    }
    if let lack { return lack }
    // Where the file system does not tell, fallocate will.
    guard use == .put, let space = try? system.space(at: directory) else { return nil }
    return space.freeBytes - capacity < options.floor(of: space).value ? .disk : nil
  }

  /// In front of a writer, who holds the write gate: has realms that rest keep no more than they
  /// use, where that is worth a segment; else drops the coldest one in which nothing is held,
  /// without copying.
  ///
  /// - Returns: whether there is more room.
  private func makeRoom(_ lack: Lack) -> Bool {
    let realm: RealmID? = if case .realm(let realm) = lack { realm } else { nil }
    return syncGate.pass {
      // Only what is in the index can be dropped with its rows; what is not is no candidate.
      _ = try? syncRound()
      if realm == nil, state.withLock({ $0.retireResting(gaining: options.segmentCapacity) }) {
        // Cuts them; on a disk that fails they stay as large, and are not found again.
        _ = try? syncRound()
        return true
      }
      return evictColdest(in: realm)
    }
  }

  /// Drops the coldest segment in which nothing is held. The caller holds the sync gate.
  ///
  /// - Parameter realm: nil for whichever realm has taken most of what it may take.
  /// - Returns: whether there was one.
  func evictColdest(in realm: RealmID?) -> Bool {
    state.withLock { $0.leases.expire(at: clock(), in: &$0.holds) }
    while let slot = state.withLock({ $0.claimColdest(in: realm, options) }) {
      let id = state.withLock { $0.segments[slot].segment.id }
      do {
        if try dropSegment(slot, rows: knownRows(of: id)) == nil {
          // Something in it is held by now; there may be another.
          state.withLock { $0.unclaim(slot) }
          continue
        }
      } catch {
        // The write is refused for the room that it lacks, which says what to do.
        state.withLock { $0.unclaim(slot) }
        return false
      }
      state.withLock { $0.counters.emergencyEvictions += 1 }
      return true
    }
    return false
  }

  private func newSegment(_ realm: RealmID) throws(StoreError) -> Int {
    let slot = try addSegment(realm, capacity: options.segmentCapacity, phase: .open)
    let (isDue, whenDue) = state.withLock { state in
      state.active[realm] = slot
      return (!state.excess(options).isNone, state.whenCollectionIsDue)
    }
    if isDue { whenDue?() }
    return slot
  }

  /// Creates a segment, whatever room there is for it.
  func addSegment(
    _ realm: RealmID, capacity: Int64, phase: SegmentState.Phase
  ) throws(StoreError) -> Int {
    let id = state.withLock { state -> UInt64? in
      if state.isClosed { return nil }
      state.nextSegment += 1
      return state.nextSegment - 1
    }
    guard let id else { throw Store.closedError }
    let header = SegmentHeader(id: id, realm: realm, salt: .random(), capacity: capacity)
    let segment = try Segment.create(header, in: segmentsDirectory, system: system)
    return state.withLock { state in
      state.segments.append(
        SegmentState(
          segment: segment, phase: phase, end: Int64(SegmentHeader.byteCount), synced: 0,
          records: 0, fileBytes: capacity, isNew: true))
    }
  }

  private func noRoom(_ lack: Lack) -> StoreError {
    let (used, count) = state.withLock { ($0.diskBytes, $0.segments.count) }
    let finding =
      switch lack {
      case .quota: "\(ByteCount(used)) of \(options.quota) are used"
      case .realm(let realm): "\(realm) has used up its quota"
      case .descriptors: "it has \(count) segments, the most it may have"
      case .disk: "its file system has nothing to spare"
      }
    return StoreError(
      .noSpace,
      "the store at \(directory) is full: \(finding), and all that is there is in use or held",
      remedy: "raise the quota, free disk space, or remove releases, pins or leases")
  }
}

extension StoreState {
  /// Retires the open segments in which all is durable and on which no put relies: their realms
  /// rest, and go on in new ones. The caller holds the write gate.
  ///
  /// - Parameter minimum: bytes that they do not use; where it is less in all they stay.
  /// - Returns: whether there were any.
  mutating func retireResting(gaining minimum: Int64 = 1) -> Bool {
    let resting = segments.indices.filter { slot in
      let item = segments[slot]
      return item.phase == .open && !item.hasWaiting && item.writers == 0 && !item.isClaimed
    }
    let gain = resting.reduce(0) { $0 + segments[$1].fileBytes - segments[$1].end }
    if gain < minimum { return false }
    for slot in resting { retire(slot) }
    return true
  }
}
