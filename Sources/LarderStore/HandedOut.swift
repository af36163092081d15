import LarderCore

/// Which users hold which slabs, and how many bytes that keeps in memory.
///
/// By user and not by connection: pages live on in a process whose connection has ended, so only a
/// user who says so gives them back.
struct HandedOut: Sendable {
  private struct Holding: Sendable {
    let slab: Slab
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
  ///
  /// - Returns: the slab, if the user holds it no more; its last reference is not to go under a
  ///   lock.
  mutating func remove(_ slab: UInt64, from user: UInt32) -> Slab? {
    guard let holding = holdings[user]?[slab] else { return nil }
    if holding.count > 1 {
      holdings[user]?[slab]?.count = holding.count - 1
      return nil
    }
    holdings[user]?[slab] = nil
    if holdings[user]?.isEmpty == true { holdings[user] = nil }
    return holding.slab
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
