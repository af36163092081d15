/// A part of the memory table: open addressing with linear probing over one flat array, between 3/4
/// and 7/8 full, in entries of 24 bytes:
///
///     hash                     8
///     segment                  4   its slot in the store; 2^32 - 1 is an empty entry
///     offset / 8               4
///     size                     4   of the blob; up to 1 GiB
///     stored length and flags  4   21 bits of length; list, part, LZ4 and used flags on top
///
/// An entry begins at the place that its hash has among all hashes (multiply, then shift), so that
/// the array need not be a power of two and grows by a sixth. A removal shifts what follows back:
/// there are no tombstones.
struct MemoryShard: Sendable {
  typealias Place = MemoryTable.Place

  private struct Entry: Sendable {
    var hash: UInt64 = 0
    var slot: UInt32 = .max
    var offset: UInt32 = 0
    var size: UInt32 = 0
    var stored: UInt32 = 0

    var isEmpty: Bool { slot == .max }
  }

  /// One entry at least is always empty: it ends every search.
  private var entries = [Entry](repeating: Entry(), count: 8)
  private(set) var count = 0

  private static let listFlag: UInt32 = 1 << 31
  private static let partFlag: UInt32 = 1 << 30
  private static let lz4Flag: UInt32 = 1 << 29
  private static let usedFlag: UInt32 = 1 << 28
  private static let lengthMask: UInt32 = 1 << 21 - 1

  var byteCount: Int { entries.count * MemoryLayout<Entry>.stride }

  func find(_ hash: UInt64) -> Place? {
    let index = position(of: hash)
    return entries[index].isEmpty ? nil : place(entries[index])
  }

  mutating func insert(_ place: Place, under hash: UInt64) -> Place? {
    if (count + 1) * 8 > entries.count * 7 { resize(to: max(16, entries.count * 7 / 6)) }
    let index = position(of: hash)
    let old = entries[index].isEmpty ? nil : self.place(entries[index])
    if old == nil { count += 1 }
    var stored = UInt32(place.storedLength)
    if place.kind == .list { stored |= MemoryShard.listFlag }
    if place.isPart { stored |= MemoryShard.partFlag }
    if place.codec == .lz4 { stored |= MemoryShard.lz4Flag }
    entries[index] = Entry(
      hash: hash, slot: UInt32(place.slot), offset: UInt32(place.offset / 8),
      size: UInt32(place.size), stored: stored)
    return old
  }

  mutating func remove(_ hash: UInt64, at place: Place) -> Bool {
    var hole = position(of: hash)
    guard !entries[hole].isEmpty, self.place(entries[hole]) == place else { return false }
    var next = following(hole)
    while !entries[next].isEmpty {
      // Moves back only what does not start between the hole and where it stands.
      if distance(from: home(entries[next].hash), to: next) >= distance(from: hole, to: next) {
        entries[hole] = entries[next]
        hole = next
      }
      next = following(next)
    }
    entries[hole] = Entry()
    count -= 1
    return true
  }

  mutating func use(_ hash: UInt64) -> (place: Place, isFirst: Bool)? {
    let index = position(of: hash)
    if entries[index].isEmpty { return nil }
    let isFirst = entries[index].stored & MemoryShard.usedFlag == 0
    if isFirst { entries[index].stored |= MemoryShard.usedFlag }
    return (place(entries[index]), isFirst)
  }

  func isUsed(_ hash: UInt64) -> Bool {
    let index = position(of: hash)
    return !entries[index].isEmpty && entries[index].stored & MemoryShard.usedFlag != 0
  }

  /// Every place, and whether it was used.
  var places: [(place: Place, isUsed: Bool)] {
    entries.filter { !$0.isEmpty }.map { (place($0), $0.stored & MemoryShard.usedFlag != 0) }
  }

  mutating func clearUsed() {
    for index in entries.indices { entries[index].stored &= ~MemoryShard.usedFlag }
  }

  mutating func removeAll(inSlot slot: Int) -> [Place] {
    let removed = entries.filter { !$0.isEmpty && Int($0.slot) == slot }.map(place)
    if removed.isEmpty { return [] }
    for index in entries.indices where Int(entries[index].slot) == slot {
      entries[index].slot = .max
    }
    count -= removed.count
    resize(to: entries.count)
    return removed
  }

  /// Where a search for `hash` begins.
  private func home(_ hash: UInt64) -> Int {
    // The highest bits chose the shard and say nothing here.
    Int((hash << 6).multipliedFullWidth(by: UInt64(entries.count)).high)
  }

  private func following(_ index: Int) -> Int { index + 1 == entries.count ? 0 : index + 1 }

  private func distance(from start: Int, to end: Int) -> Int {
    end >= start ? end - start : end - start + entries.count
  }

  /// The entry of `hash`, or the empty one where it would go.
  private func position(of hash: UInt64) -> Int {
    var index = home(hash)
    while !entries[index].isEmpty, entries[index].hash != hash { index = following(index) }
    return index
  }

  private func place(_ entry: Entry) -> Place {
    Place(
      slot: Int(entry.slot), offset: Int64(entry.offset) * 8, size: Int64(entry.size),
      storedLength: Int(entry.stored & MemoryShard.lengthMask),
      kind: entry.stored & MemoryShard.listFlag == 0 ? .chunk : .list,
      isPart: entry.stored & MemoryShard.partFlag != 0,
      codec: entry.stored & MemoryShard.lz4Flag == 0 ? .raw : .lz4)
  }

  private mutating func resize(to capacity: Int) {
    let old = entries
    entries = Array(repeating: Entry(), count: capacity)
    for entry in old where !entry.isEmpty { entries[position(of: entry.hash)] = entry }
  }
}
