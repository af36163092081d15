import LarderCore
import LarderOrigin
import LarderRegistry

/// What the policy lays down about the realms that somebody was admitted to, by their numbers.
final class RealmRules: Sendable {
  private let realms = Locked<[RealmID: RealmPolicy.Realm]>([:])

  func set(_ rules: RealmPolicy.Realm, of realm: RealmID) {
    realms.withLock { $0[realm] = rules }
  }

  /// A realm that nobody was admitted to fetches from nowhere.
  func rules(of realm: RealmID) -> RealmPolicy.Realm {
    realms.withLock { $0[realm] } ?? RealmPolicy.Realm(origins: .none)
  }

  /// All of them, in a fixed order.
  var all: [RealmID] { realms.withLock { $0.keys.sorted() } }
}
