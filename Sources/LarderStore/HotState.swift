import LarderCore

/// What the hot tier knows, under its lock: which bytes are where, and who wanted them.
///
/// Nothing here maps, copies or frees; slabs that go are returned, so that their pages go outside
/// of the lock.
struct HotState: Sendable {
  /// What happened in one realm since the store was opened.
  struct Counters: Hashable, Sendable {
    var hits = 0
    var misses = 0
    var admitted = 0
    var evictedSlabs = 0
  }

  private struct Entry: Sendable {
    /// Its slab's place in `slabs`.
    let place: Int
    let offset: Int
    let length: Int
    var isHit = false
    /// Of a joined blob: when all its chunks were last noted as used.
    var usedIn: UInt32 = 0
  }

  private struct Kept: Sendable {
    var slab: Slab
    var keys: [HotKey] = []
    /// Since the slab came.
    var hits = 0
    /// Hits, halved with each eviction.
    var heat: Double
  }

  /// The slab that a realm appends to.
  private struct Open: Sendable {
    let slab: Slab
    var end = 0
    var records = 0
  }

  private var entries: [HotKey: Entry] = [:]
  /// Slabs at places that are used again; nil where there is none now. So a read looks up one key.
  private var slabs: [Kept?] = []
  private var places: [UInt64: Int] = [:]
  private var open: [RealmID: Open] = [:]
  /// Realms in whose open slab a thread is at work: it is neither given up nor appended to.
  private var filling: Set<RealmID> = []
  private var doorkeeper = Doorkeeper()
  private var nextSlab: UInt64 = 1
  /// Without the hits of slabs that are here.
  private var pastCounters: [RealmID: Counters] = [:]
  var handedOut = HandedOut()

  /// Where the bytes are, counted as a hit or a miss.
  mutating func find(_ key: HotKey) -> SlabExtent? {
    guard let found = findKept(key) else {
      pastCounters[key.realm, default: Counters()].misses += 1
      return nil
    }
    return found
  }

  /// As `find`, without counting what is not here.
  mutating func findKept(_ key: HotKey) -> SlabExtent? {
    guard let index = entries.index(forKey: key) else { return nil }
    let entry = entries.values[index]
    guard let slab = slabs[entry.place]?.slab else { return nil }
    slabs[entry.place]?.hits += 1
    slabs[entry.place]?.heat += 1
    if !entry.isHit { entries.values[index].isHit = true }
    return SlabExtent(slab: slab, offset: entry.offset, length: entry.length)
  }

  /// Where the bytes are in a form to share, if they are; who maps them does not come back to read.
  mutating func findSealed(_ key: HotKey) -> SlabExtent? {
    guard let entry = entries[key], let slab = slabs[entry.place]?.slab, slab.isSealed else {
      return nil
    }
    slabs[entry.place]?.heat += 1
    return SlabExtent(slab: slab, offset: entry.offset, length: entry.length)
  }

  /// Where a joined blob is, if its chunks were noted as used in this period.
  mutating func findJoined(_ key: HotKey, usedIn period: UInt32) -> SlabExtent? {
    guard let entry = entries[key], entry.usedIn == period else { return nil }
    return findKept(key)
  }

  /// Notes that a blob's chunks lie one behind the other, and were used in this period.
  mutating func join(_ key: HotKey, _ extent: SlabExtent, usedIn period: UInt32) {
    guard let place = places[extent.slab.id] else { return }
    if entries[key]?.place != place { slabs[place]?.keys.append(key) }
    entries[key] = Entry(
      place: place, offset: extent.offset, length: extent.length, usedIn: period)
  }

  /// What happened in each realm.
  var counters: [RealmID: Counters] {
    slabs.reduce(into: pastCounters) { counters, kept in
      if let kept { counters[kept.slab.realm, default: Counters()].hits += kept.hits }
    }
  }

  // MARK: - Admission

  /// What an admission finds.
  enum Admission: Sendable {
    /// Not now: asked for once only, here already, or another thread fills this realm's slab.
    case refused
    /// Copy to this place, then `publish`.
    case room(Slab, offset: Int)
    /// Another slab is needed; the full one, if any, is to be sealed.
    case full(Slab?, used: Int)
  }

  /// Decides on bytes that were read; unless it refuses, the realm's slab is the caller's until
  /// `publish` or `endFilling`.
  mutating func begin(_ key: HotKey, byteCount: Int, recordsMax: Int) -> Admission {
    guard doorkeeper.note(key.hashValue), entries[key] == nil,
      filling.insert(key.realm).inserted
    else { return .refused }
    guard let current = open[key.realm] else { return .full(nil, used: 0) }
    if current.end + byteCount <= current.slab.byteCount, current.records < recordsMax {
      return .room(current.slab, offset: current.end)
    }
    open[key.realm] = nil
    return .full(current.slab, used: current.end)
  }

  mutating func makeID() -> UInt64 {
    defer { nextSlab += 1 }
    return nextSlab
  }

  /// A new slab for a realm to append to.
  mutating func addOpen(_ slab: Slab) {
    keep(slab)
    open[slab.realm] = Open(slab: slab)
  }

  /// Makes bytes findable that were copied to `offset` of the open slab, unless that went
  /// meanwhile.
  mutating func publish(_ key: HotKey, in slab: Slab, offset: Int, byteCount: Int) {
    filling.remove(key.realm)
    guard open[key.realm]?.slab === slab else { return }
    open[key.realm]?.end = Slab.aligned(offset + byteCount)
    open[key.realm]?.records += 1
    enter(key, in: slab, offset: offset, length: byteCount)
  }

  mutating func endFilling(_ realm: RealmID) { filling.remove(realm) }

  /// Puts a sealed copy in the place of a full slab, which is returned.
  mutating func replace(_ full: Slab, with sealed: Slab) -> Slab? {
    guard let place = places[full.id] else { return sealed }
    slabs[place]?.slab = sealed
    return full
  }

  /// Makes all of a gathered slab findable, in front of what was known of the same bytes.
  mutating func add(_ slab: Slab, _ parts: [(key: HotKey, offset: Int, length: Int)]) {
    keep(slab)
    for part in parts { enter(part.key, in: slab, offset: part.offset, length: part.length) }
  }

  private mutating func keep(_ slab: Slab) {
    let kept = Kept(slab: slab, heat: meanHeat)
    if let free = slabs.firstIndex(where: { $0 == nil }) {
      places[slab.id] = free
      slabs[free] = kept
    } else {
      places[slab.id] = slabs.count
      slabs.append(kept)
    }
  }

  private mutating func enter(_ key: HotKey, in slab: Slab, offset: Int, length: Int) {
    guard let place = places[slab.id] else { return }
    entries[key] = Entry(place: place, offset: offset, length: length)
    slabs[place]?.keys.append(key)
    pastCounters[key.realm, default: Counters()].admitted += 1
  }

  /// What a new slab begins with: an even chance among those that had time to be hit.
  private var meanHeat: Double {
    places.isEmpty ? 0 : slabs.reduce(0) { $0 + ($1?.heat ?? 0) } / Double(places.count)
  }

  // MARK: - Going

  /// Gives up the slab with the fewest hits per byte, of one realm or of all.
  ///
  /// Not one that a user holds, which would free nothing, nor one that a thread fills.
  mutating func evict(of realm: RealmID?) -> Slab? {
    let candidates = slabs.compactMap(\.self).filter { kept in
      (realm == nil || kept.slab.realm == realm) && !handedOut.holds(kept.slab.id)
        && !isFilled(kept.slab)
    }
    let coldest = candidates.min { left, right in
      let (leftHeat, rightHeat) = (
        left.heat / Double(left.slab.byteCount), right.heat / Double(right.slab.byteCount)
      )
      return leftHeat == rightHeat ? left.slab.id < right.slab.id : leftHeat < rightHeat
    }
    guard let coldest else { return nil }
    for place in slabs.indices { slabs[place]?.heat /= 2 }
    pastCounters[coldest.slab.realm, default: Counters()].evictedSlabs += 1
    return remove(coldest.slab.id)
  }

  /// Whether a thread is at work in it, or is about to seal it.
  private func isFilled(_ slab: Slab) -> Bool {
    filling.contains(slab.realm) && !slab.isSealed
  }

  /// Gives up one blob's bytes; their room is free once their slab goes.
  mutating func forget(_ digest: Digest, _ realm: RealmID) {
    for kind in HotKey.Kind.allCases {
      entries[HotKey(digest: digest, realm: realm, kind: kind)] = nil
    }
  }

  /// Gives up the slabs of one realm or of all.
  mutating func forget(_ realm: RealmID?) -> [Slab] {
    slabs.compactMap { $0?.slab }.filter { realm == nil || $0.realm == realm }
      .compactMap { remove($0.id) }
  }

  private mutating func remove(_ id: UInt64) -> Slab? {
    guard let place = places.removeValue(forKey: id), let kept = slabs[place] else { return nil }
    slabs[place] = nil
    pastCounters[kept.slab.realm, default: Counters()].hits += kept.hits
    for key in kept.keys {
      guard let entry = entries[key], entry.place == place else { continue }
      entries[key] = nil
      // What was wanted comes back with its next read.
      if entry.isHit { _ = doorkeeper.note(key.hashValue) }
    }
    if open[kept.slab.realm]?.slab.id == id { open[kept.slab.realm] = nil }
    return kept.slab
  }
}
