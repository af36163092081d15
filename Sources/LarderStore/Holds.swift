import LarderCore

/// What may not be evicted, by the table's hash of its realm and digest: leased content, counted,
/// and content that is owed to the registry. The chunks of a held large blob are held with it.
struct Holds: Sendable {
  /// When something was kept; grows with each call.
  typealias Mark = UInt64

  private var leases: [UInt64: Int] = [:]
  private var kept: [RealmID: [UInt64: Mark]] = [:]
  private var mark: Mark = 0

  func contains(_ hash: UInt64, in realm: RealmID) -> Bool {
    leases[hash] != nil || kept[realm]?[hash] != nil
  }

  func isKept(_ hash: UInt64, in realm: RealmID) -> Bool { kept[realm]?[hash] != nil }

  func leaseCount(_ hash: UInt64) -> Int { leases[hash] ?? 0 }

  /// Everything that is held, each hash once or twice.
  var all: [UInt64] { kept.values.flatMap(\.keys) + Array(leases.keys) }

  mutating func lease(_ hashes: [UInt64]) {
    for hash in hashes { leases[hash, default: 0] += 1 }
  }

  mutating func release(_ hashes: [UInt64]) {
    for hash in hashes {
      guard let count = leases[hash] else { preconditionFailure("released more than leased") }
      leases[hash] = count > 1 ? count - 1 : nil
    }
  }

  /// Tells what is kept from now on from what was kept before.
  mutating func nextMark() -> Mark {
    mark += 1
    return mark
  }

  mutating func keep(_ hashes: [UInt64], in realm: RealmID) {
    for hash in hashes { kept[realm, default: [:]][hash] = mark }
  }

  /// Keeps these, and of the realm's others only what was kept since `since`.
  mutating func replaceKept(_ hashes: [UInt64], in realm: RealmID, since: Mark) {
    var next = kept[realm, default: [:]].filter { $0.value >= since }
    for hash in hashes { next[hash] = max(next[hash] ?? 0, since) }
    kept[realm] = next
  }

  /// Whether the realm was ever told what it keeps.
  func isKnown(_ realm: RealmID) -> Bool { kept[realm] != nil }
}
