package import LarderPlatform

/// Whom a socket admits, and to which realm with which rights.
///
/// The socket stands for the realm; where one socket stands for several, the first grant that knows
/// the peer decides.
package struct Admission: Sendable {
  /// Those whom a grant is for.
  package enum Peers: Hashable, Sendable {
    /// Whoever can open the socket's file.
    case everyone
    /// Processes of these users, and those that are in one of these groups (`SO_PEERGROUPS`).
    case of(users: Set<UInt32>, groups: Set<UInt32>)
  }

  /// One kind of peers, and what they may do.
  package struct Grant: Sendable {
    package let peers: Peers
    package let capability: RealmCapability

    package init(to peers: Peers, _ capability: RealmCapability) {
      self.peers = peers
      self.capability = capability
    }
  }

  private let grants: [Grant]

  package init(_ grants: [Grant]) { self.grants = grants }

  /// Admits those users alone.
  package init(of users: Set<UInt32>, _ capability: RealmCapability) {
    self.init([Grant(to: .of(users: users, groups: []), capability)])
  }

  /// Whether more than these users may be admitted: then others have to be able to open the file.
  package func reaches(beyond users: Set<UInt32>) -> Bool {
    grants.contains { grant in
      switch grant.peers {
      case .everyone: true
      case .of(let granted, let groups): !granted.isSubset(of: users) || !groups.isEmpty
      }
    }
  }

  /// What a peer may do here; nil if it is not admitted.
  ///
  /// - Parameter groups: its supplementary groups, asked for where a grant names groups.
  package func capability(
    for peer: PeerCredentials, groups: () throws(SystemCallError) -> [UInt32]
  ) throws(SystemCallError) -> RealmCapability? {
    for grant in grants {
      switch grant.peers {
      case .everyone: break
      case .of(let users, let named):
        if users.contains(peer.uid) || named.contains(peer.gid) { break }
        if named.isEmpty { continue }
        if named.isDisjoint(with: try groups()) { continue }
      }
      var capability = grant.capability
      capability.user = peer.uid
      return capability
    }
    return nil
  }
}
