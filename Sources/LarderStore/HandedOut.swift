import LarderCore

/// Which users hold which slabs, and how many bytes that keeps in memory.
///
/// By user and not by connection: pages live on in a process whose connection has ended, or that
/// said it was done with them. So what is given back counts until the kernel says that nobody has
/// it any more.
struct HandedOut: Sendable {
  private struct Holding: Sendable {
    let slab: Slab
    /// Times that it was handed out and not given back; at 0 somebody may have it even so.
    var count: Int
  }

  private var holdings: [UInt32: [UInt64: Holding]] = [:]

  /// Notes that a user gets a slab, again or for the first time; again costs nothing.
  ///
  /// - Returns: false where the user would hold more than `max` bytes; then nothing is noted.
  mutating func add(_ slab: Slab, to user: UInt32, max: Int) -> Bool {
    if let count = holdings[user]?[slab.id]?.count {
      holdings[user]?[slab.id]?.count = count + 1
      return true
    }
    guard bytes(of: user) + slab.byteCount <= max else { return false }
    holdings[user, default: [:]][slab.id] = Holding(slab: slab, count: 1)
    return true
  }

  /// Notes that a user gave a slab back once; one that the user does not hold changes nothing.
  mutating func giveBack(_ slab: UInt64, from user: UInt32) {
    guard let count = holdings[user]?[slab]?.count, count > 0 else { return }
    holdings[user]?[slab]?.count = count - 1
  }

  /// The slabs that some user has given back as often as taken.
  var givenBack: [Slab] {
    let slabs = holdings.values.joined().filter { $0.value.count == 0 }
    return Array(Dictionary(slabs.map { ($0.key, $0.value.slab) }) { first, _ in first }.values)
  }

  /// Ends what users hold of slabs that nobody has any more; the caller keeps them until no lock is
  /// held.
  mutating func forget(_ slabs: [Slab]) {
    for user in Array(holdings.keys) {
      for slab in slabs { holdings[user]?[slab.id] = nil }
      if holdings[user]?.isEmpty == true { holdings[user] = nil }
    }
  }

  func holds(_ slab: UInt64) -> Bool { holdings.values.contains { $0[slab] != nil } }

  /// Bytes that a user holds, each slab once.
  func bytes(of user: UInt32) -> Int {
    holdings[user]?.values.reduce(0) { $0 + $1.slab.byteCount } ?? 0
  }

  /// Bytes of one realm, or of all, that users hold, those of one slab counted for each of them.
  func bytes(in realm: RealmID?) -> Int {
    holdings.values.joined().reduce(0) { sum, held in
      let slab = held.value.slab
      return sum + (realm == nil || slab.realm == realm ? slab.byteCount : 0)
    }
  }
}
