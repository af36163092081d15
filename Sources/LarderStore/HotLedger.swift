import LarderCore

/// The memory budget of the hot tier: who wants pages holds a charge for as long as they exist.
///
/// So the sum is that of pages that are mapped or handed out, whoever still refers to them, and not
/// of those that the tier knows.
final class HotLedger: Sendable {
  /// Which budget has no room.
  enum Full: Error {
    case realm
    case all
  }

  let total: Int
  let perRealm: Int
  private let used = Locked<[RealmID: Int]>([:])

  init(total: Int, perRealm: Int) {
    self.total = total
    self.perRealm = perRealm
  }

  /// Takes room, which the charge gives back when its last reference goes.
  func charge(_ byteCount: Int, to realm: RealmID) throws(Full) -> HotCharge {
    try used.withLock { used throws(Full) in
      let own = used[realm, default: 0] + byteCount
      if own > perRealm { throw .realm }
      if used.values.reduce(byteCount, +) > total { throw .all }
      used[realm] = own
    }
    return HotCharge(byteCount, of: realm, in: self)
  }

  fileprivate func release(_ byteCount: Int, from realm: RealmID) {
    used.withLock { used in
      let rest = used[realm, default: 0] - byteCount
      used[realm] = rest == 0 ? nil : rest
    }
  }

  /// Bytes charged now, by realm; realms with none are left out.
  var bytes: [RealmID: Int] { used.withLock { $0 } }
}

/// Room in the budget, held until the last reference goes.
final class HotCharge: Sendable {
  let byteCount: Int
  private let realm: RealmID
  private let ledger: HotLedger

  fileprivate init(_ byteCount: Int, of realm: RealmID, in ledger: HotLedger) {
    self.byteCount = byteCount
    self.realm = realm
    self.ledger = ledger
  }

  deinit { ledger.release(byteCount, from: realm) }
}
