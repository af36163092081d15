import LarderCore
import LarderPlatform

extension Store {
  /// All that the index knows is in memory, and the index knows all segments.
  package var isFilled: Bool { state.withLock { $0.isFilled } }

  /// Blocks until then, or until the store is closed, or a disk has refused to be read.
  package func waitUntilFilled() { filled.wait() }

  /// Fills the memory table from the index, on a thread of its own, batch by batch; until that is
  /// done, `find` asks the index for what memory does not know.
  ///
  /// Why that comes out right: a row says what memory does not contradict. Whatever is put, moved
  /// or dropped after the opening passes through memory first and is noted there as touched; a row
  /// under a touched hash is not believed, whether it changed already or is about to. All others
  /// are as they were at the opening.
  ///
  /// Then the index is told of segments that it does not know: after it was lost, all that are
  /// sealed. Memory knows them already, so that nobody waits for this but who needs the index whole.
  func startFilling(checkingLists: Bool) {
    if isFilled, !checkingLists { return filled.open() }
    // Between batches the store may go: nobody waits for this thread.
    BackgroundThread.start(name: "larder-fill") {
      [weak self, filled, fillRetry, delay = options.commitDelay] in
      while let step = self?.fillStep(), step != .done {
        if step == .more { continue }
        // Whoever waits goes on with what memory has, which is right; what it lacks stays to be
        // asked from the index.
        filled.open()
        _ = fillRetry.wait(atMost: delay)
      }
      if checkingLists { self?.forgetBrokenLists() }
      self?.releaseMemory()
      filled.open()
    }
  }

  private enum FillStep {
    /// There may be more rows.
    case more
    case done
    /// The index could not be read, or made again, this time.
    case failed
  }

  private func fillStep() -> FillStep {
    let (filling, slot) = state.withLock { state in
      state.isClosed ? (nil, nil) : (state.filling, state.unindexed.last)
    }
    do throws(StoreError) {
      if let filling {
        try fillOrAbandon { (index) throws(IndexError) in
          let rows = try index.rows(after: filling.cursor, limit: Store.fillBatchCount)
          try state.withLock { state throws(IndexError) in try state.fill(with: rows) }
        }
      } else if let slot {
        let item = state.withLock { $0.segments[slot] }
        let records = try records(of: item)
        // What is synced is told apart from what waits, so no round of syncing is under way.
        try syncGate.pass { () throws(StoreError) in
          try fillOrAbandon { (index) throws(IndexError) in
            try tell(index, records, of: item)
            state.withLock { _ = $0.unindexed.popLast() }
          }
        }
      } else {
        return .done
      }
      return .more
    } catch {
      return .failed
    }
  }

  /// Runs `body` on the index. One that turns out damaged is set aside, and the next step begins a
  /// new one: the segments know all of it.
  private func fillOrAbandon(
    _ body: (Index) throws(IndexError) -> Void
  ) throws(StoreError) {
    try indexGate.pass { () throws(StoreError) in
      let index = try usableIndex()
      do throws(IndexError) {
        try body(index)
      } catch {
        guard error.isDamage else { throw error.storeError("fill the table from") }
        try abandonIndex()
        state.withLock { $0.filling?.cursor = nil }
      }
    }
  }

  /// Gives back what the fill took: pages of the index, and what the table left behind at each step
  /// of its growth.
  private func releaseMemory() {
    guard state.withLock({ $0.table.count }) >= Store.trimCount else { return }
    indexGate.pass { index?.releaseMemory() }
    Heap.trim()
  }

  /// Records from which that is worth the time that the whole heap takes: some 2 MiB of table.
  private static let trimCount = 65_536

  /// Rows that are read at a time: a millisecond or two in which nobody else reads the index.
  private static let fillBatchCount = 2048

  /// What memory does not know yet; the caller found nothing there.
  func findInIndex(_ digest: Digest, in realms: [RealmID]) -> Located? {
    indexGate.pass {
      for realm in realms {
        // An index that cannot be read is made again by the fill; until then this is a miss.
        guard let index, let row = try? index.row(digest, in: realm) else { continue }
        let found = state.withLock { state -> Located? in
          // A row of no sound place is damage, which the fill meets too.
          guard (try? state.raise(row)) != nil else { return nil }
          return state.use(digest, in: realm)
        }
        if let found { return found }
      }
      // The fill may have passed meanwhile.
      return state.withLock { $0.use(digest, in: realms) }
    }
  }

  /// Has memory know the chunks of a large blob, which it may not do before it is filled; while it
  /// is not, nothing is evicted.
  func recall(_ list: ChunkList, in realm: RealmID) {
    if isFilled { return }
    for entry in list.entries { _ = find(entry.digest, in: [realm]) }
  }

  /// After a segment was lost: makes large blobs a miss whose chunks are not all there.
  private func forgetBrokenLists() {
    let realms = state.withLock { $0.content.keys.sorted { $0.rawValue < $1.rawValue } }
    for realm in realms {
      // Without an index they are found out when they are read.
      guard let rows = try? knownLists(of: realm) else { continue }
      for row in rows {
        // A list that cannot be read is a miss by then.
        guard let found = state.withLock({ $0.find(row.digest, in: realm) }),
          found.place.kind == .list, let list = try? readList(found)
        else { continue }
        state.withLock { state in
          if !state.hasChunks(of: list, in: realm) { state.forget(found, isDamaged: true) }
        }
      }
    }
  }
}

/// What is left to do of filling the table, and what no longer follows from the index.
struct Filling: Sendable {
  /// The last row that was read; nil before the first.
  var cursor: Index.Key?
  /// Hashes of what memory was told since the opening.
  var touched: Set<UInt64> = []
}

extension StoreState {
  /// Takes the next rows of the index; none ends the filling.
  mutating func fill(with rows: [Index.Row]) throws(IndexError) {
    guard let last = rows.last else {
      filling = nil
      recency = Recency()
      return
    }
    for row in rows { try raise(row) }
    filling?.cursor = Index.Key(realm: last.realm, digest: last.digest)
  }

  /// Makes what a row says findable, unless memory knows better.
  ///
  /// - Throws: where the row names a place that its segment does not have.
  mutating func raise(_ row: Index.Row) throws(IndexError) {
    let hash = table.hash(row.digest, in: row.realm)
    guard let filling, !filling.touched.contains(hash), table.find(hash) == nil,
      let slot = segments.slot(of: row.segment)
    else { return }
    let place = MemoryTable.Place(slot: slot, offset: row.offset, header: row.header)
    guard place.end <= segments[slot].synced, row.realm == segments[slot].segment.realm else {
      throw IndexError(damage: "a record past the indexed end of its segment")
    }
    table.insert(place, under: hash)
    account(place, row.realm, 1, wasUsed: false)
    if recency.contains(place.offset, in: row.segment), table.use(hash) != nil {
      segments[slot].usedBytes += Int64(place.recordLength)
    }
  }

  /// Every chunk that a list names is there.
  func hasChunks(of list: ChunkList, in realm: RealmID) -> Bool {
    list.entries.allSatisfy { find($0.digest, in: realm)?.place.kind == .chunk }
  }
}
