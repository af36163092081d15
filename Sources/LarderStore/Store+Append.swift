import LarderCore
import LarderPlatform

extension Store {
  /// A record that is stored now, by this call or an earlier one.
  struct Stored {
    let place: MemoryTable.Place
    let isNew: Bool
  }

  /// Stores one chunk unless the realm has it already, whole and readable.
  ///
  /// - Parameters:
  ///   - isPart: it is a piece of a larger blob.
  ///   - extent: takes the place, which is not evicted until `release`.
  func storeChunk(
    _ bytes: UnsafeRawBufferPointer, digest: Digest, realm: RealmID, isPart: Bool,
    extent: inout Extent
  ) throws(StoreError) -> Stored {
    // Asked twice: compressing outside of the gate is worth more than the second look costs.
    if let place = try confirmed(digest, realm, as: .chunk, extent: &extent) {
      return Stored(place: place, isNew: false)
    }
    let record = EncodedRecord(
      bytes, kind: .chunk, isPart: isPart, digest: digest, size: Int64(bytes.count))
    return try store(record, realm: realm, extent: &extent)
  }

  /// Stores the list of a large blob whose chunks are stored up to `extent`.
  func storeList(
    _ list: ChunkList, digest: Digest, realm: RealmID, extent: inout Extent
  ) throws(StoreError) -> Stored {
    let payload = UnsafeMutableRawBufferPointer.allocate(byteCount: list.byteCount, alignment: 8)
    defer { payload.deallocate() }
    list.encode(into: payload)
    let record = EncodedRecord(
      UnsafeRawBufferPointer(payload), kind: .list, isPart: false, digest: digest,
      size: list.size)
    return try store(record, realm: realm, extent: &extent)
  }

  private func store(
    _ record: borrowing EncodedRecord, realm: RealmID, extent: inout Extent
  ) throws(StoreError) -> Stored {
    // A closure cannot capture a borrowed record, so the gate is passed by hand.
    writeGate.enter()
    defer { writeGate.leave() }
    let header = record.header
    if let place = try confirmed(header.digest, realm, as: header.kind, extent: &extent) {
      return Stored(place: place, isNew: false)
    }
    return Stored(place: try append(record, realm: realm, extent: &extent), isNew: true)
  }

  /// The place of a record that is there and passes its checks; a damaged one is dropped, so that
  /// this put heals it.
  private func confirmed(
    _ digest: Digest, _ realm: RealmID, as kind: RecordHeader.Kind, extent: inout Extent
  ) throws(StoreError) -> MemoryTable.Place? {
    // Where `chunkedAbove` has grown, what was a list may come as one chunk: only that vouches for
    // all bytes.
    guard let found = find(digest, in: [realm]), kind == .list || found.place.kind == .chunk
    else { return nil }
    do throws(StoreError) {
      try RecordReader.confirm(digest, at: found.place, of: found.segment)
      // A collection may be about to drop it: then it is written again.
      return state.withLock { $0.hold(found, in: &extent) } ? found.place : nil
    } catch {
      switch error.code {
      case .notFound: return nil
      case .corrupt:
        drop(found)
        return nil
      default: throw error
      }
    }
  }

  /// Writes a record behind the last one of its realm and makes it readable. The caller holds the
  /// write gate.
  private func append(
    _ record: borrowing EncodedRecord, realm: RealmID, extent: inout Extent
  ) throws(StoreError) -> MemoryTable.Place {
    try syncIfTooMuchWaits()
    let slot = try slotWithRoom(for: record.byteCount, realm: realm, use: .put)
    let place = try write(record, to: slot)
    let isPublished = state.withLock { state in
      // A sync may have failed since: then neither this segment nor one of the chunks is to be
      // built on.
      if record.header.kind == .list, state.isLost(extent) { return false }
      guard state.publish(place, record.header, in: realm) else { return false }
      state.hold(place, in: &extent)
      return true
    }
    guard isPublished else { throw Store.lostError }
    return place
  }

  /// Writes a record behind the last one of a segment. The caller holds the write gate.
  func write(
    _ record: borrowing EncodedRecord, to slot: Int
  ) throws(StoreError) -> MemoryTable.Place {
    // A sync may have failed since, and a collection dropped it.
    let target = state.withLock { state in
      state.segments.contains(slot) ? state.segments[slot] : nil
    }
    guard let target else { throw Store.lostError }
    let (segment, offset) = (target.segment, target.end)
    do {
      try record.write(to: segment, at: offset)
    } catch {
      throw StoreError("write to \(segment.name)", cause: error)
    }
    return MemoryTable.Place(slot: slot, offset: offset, header: record.header)
  }

  private func syncIfTooMuchWaits() throws(StoreError) {
    let isFull = state.withLock {
      $0.pendingBytes >= options.unsyncedMax.value
        || $0.pending.count >= options.unsyncedRecordsMax
    }
    guard isFull else { return }
    // Who lost something by it asks for its own extent; this write goes to another segment then.
    _ = try syncGate.pass { () throws(StoreError) -> [StoreError] in try syncRound() }
  }

  /// The realm's open segment if the record and, later, its line in the footer fit; else a new one.
  func slotWithRoom(
    for byteCount: Int, realm: RealmID, use: SegmentUse
  ) throws(StoreError) -> Int {
    let current = state.withLock { state in
      state.active[realm].map { ($0, state.segments[$0]) }
    }
    if let (slot, segment) = current {
      let end =
        segment.end + Int64(byteCount)
        + Int64(SegmentFooter.byteCount(records: segment.records + 1))
      if end <= segment.segment.header.capacity { return slot }
      seal(slot)
    }
    // The rule by which no list outlives its chunks: what came before is synced or given up.
    if state.withLock({ $0.segments.contains { $0.segment.realm == realm && $0.isDirty } }) {
      _ = try syncGate.pass { () throws(StoreError) -> [StoreError] in try syncRound() }
    }
    return try createSegment(realm, for: use)
  }

  /// Ends a full segment with its footer and cuts off what it did not use.
  ///
  /// A failure is no loss: the segment stays without footer, and its records are as good as before.
  private func seal(_ slot: Int) {
    let item = state.withLock { state -> SegmentState? in
      guard state.segments.contains(slot) else { return nil }
      state.active[state.segments[slot].segment.realm] = nil
      if state.segments[slot].phase == .open { state.segments[slot].phase = .closed }
      return state.segments[slot]
    }
    // The scan of a segment without a footer finds the same.
    guard let item, item.phase == .closed,
      let size = try? SegmentFooter.write(to: item.segment, end: item.end, records: item.records)
    else { return }
    state.withLock { state in
      guard state.segments.contains(slot), state.segments[slot].phase == .closed else { return }
      state.segments[slot].phase = .sealed
      state.segments[slot].fileBytes = size
      state.segments[slot].isTouched = true
    }
  }
}
