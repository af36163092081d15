package import LarderCore

/// What a peer may do, resolved once when it connects.
///
/// Every face asks the service with one, and the service decides by it: a face decides nothing.
package struct RealmCapability: Hashable, Sendable {
  /// A realm with the name that people know it by.
  package struct Realm: Hashable, Sendable {
    package let id: RealmID
    package let name: String
  }

  /// The realm that the peer writes to, then those that it only reads from, nearest first.
  let lineage: [Realm]
  /// The realms that it reads from, its own first.
  package let readable: [RealmID]
  /// What it may do in its own realm.
  package let rights: Rights
  /// The user whom the kernel names (`SO_PEERCRED`); nil before somebody has connected.
  package var user: UInt32?

  /// The peer's own realm.
  package var realm: RealmID { lineage[0].id }
  package var name: String { lineage[0].name }

  /// - Parameter lineage: the realm, then its parents.
  init(_ lineage: [Realm], may rights: Rights) {
    precondition(!lineage.isEmpty, "a capability is for a realm")
    self.lineage = lineage
    self.rights = rights
    readable = lineage.map(\.id)
  }

  /// What people call a realm that it reads from.
  func name(of realm: RealmID) -> String {
    lineage.first { $0.id == realm }?.name ?? "\(realm)"
  }

  /// - Throws: `notPermitted`, naming what is missing.
  func require(_ right: Rights, to purpose: String) throws(ServiceError) {
    guard rights.contains(right) else {
      throw ServiceError(
        .notPermitted, "this socket may not \(purpose) in realm '\(name)'",
        remedy: "use a socket that may, or have it granted in the daemon's policy", subject: name)
    }
  }
}
