import LarderCore
import LarderPlatform

/// Empties one claimed segment: copies what was used or is held, then drops the rest with the file.
///
/// Holds no gate while it reads, so that puts and reads go on.
struct Compaction {
  private let store: Store
  private let slot: Int
  private let reliance: Reliance
  private var moved: [Index.Row] = []

  init(store: Store, slot: Int) {
    self.store = store
    self.slot = slot
    reliance = Reliance(store)
  }

  /// - Throws: `noSpace`, `io`, `closed`: then the segment is there as before.
  mutating func run(_ report: inout CollectReport) throws(StoreError) {
    let rows = try rows()
    while true {
      try move(rows, &report)
      let count = try store.syncGate.pass { () throws(StoreError) in
        try store.dropSegment(slot, rows: rows)
      }
      // Else something is held that was not before: it is moved as well.
      guard let count else { continue }
      report.evictedRecords += count
      report.segments += 1
      return store.state.withLock { $0.counters.collectedSegments += 1 }
    }
  }

  private func rows() throws(StoreError) -> [Index.Row] {
    try store.knownRows(of: store.state.withLock { $0.segments[slot].segment.id })
  }

  /// Copies what is to stay, and returns once the copies are durable.
  private mutating func move(
    _ rows: [Index.Row], _ report: inout CollectReport
  ) throws(StoreError) {
    var pace = Pace(bytesPerSecond: store.options.copiedPerSecondMax.value)
    do throws(StoreError) {
      for row in rows {
        let byteCount = try move(row)
        report.movedBytes += Int64(byteCount)
        pace.spend(byteCount)
      }
      try store.makeDurable(reliance.extent)
    } catch {
      putBack()
      throw error
    }
  }

  /// Copies a record that was used, or is held, to the realm's open segment.
  ///
  /// - Returns: the bytes that it takes; 0 where it stays behind.
  private mutating func move(_ row: Index.Row) throws(StoreError) -> Int {
    let place = MemoryTable.Place(slot: slot, offset: row.offset, header: row.header)
    let (found, isClosing) = store.state.withLock { state -> (Located?, Bool) in
      guard let found = state.find(row.digest, in: row.realm), found.place == place,
        state.table.isUsed(found.hash) || state.holds.contains(found.hash, in: row.realm)
      else { return (nil, state.isClosing) }
      return (found, state.isClosing)
    }
    if isClosing { throw Store.closedError }
    guard let found else { return 0 }
    let record: EncodedRecord
    do throws(StoreError) {
      record = try RecordReader.copy(row.digest, at: place, of: found.segment)
    } catch {
      guard error.code == .corrupt else { throw error }
      store.drop(found)
      return 0
    }
    store.writeGate.enter()
    defer { store.writeGate.leave() }
    let target = try store.slotWithRoom(for: record.byteCount, realm: row.realm, use: .move)
    let newPlace = try store.write(record, to: target)
    let header = record.header
    let isMoved = try store.state.withLock { state throws(StoreError) in
      // It was dropped, or written again, meanwhile: the copy is garbage, and goes like all
      // garbage.
      guard state.table.find(found.hash) == place else { return false }
      guard state.publish(newPlace, header, in: row.realm) else { throw Store.lostError }
      state.hold(newPlace, in: &reliance.extent)
      return true
    }
    if !isMoved { return 0 }
    moved.append(row)
    store.state.withLock { $0.counters.movedBytes += Int64(newPlace.recordLength) }
    return newPlace.recordLength
  }

  /// Shows the old places again of records whose copies a failed sync has taken back.
  private func putBack() {
    store.state.withLock { state in
      for row in moved where state.find(row.digest, in: row.realm) == nil {
        state.insert(
          MemoryTable.Place(slot: slot, offset: row.offset, header: row.header),
          digest: row.digest, realm: row.realm)
      }
    }
  }
}
