package import LarderCore

/// What a peer may do, resolved once when it connects.
package struct RealmCapability: Hashable, Sendable {
  /// The realm that the peer's socket stands for.
  package let realm: RealmID
  package let name: String
  /// The realms that it reads from, its own first.
  package let readable: [RealmID]
  /// Whether the peer administers the store, with every realm in it.
  package let isAdmin: Bool
  /// The user whom the kernel names (`SO_PEERCRED`); nil before somebody has connected.
  package var user: UInt32?

  package init(realm: RealmID, name: String, readable: [RealmID], isAdmin: Bool = false) {
    self.isAdmin = isAdmin
    self.realm = realm
    self.name = name
    self.readable = readable
  }
}
