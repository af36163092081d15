import CPlatform

/// Who connected, as the kernel noted at connect(2) (`SO_PEERCRED`).
///
/// Authorise by `uid`: the process may be gone and its number taken by another. In a user namespace
/// every unmapped peer is 65534, which is nobody's identity.
package struct PeerCredentials: Sendable, Hashable {
  package let pid: Int32
  package let uid: UInt32
  package let gid: UInt32

  package init(pid: Int32, uid: UInt32, gid: UInt32) {
    self.pid = pid
    self.uid = uid
    self.gid = gid
  }
}

extension SocketDescriptor {
  /// Asks the kernel who is at the other end.
  package borrowing func peerCredentials() throws(SystemCallError) -> PeerCredentials {
    var pid: Int32 = 0
    var uid: UInt32 = 0
    var gid: UInt32 = 0
    guard larder_peer_credentials(rawValue, &pid, &uid, &gid) == 0 else {
      throw .last("getsockopt", on: "SO_PEERCRED")
    }
    return PeerCredentials(pid: pid, uid: uid, gid: gid)
  }

  /// The peer's supplementary groups, as noted at connect(2) (`SO_PEERGROUPS`).
  package borrowing func peerGroups() throws(SystemCallError) -> [UInt32] {
    // As many as a process can have (NGROUPS_MAX).
    var groups = [UInt32](repeating: 0, count: 65_536)
    let count = larder_peer_groups(rawValue, &groups, Int32(groups.count))
    guard count >= 0 else { throw .last("getsockopt", on: "SO_PEERGROUPS") }
    return Array(groups.prefix(Int(count)))
  }
}
