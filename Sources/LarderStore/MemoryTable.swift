import LarderCore

/// Where every record of the store is, in memory: what answers "is it here?" without a disk.
///
/// Open addressing with linear probing over one flat array of 24-byte entries, at most 4/5 full:
///
///     hash of (realm, digest)  8   SipHash under a key of this process: nobody aims at a slot
///     segment                  4   its slot in the store; 2^32 - 1 is an empty entry
///     offset / 8               4
///     size                     4   of the blob; up to 1 GiB
///     stored length and flags  4   21 bits of length; list, part, LZ4 and used flags on top
///
/// An entry does not hold its digest: whoever reads a record compares the digest in its header. Two
/// digests of one realm under one hash make the older a miss, which among ten million entries
/// happens with a chance of 3 in a million. A removal shifts what follows back, so there are no
/// tombstones.
struct MemoryTable: Sendable {
  /// What an entry says about one record.
  struct Place: Equatable, Sendable {
    let slot: Int
    let offset: Int64
    let size: Int64
    let storedLength: Int
    let kind: RecordHeader.Kind
    let isPart: Bool
    let codec: RecordHeader.Codec

    var recordLength: Int { RecordHeader.recordLength(storedLength: storedLength) }
    var end: Int64 { offset + Int64(recordLength) }
  }

  private struct Entry: Sendable {
    var hash: UInt64 = 0
    var slot: UInt32 = .max
    var offset: UInt32 = 0
    var size: UInt32 = 0
    var stored: UInt32 = 0
  }

  private var entries: [Entry]
  private let key: SipHash.Key
  private(set) var count = 0

  private static let listFlag: UInt32 = 1 << 31
  private static let partFlag: UInt32 = 1 << 30
  private static let lz4Flag: UInt32 = 1 << 29
  private static let usedFlag: UInt32 = 1 << 28
  private static let lengthMask: UInt32 = 1 << 21 - 1

  /// - Parameter key: a fresh random key; tests choose one.
  init(key: SipHash.Key = .random()) {
    self.key = key
    entries = Array(repeating: Entry(), count: 1024)
  }

  /// The keyed hash that finds a blob; 40 ns.
  func hash(_ digest: Digest, in realm: RealmID) -> UInt64 {
    digest.withUnsafeBytes { SipHash.hash($0, extra: UInt64(realm.rawValue), key: key) }
  }

  /// What is known under `hash`; nil for nothing.
  func find(_ hash: UInt64) -> Place? {
    let index = position(of: hash)
    return entries[index].slot == .max ? nil : place(entries[index])
  }

  /// Puts a place under `hash`.
  ///
  /// - Returns: what was there before.
  @discardableResult
  mutating func insert(_ place: Place, under hash: UInt64) -> Place? {
    if (count + 1) * 5 > entries.count * 4 { grow() }
    let index = position(of: hash)
    let old = entries[index].slot == .max ? nil : self.place(entries[index])
    if old == nil { count += 1 }
    var stored = UInt32(place.storedLength)
    if place.kind == .list { stored |= MemoryTable.listFlag }
    if place.isPart { stored |= MemoryTable.partFlag }
    if place.codec == .lz4 { stored |= MemoryTable.lz4Flag }
    entries[index] = Entry(
      hash: hash, slot: UInt32(place.slot), offset: UInt32(place.offset / 8),
      size: UInt32(place.size), stored: stored)
    return old
  }

  /// Takes out what is under `hash`, if it is still `place`.
  ///
  /// - Returns: whether it was.
  mutating func remove(_ hash: UInt64, at place: Place) -> Bool {
    var hole = position(of: hash)
    guard entries[hole].slot != .max, self.place(entries[hole]) == place else { return false }
    let mask = entries.count - 1
    var next = (hole + 1) & mask
    while entries[next].slot != .max {
      let home = Int(truncatingIfNeeded: entries[next].hash) & mask
      // Moves back only what does not start between the hole and where it stands.
      if (next - home) & mask >= (next - hole) & mask {
        entries[hole] = entries[next]
        hole = next
      }
      next = (next + 1) & mask
    }
    entries[hole] = Entry()
    count -= 1
    return true
  }

  /// Notes that what is under `hash` was used.
  ///
  /// - Returns: its place, where it had not been used since it came or was last cleared.
  mutating func markUsed(_ hash: UInt64) -> Place? {
    let index = position(of: hash)
    guard entries[index].slot != .max, entries[index].stored & MemoryTable.usedFlag == 0 else {
      return nil
    }
    entries[index].stored |= MemoryTable.usedFlag
    return place(entries[index])
  }

  /// Whether what is under `hash` was used.
  func isUsed(_ hash: UInt64) -> Bool {
    let index = position(of: hash)
    return entries[index].slot != .max && entries[index].stored & MemoryTable.usedFlag != 0
  }

  /// Forgets every use.
  mutating func clearUsed() {
    for index in entries.indices { entries[index].stored &= ~MemoryTable.usedFlag }
  }

  /// Takes out every entry of a segment, by looking at all of them.
  ///
  /// - Returns: what was taken out.
  mutating func removeAll(inSlot slot: Int) -> [Place] {
    var removed: [Place] = []
    var kept: [Entry] = []
    for entry in entries where entry.slot != .max {
      if Int(entry.slot) == slot { removed.append(place(entry)) } else { kept.append(entry) }
    }
    if removed.isEmpty { return [] }
    entries = Array(repeating: Entry(), count: entries.count)
    for entry in kept { entries[position(of: entry.hash)] = entry }
    count = kept.count
    return removed
  }

  private func position(of hash: UInt64) -> Int {
    let mask = entries.count - 1
    var index = Int(truncatingIfNeeded: hash) & mask
    while entries[index].slot != .max, entries[index].hash != hash { index = (index + 1) & mask }
    return index
  }

  private func place(_ entry: Entry) -> Place {
    Place(
      slot: Int(entry.slot), offset: Int64(entry.offset) * 8, size: Int64(entry.size),
      storedLength: Int(entry.stored & MemoryTable.lengthMask),
      kind: entry.stored & MemoryTable.listFlag == 0 ? .chunk : .list,
      isPart: entry.stored & MemoryTable.partFlag != 0,
      codec: entry.stored & MemoryTable.lz4Flag == 0 ? .raw : .lz4)
  }

  private mutating func grow() {
    let old = entries
    entries = Array(repeating: Entry(), count: old.count * 2)
    for entry in old where entry.slot != .max { entries[position(of: entry.hash)] = entry }
  }
}
