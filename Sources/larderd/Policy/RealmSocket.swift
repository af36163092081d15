import ArgumentParser
import Glibc
import LarderService

/// Where the daemon listens, and whom it admits there to what.
struct RealmSocket: ExpressibleByArgument, Sendable {
  /// A realm, and what those whom it is granted may do in it.
  struct Grant: Sendable {
    let peers: Admission.Peers
    let realm: String
    let rights: Rights
  }

  let path: String
  let grants: [Grant]

  init(path: String, grants: [Grant]) {
    self.path = path
    self.grants = grants
  }

  /// A socket of the daemon's own user, which root may open too.
  init(path: String, realm: String, rights: Rights = .user) {
    self.init(
      path: path,
      grants: [Grant(peers: .of(users: [geteuid(), 0], groups: []), realm: realm, rights: rights)])
  }

  /// `name=path`.
  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1)
    guard parts.count == 2 else { return nil }
    self.init(path: String(parts[1]), realm: String(parts[0]))
  }

  /// The realms that it leads to, each once.
  var realms: [String] {
    var seen: Set<String> = []
    return grants.map(\.realm).filter { seen.insert($0).inserted }
  }
}
