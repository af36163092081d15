import LarderCore

/// All that the store knows, under one lock: touched for moments, never across I/O.
struct StoreState: Sendable {
  /// A record that is written, readable, and not in the index yet.
  struct Pending: Equatable, Sendable {
    let slot: Int
    let row: Index.Row
  }

  var table = MemoryTable()
  /// Counts how often all uses were forgotten.
  var usePeriod: UInt32 = 0
  /// nil once the table holds all that the index knows.
  var filling: Filling?
  var segments = SegmentSlots()
  /// Slots of sealed segments that the index does not know yet, all of whose records the table does.
  var unindexed: [Int] = []
  /// The segment that each realm writes to.
  var active: [RealmID: Int] = [:]
  var nextSegment: UInt64 = 1
  var pending: [Pending] = []
  var pendingBytes: Int64 = 0
  /// What a sync that is under way took from there.
  var syncing: (records: Int, bytes: Int64) = (0, 0)
  var drops: [Index.Drop] = []
  var quarantine = Quarantine()
  var whenQuarantined: (@Sendable (QuarantinedBlob) -> Void)?
  /// Ids of evicted segments whose rows the index still has.
  var forgotten: [UInt64] = []
  var holds = Holds()
  var leases = LeaseBook()
  /// What was used before the opening; let go of once the table is filled.
  var recency = Recency()
  var recencySaved: ContinuousClock.Instant?
  var openIngests = 0
  /// Quotas of single realms.
  var quotas: [RealmID: ByteCount] = [:]
  var whenCollectionIsDue: (@Sendable () -> Void)?
  /// Bytes of what lies beside the segments: databases, their logs, the reserve.
  var overheadBytes: Int64 = 0
  /// Bytes of segments that cannot be read, and are left alone.
  var unreadableBytes: Int64 = 0
  var content: [RealmID: Store.Content] = [:]
  var counters = Store.Counters()
  /// Held from open to close; releasing it lets another process in.
  var lock: StoreLock?

  /// `close` waits for what runs to end.
  var isClosing = false
  var isClosed: Bool { lock == nil }

  /// The table holds all that the index knows, and the index every segment.
  var isFilled: Bool { filling == nil && unindexed.isEmpty }

  /// Bytes that count against the quota.
  var diskBytes: Int64 { segments.reduce(overheadBytes + unreadableBytes) { $0 + $1.fileBytes } }

  /// Where a blob is, and its hash; nil where this realm has none.
  func find(_ digest: Digest, in realm: RealmID) -> Located? {
    let hash = table.hash(digest, in: realm)
    return table.find(hash).map { locate(digest, in: realm, hash, at: $0) }
  }

  /// As `find`, and notes that it was used, for eviction.
  mutating func use(_ digest: Digest, in realm: RealmID) -> Located? {
    let hash = table.hash(digest, in: realm)
    guard let (place, isFirst) = table.use(hash) else { return nil }
    if isFirst { segments[place.slot].usedBytes += Int64(place.recordLength) }
    return locate(digest, in: realm, hash, at: place)
  }

  private func locate(
    _ digest: Digest, in realm: RealmID, _ hash: UInt64, at place: MemoryTable.Place
  ) -> Located {
    Located(
      digest: digest, realm: realm, hash: hash, place: place,
      segment: segments[place.slot].segment)
  }

  /// The first of `realms` that has it, used.
  mutating func use(_ digest: Digest, in realms: [RealmID]) -> Located? {
    for realm in realms {
      if let found = use(digest, in: realm) { return found }
    }
    return nil
  }

  /// Makes a record findable.
  mutating func insert(_ place: MemoryTable.Place, digest: Digest, realm: RealmID) {
    let hash = table.hash(digest, in: realm)
    filling?.touched.insert(hash)
    let wasUsed = table.isUsed(hash)
    if let old = table.insert(place, under: hash) { account(old, realm, -1, wasUsed: wasUsed) }
    account(place, realm, 1, wasUsed: false)
  }

  /// Makes a record findable that was written behind the last one of its segment, unless the
  /// segment was given up meanwhile.
  mutating func publish(
    _ place: MemoryTable.Place, _ header: RecordHeader, in realm: RealmID
  ) -> Bool {
    let slot = place.slot
    guard segments.contains(slot), segments[slot].phase == .open else { return false }
    segments[slot].end = place.end
    segments[slot].records += 1
    let row = Index.Row(
      realm: realm, digest: header.digest, segment: segments[slot].segment.id,
      offset: place.offset, header: header)
    pending.append(Pending(slot: slot, row: row))
    pendingBytes += Int64(place.recordLength)
    insert(place, digest: header.digest, realm: realm)
    return true
  }

  /// Adds a place to what a put relies on; its segment stays until `release`.
  mutating func hold(_ place: MemoryTable.Place, in extent: inout Store.Extent) {
    if extent[place.slot] == nil { segments[place.slot].writers += 1 }
    extent[place.slot] = max(extent[place.slot] ?? 0, place.end)
  }

  /// As above, for a record that is there: false where it has gone or is about to.
  mutating func hold(_ found: Located, in extent: inout Store.Extent) -> Bool {
    guard table.find(found.hash) == found.place, !segments[found.place.slot].isClaimed else {
      return false
    }
    hold(found.place, in: &extent)
    return true
  }

  /// Ends the hold of a put on its segments.
  mutating func release(_ extent: Store.Extent) {
    for slot in extent.keys where segments.contains(slot) { segments[slot].writers -= 1 }
  }

  /// Makes a record a miss, unless another one has taken its name.
  ///
  /// - Returns: whether it was found until now.
  @discardableResult
  mutating func remove(_ place: MemoryTable.Place, digest: Digest, realm: RealmID) -> Bool {
    let hash = table.hash(digest, in: realm)
    filling?.touched.insert(hash)
    let wasUsed = table.isUsed(hash)
    guard table.remove(hash, at: place) else { return false }
    account(place, realm, -1, wasUsed: wasUsed)
    return true
  }

  /// Makes a record a miss, now and after a restart.
  ///
  /// - Parameter isDamaged: as `Index.Drop.isDamaged`.
  /// - Returns: whether it was found until now.
  @discardableResult
  mutating func forget(_ found: Located, isDamaged: Bool = false) -> Bool {
    // Its slot may be another segment's by now.
    guard segments.contains(found.place.slot),
      segments[found.place.slot].segment === found.segment,
      remove(found.place, digest: found.digest, realm: found.realm)
    else { return false }
    forgetRow(found, isDamaged: isDamaged)
    return true
  }

  /// Has the index forget a record that the table does not find.
  mutating func forgetRow(_ found: Located, isDamaged: Bool) {
    guard drops.count < Store.Options.dropsMax else { return }
    drops.append(
      Index.Drop(
        realm: found.realm, digest: found.digest, segment: found.segment.id,
        offset: found.place.offset, isDamaged: isDamaged))
  }

  /// Removes every record of a segment that is still found, at the cost of a look at all entries.
  mutating func removeAll(inSlot slot: Int) {
    let realm = segments[slot].segment.realm
    for place in table.removeAll(inSlot: slot) { account(place, realm, -1, wasUsed: false) }
    segments[slot].usedBytes = 0
  }

  mutating func account(
    _ place: MemoryTable.Place, _ realm: RealmID, _ sign: Int64, wasUsed: Bool
  ) {
    let bytes = sign * Int64(place.recordLength)
    segments[place.slot].liveRecords += Int(sign)
    segments[place.slot].liveBytes += bytes
    if wasUsed { segments[place.slot].usedBytes += bytes }
    var content = content[realm, default: Store.Content()]
    content.storedBytes += sign * Int64(place.recordLength)
    if place.kind == .chunk {
      content.chunks += Int(sign)
      content.chunkBytes += sign * place.size
    }
    if !place.isPart {
      content.blobs += Int(sign)
      content.logicalBytes += sign * place.size
    }
    self.content[realm] = content
  }
}

/// A record as it was found: all that a reader needs once the lock is released.
struct Located: Sendable {
  let digest: Digest
  let realm: RealmID
  let hash: UInt64
  let place: MemoryTable.Place
  let segment: Segment
}

extension MemoryTable.Place {
  /// The place of a record with this header.
  init(slot: Int, offset: Int64, header: RecordHeader) {
    self.init(
      slot: slot, offset: offset, size: header.size, storedLength: header.storedLength,
      kind: header.kind, isPart: header.isPart, codec: header.codec)
  }
}
