import LarderCore

/// What would be lost with a segment, kept up to date so that a victim is chosen without looking at
/// any record.
struct SegmentUse: Sendable {
  /// Bytes of the records in it that can be found, and how many they are.
  var liveBytes: Int64 = 0
  var liveRecords = 0
  /// Writes on their way that rely on records here.
  var writes = 0
  /// It is about to be dropped: no write may come to rely on it.
  var isLeaving = false
}

extension StoreState {
  /// Takes a segment in.
  ///
  /// - Returns: its slot.
  mutating func join(_ item: SegmentState) -> Int {
    let slot = segments.append(item)
    if slot == uses.count { uses.append(SegmentUse()) } else { uses[slot] = SegmentUse() }
    return slot
  }

  /// Lets a write on its way rely on a record, so that its segment stays until `release`.
  ///
  /// - Returns: false where the record is gone, or about to go: it has to be written again.
  mutating func rely(
    on place: MemoryTable.Place, hash: UInt64, for extent: inout Store.Extent
  ) -> Bool {
    guard table.find(hash) == place, !uses[place.slot].isLeaving else { return false }
    if extent[place.slot] == nil { uses[place.slot].writes += 1 }
    extent[place.slot] = max(extent[place.slot] ?? 0, place.end)
    return true
  }

  /// Ends what `rely` began; the write has returned, or was given up.
  mutating func release(_ extent: Store.Extent) {
    for slot in extent.keys where uses.indices.contains(slot) { uses[slot].writes -= 1 }
  }
}

/// What one write relies on, for as long as the write lives.
///
/// Used by one thread at a time, as the write is.
final class Reliance {
  var extent: Store.Extent = [:]
  private let store: Store

  init(_ store: Store) { self.store = store }

  deinit { store.state.withLock { $0.release(extent) } }
}
