import LarderCore

/// All that the store knows, under one lock: touched for moments, never across I/O.
struct StoreState: Sendable {
  /// A record that is written, readable, and not in the index yet.
  struct Pending: Sendable {
    let slot: Int
    let row: Index.Row
  }

  var table = MemoryTable()
  /// By slot; segments only ever join, until eviction comes.
  var segments: [SegmentState] = []
  /// The segment that each realm writes to.
  var active: [RealmID: Int] = [:]
  var nextSegment: UInt64 = 1
  var pending: [Pending] = []
  var pendingBytes: Int64 = 0
  var drops: [Index.Drop] = []
  var openIngests = 0
  /// Bytes of the index and its log.
  var indexBytes: Int64 = 0
  /// Bytes of segments that cannot be read, and are left alone.
  var unreadableBytes: Int64 = 0
  var content: [RealmID: Store.Content] = [:]
  var counters = Store.Counters()
  /// Held from open to close; releasing it lets another process in.
  var lock: StoreLock?

  var isClosed: Bool { lock == nil }

  /// Bytes that count against the quota.
  var diskBytes: Int64 { segments.reduce(indexBytes + unreadableBytes) { $0 + $1.fileBytes } }

  /// Where a blob is, and its hash; nil where this realm has none.
  func find(_ digest: Digest, in realm: RealmID) -> Located? {
    let hash = table.hash(digest, in: realm)
    guard let place = table.find(hash) else { return nil }
    return Located(
      digest: digest, realm: realm, hash: hash, place: place,
      segment: segments[place.slot].segment)
  }

  /// Makes a record findable.
  mutating func insert(_ place: MemoryTable.Place, digest: Digest, realm: RealmID) {
    let hash = table.hash(digest, in: realm)
    if let old = table.insert(place, under: hash) { account(old, realm, -1) }
    account(place, realm, 1)
  }

  /// Makes a record a miss, unless another one has taken its name.
  ///
  /// - Returns: whether it was found until now.
  @discardableResult
  mutating func remove(_ place: MemoryTable.Place, digest: Digest, realm: RealmID) -> Bool {
    guard table.remove(table.hash(digest, in: realm), at: place) else { return false }
    account(place, realm, -1)
    return true
  }

  private mutating func account(_ place: MemoryTable.Place, _ realm: RealmID, _ sign: Int64) {
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
