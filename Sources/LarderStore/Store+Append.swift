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
    list.encode(into: payload, of: digest)
    let record = EncodedRecord(
      UnsafeRawBufferPointer(payload), kind: .list, isPart: false, digest: digest,
      size: list.size)
    return try store(record, realm: realm, extent: &extent)
  }

  private func store(
    _ record: borrowing EncodedRecord, realm: RealmID, extent: inout Extent
  ) throws(StoreError) -> Stored {
    try waitForRoom()
    // A closure cannot capture a borrowed record, so the gate is passed by hand.
    writeGate.enter()
    defer { writeGate.leave() }
    let header = record.header
    if let place = try confirmed(header.digest, realm, as: header.kind, extent: &extent) {
      return Stored(place: place, isNew: false)
    }
    // A sync may fail while the record is written: then it is written once more, elsewhere.
    for _ in 1...2 {
      if let place = try append(record, realm: realm, extent: &extent) {
        return Stored(place: place, isNew: true)
      }
    }
    throw Store.lostError
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
  ///
  /// - Returns: nil where the segment was given up meanwhile.
  private func append(
    _ record: borrowing EncodedRecord, realm: RealmID, extent: inout Extent
  ) throws(StoreError) -> MemoryTable.Place? {
    let slot = try slotWithRoom(for: record.byteCount, realm: realm, use: .put)
    let place = try write(record, to: slot)
    let header = record.header
    let (isPublished, wake) = try state.withLock {
      state throws(StoreError) -> (Bool, Committer.Reason?) in
      // A sync may have failed since: then a list is not built on what it was to make durable.
      if header.kind == .list, state.reliesOnFailed(extent) { throw Store.lostError }
      let before = state.pendingBytes
      guard state.publish(place, header, in: realm) else { return (false, nil) }
      state.hold(place, in: &extent)
      let goal = options.commitSize.value
      if before < goal, state.pendingBytes >= goal { return (true, .enough) }
      return (true, before == 0 ? .first : nil)
    }
    if let wake { committer.wake(self, for: wake) }
    return isPublished ? place : nil
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
      state.withLock { $0.retire(slot) }
    }
    return try createSegment(realm, for: use)
  }
}

extension StoreState {
  /// Takes a segment away from writers; the next sync ends it with its footer, and cuts off what it
  /// did not use. The caller holds the write gate.
  mutating func retire(_ slot: Int) {
    guard segments.contains(slot), segments[slot].phase == .open else { return }
    active[segments[slot].segment.realm] = nil
    segments[slot].phase = .closed
    segments[slot].awaitsFooter = true
  }
}
