import LarderCore

/// Which records were used, as it outlives the process: of each segment a bit for every 4 KiB in
/// which a used record begins.
///
/// Coarse on purpose: two kilobytes for the largest segment, and small records beside a used one
/// count as used with it.
struct Recency: Sendable {
  private static let pageShift = 12
  /// Bits by the segment's id; eight pages to a byte, the first page lowest.
  private(set) var pages: [UInt64: [UInt8]] = [:]

  init(pages: [UInt64: [UInt8]] = [:]) { self.pages = pages }

  mutating func note(_ offset: Int64, in segment: UInt64) {
    let page = Int(offset >> Recency.pageShift)
    var bits = pages.removeValue(forKey: segment) ?? []
    if bits.count <= page / 8 {
      bits += [UInt8](repeating: 0, count: page / 8 + 1 - bits.count)
    }
    bits[page / 8] |= 1 << UInt8(page % 8)
    pages[segment] = bits
  }

  func contains(_ offset: Int64, in segment: UInt64) -> Bool {
    let page = Int(offset >> Recency.pageShift)
    guard let bits = pages[segment], page / 8 < bits.count else { return false }
    return bits[page / 8] & 1 << UInt8(page % 8) != 0
  }
}

extension Store {
  /// How often what was used is stored, at most: what a killed daemon forgets.
  static let recencyPeriod = Duration.seconds(600)

  /// Stores what was used, for the next opening: at the end, after a collection, and with a commit
  /// where it has not been done for a while. Never a write for a read.
  func saveRecency() {
    // What is not all known yet is not written over what is stored.
    guard isFilled else { return }
    var recency = Recency()
    for shard in 0..<MemoryTable.shardCount {
      state.withLock { state in
        for (place, isUsed) in state.table.places(inShard: shard)
        where isUsed && state.segments.contains(place.slot) {
          recency.note(place.offset, in: state.segments[place.slot].segment.id)
        }
      }
    }
    let now = clock()
    state.withLock { $0.recencySaved = now }
    // Without room for it the order of eviction is worse after a restart, and nothing else.
    try? withIndex("store what was used") { (index) throws(IndexError) in
      try index.save(recency)
    }
  }

  /// As above, where it is time.
  func saveRecencyIfDue() {
    let now = clock()
    let isDue = state.withLock { state in
      state.recencySaved.map { now - $0 >= Store.recencyPeriod } ?? false
    }
    if isDue { saveRecency() }
  }
}
