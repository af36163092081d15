import LarderCore

/// Where every record of the store is, in memory: what answers "is it here?" without a disk.
///
/// The hash of (realm, digest) is SipHash under a key of this process, so that nobody aims at a
/// slot. Its highest bits choose one of 64 shards, which grow one by one: between 27.4 and 32 bytes
/// an entry, and while one shard grows, 1/64 of the table twice.
///
/// An entry does not hold its digest: whoever reads a record compares the digest in its header. Two
/// digests of one realm under one hash make the older a miss, which among ten million entries
/// happens with a chance of 3 in a million.
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

  private static let shardBits = 6
  private var shards: [MemoryShard]
  private let key: SipHash.Key

  /// - Parameter key: a fresh random key; tests choose one.
  init(key: SipHash.Key = .random()) {
    self.key = key
    shards = Array(repeating: MemoryShard(), count: MemoryTable.shardCount)
  }

  var count: Int { shards.reduce(0) { $0 + $1.count } }

  /// Bytes that the entries take, empty ones included.
  var byteCount: Int { shards.reduce(0) { $0 + $1.byteCount } }

  /// The keyed hash that finds a blob; 40 ns.
  func hash(_ digest: Digest, in realm: RealmID) -> UInt64 {
    digest.withUnsafeBytes { SipHash.hash($0, extra: UInt64(realm.rawValue), key: key) }
  }

  /// What is known under `hash`; nil for nothing.
  func find(_ hash: UInt64) -> Place? { shards[shard(hash)].find(hash) }

  /// Puts a place under `hash`, not used yet.
  ///
  /// - Returns: what was there before.
  @discardableResult
  mutating func insert(_ place: Place, under hash: UInt64) -> Place? {
    shards[shard(hash)].insert(place, under: hash)
  }

  /// Takes out what is under `hash`, if it is still `place`.
  ///
  /// - Returns: whether it was.
  mutating func remove(_ hash: UInt64, at place: Place) -> Bool {
    shards[shard(hash)].remove(hash, at: place)
  }

  /// What is known under `hash`, which counts as used from now on, and whether it did not since it
  /// came or was last cleared.
  mutating func use(_ hash: UInt64) -> (place: Place, isFirst: Bool)? {
    shards[shard(hash)].use(hash)
  }

  /// Whether what is under `hash` was used.
  func isUsed(_ hash: UInt64) -> Bool { shards[shard(hash)].isUsed(hash) }

  /// Forgets every use.
  mutating func clearUsed() {
    for index in shards.indices { shards[index].clearUsed() }
  }

  /// Shards of the table.
  static let shardCount = 1 << shardBits

  /// The places of a shard's entries, and whether they were used.
  func places(inShard shard: Int) -> [(place: Place, isUsed: Bool)] { shards[shard].places }

  /// Takes out every entry of a segment, by looking at all of them.
  ///
  /// - Returns: what was taken out.
  mutating func removeAll(inSlot slot: Int) -> [Place] {
    var removed: [Place] = []
    for index in shards.indices { removed += shards[index].removeAll(inSlot: slot) }
    return removed
  }

  private func shard(_ hash: UInt64) -> Int { Int(hash >> (64 - MemoryTable.shardBits)) }
}
