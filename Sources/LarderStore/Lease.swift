package import LarderCore

/// Content that is kept from eviction until the lease is released, ends by its time, or its holder
/// goes away.
///
/// A holder's lifetime binds it: a connection keeps its leases, and with it they go.
package final class Lease: Sendable {
  private let store: Store
  private let number: UInt64
  package let realm: RealmID
  /// Bytes that count against the realm's budget: the sizes of the leased blobs.
  package let byteCount: ByteCount

  init(store: Store, number: UInt64, realm: RealmID, byteCount: ByteCount) {
    self.store = store
    self.number = number
    self.realm = realm
    self.byteCount = byteCount
  }

  deinit { release() }

  /// Ends the lease and has its blobs kept instead, as `Store.keep` would: never is there a moment
  /// at which they are neither.
  package func becomeKept() {
    store.state.withLock { $0.leases.keep(number, in: &$0.holds) }
  }

  /// Ends the lease; a second call does nothing.
  package func release() {
    store.state.withLock { $0.leases.end(number, in: &$0.holds) }
  }
}

/// The leases that run, and what each realm has leased.
struct LeaseBook: Sendable {
  struct Entry: Sendable {
    let realm: RealmID
    let hashes: [UInt64]
    let byteCount: Int64
    /// nil for the daemon's own, which no budget bounds.
    let end: ContinuousClock.Instant?
  }

  private var entries: [UInt64: Entry] = [:]
  private var next: UInt64 = 0

  func byteCount(of realm: RealmID) -> Int64 {
    entries.values.reduce(0) { $0 + ($1.realm == realm ? $1.byteCount : 0) }
  }

  func count(of realm: RealmID) -> Int {
    entries.values.reduce(0) { $0 + ($1.realm == realm && $1.end != nil ? 1 : 0) }
  }

  mutating func begin(_ entry: Entry, in holds: inout Holds) -> UInt64 {
    holds.lease(entry.hashes)
    next += 1
    entries[next] = entry
    return next
  }

  mutating func end(_ number: UInt64, in holds: inout Holds) {
    guard let entry = entries.removeValue(forKey: number) else { return }
    holds.release(entry.hashes)
  }

  /// Ends all whose time has come.
  mutating func expire(at now: ContinuousClock.Instant, in holds: inout Holds) {
    for (number, entry) in entries {
      if let end = entry.end, end <= now { self.end(number, in: &holds) }
    }
  }

  /// Ends a lease whose blobs are kept from now on.
  mutating func keep(_ number: UInt64, in holds: inout Holds) {
    guard let entry = entries[number] else { return }
    holds.keep(entry.hashes, in: entry.realm)
    end(number, in: &holds)
  }
}
