package import LarderCore

/// Content that is kept from eviction until the lease is released or its holder goes away.
///
/// A holder's lifetime binds it: a connection keeps its leases, and with it they go.
package final class Lease: Sendable {
  private let store: Store
  /// Tells it from every other lease of this opening of the store.
  package let number: UInt64
  /// Sizes of the leased blobs, each once.
  package let byteCount: ByteCount

  init(store: Store, number: UInt64, byteCount: ByteCount) {
    self.store = store
    self.number = number
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

/// Content that is kept from eviction until a moment, whoever goes away; `Store.endLease` ends it
/// before.
package struct TimedLease: Hashable, Sendable {
  package let number: UInt64
  /// As it was granted.
  package let life: Duration
  /// As `Lease.byteCount`.
  package let byteCount: ByteCount
}

/// The leases that run, and what each realm has leased.
struct LeaseBook: Sendable {
  /// What ends a lease.
  enum Term: Sendable {
    /// The daemon's own work, which no budget bounds.
    case work
    /// Its holder.
    case holder
    /// This moment, or somebody of the user who took it.
    case time(ContinuousClock.Instant, user: UInt32?)
  }

  struct Entry: Sendable {
    /// Whose budget it is; what it holds may be a parent's.
    let realm: RealmID
    let hashes: [UInt64]
    let byteCount: Int64
    let term: Term

    var isBudgeted: Bool {
      if case .work = term { false } else { true }
    }
  }

  private var entries: [UInt64: Entry] = [:]

  /// Leases that somebody took; the daemon's own work is not among them.
  var count: Int { entries.values.count { $0.isBudgeted } }

  /// Begins anywhere, so that a number from before a restart names nobody's lease; stays below
  /// 2^53, up to which every reader of JSON has numbers whole.
  private var next = UInt64.random(in: 0..<1 << 52)

  /// Whether the realm's budget has room for one more.
  func allow(_ entry: Entry, _ options: Store.Options) -> Bool {
    let others = entries.values.filter { $0.realm == entry.realm && $0.isBudgeted }
    return others.count < Store.Options.leasesMax
      && others.reduce(entry.byteCount) { $0 + $1.byteCount } <= options.leasedBytesMax.value
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

  /// Ends a lease by time before its time.
  ///
  /// - Returns: false unless one of that number was taken in this realm by this user.
  mutating func end(
    _ number: UInt64, in realm: RealmID, of user: UInt32?, in holds: inout Holds
  ) -> Bool {
    guard let entry = entries[number], entry.realm == realm,
      case .time(_, user) = entry.term
    else { return false }
    end(number, in: &holds)
    return true
  }

  /// Ends all whose time has come.
  mutating func expire(at now: ContinuousClock.Instant, in holds: inout Holds) {
    for (number, entry) in entries {
      if case .time(let end, _) = entry.term, end <= now { self.end(number, in: &holds) }
    }
  }

  /// Ends a lease whose blobs are kept from now on.
  mutating func keep(_ number: UInt64, in holds: inout Holds) {
    guard let entry = entries[number] else { return }
    holds.keep(entry.hashes, in: entry.realm)
    end(number, in: &holds)
  }
}
