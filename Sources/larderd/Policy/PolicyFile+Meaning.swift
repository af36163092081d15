import Glibc
import LarderCore
import LarderOrigin
import LarderService

// What the members mean, checked before anything is opened.

extension PolicyFile {
  /// - Parameters:
  ///   - others: what holds for realms that the file does not name.
  ///   - credentialsFolder: as `CredentialsFile` takes it.
  /// - Throws: for realms that `RealmPolicy` refuses, origins that are none, numbers out of range,
  ///   and credentials that cannot be used.
  func policy(
    _ file: String, others: RealmPolicy.Realm, credentialsFolder: String?
  ) throws(DaemonError) -> RealmPolicy {
    var realms: [String: RealmPolicy.Realm] = [:]
    for (name, realm) in self.realms {
      func wrong(_ reason: String) -> DaemonError {
        DaemonError(policy: file, "realm '\(name)': \(reason)")
      }
      var rules: RealmPolicy.Realm
      do {
        rules = RealmPolicy.Realm(parents: realm.parents, origins: try OriginRules(realm.origins))
      } catch { throw wrong(error.message) }
      if let quota = realm.quotaGiB, !RealmQuota.range.contains(quota) {
        throw wrong("'quotaGiB' is 1 to 16384, not \(quota)")
      }
      do {
        rules.updateInterval = try UpdateOptions.interval(realm.updateEvery, "'updateEvery'")
        rules.retention = try UpdateOptions.retention(
          realm.keepReleases, "'keepReleases'", days: realm.keepDays, "'keepDays'")
        if let word = realm.complete {
          rules.completion = try UpdateOptions.completion(word, "'complete'")
        }
        rules.sharing = try realm.sharing?.rules() ?? .all
      } catch { throw wrong(error.reason) }
      if let path = realm.credentials {
        rules.credentials = try CredentialsFile(
          readingFrom: path, credentialsFolder: credentialsFolder
        ).credentials
      }
      realms[name] = rules
    }
    do { return try RealmPolicy(realms, others: others) } catch {
      throw DaemonError(policy: file, error.description)
    }
  }

  /// The quotas that realms are given.
  var quotas: [RealmQuota] {
    realms.compactMap { name, realm in
      realm.quotaGiB.map { RealmQuota(realm: name, quota: .gibibytes($0)) }
    }
  }

  /// - Throws: for a realm that is not named, a user or group that nobody knows, a right that is
  ///   none.
  func listeners(_ file: String) throws(DaemonError) -> [RealmSocket] {
    var found: [RealmSocket] = []
    for socket in sockets {
      var grants: [RealmSocket.Grant] = []
      for peers in socket.peers {
        guard realms[peers.realm] != nil else {
          throw DaemonError(
            policy: file,
            "'\(socket.path)' leads to '\(peers.realm)', which is not named under 'realms'")
        }
        grants.append(
          RealmSocket.Grant(
            peers: try admitted(peers, file), realm: peers.realm,
            rights: try rights(peers.may, file)))
      }
      guard !grants.isEmpty else {
        throw DaemonError(policy: file, "'\(socket.path)' admits nobody: give it 'peers'")
      }
      found.append(RealmSocket(path: socket.path, grants: grants))
    }
    return found
  }

  private func rights(_ names: [String]?, _ file: String) throws(DaemonError) -> Rights {
    guard let names else { return [.write, .publish] }
    var rights: Rights = []
    for name in names {
      guard let right = Rights.names.first(where: { $0.name == name })?.right else {
        let known = Rights.names.map(\.name).joined(separator: ", ")
        throw DaemonError(policy: file, "'\(name)' is no right; reading needs none: \(known)")
      }
      rights.insert(right)
    }
    return rights
  }

  private func admitted(_ peers: Peers, _ file: String) throws(DaemonError) -> Admission.Peers {
    if peers.users == nil, peers.groups == nil { return .everyone }
    var users: Set<UInt32> = []
    for account in peers.users ?? [] {
      users.insert(try number(of: account, "user", file) { getpwnam($0)?.pointee.pw_uid })
    }
    var groups: Set<UInt32> = []
    for account in peers.groups ?? [] {
      groups.insert(try number(of: account, "group", file) { getgrnam($0)?.pointee.gr_gid })
    }
    return .of(users: users, groups: groups)
  }

  private func number(
    of account: Account, _ kind: String, _ file: String, _ look: (String) -> UInt32?
  ) throws(DaemonError) -> UInt32 {
    let number: UInt32
    switch account {
    case .number(let written): number = written
    case .name(let name):
      guard let found = look(name) else {
        throw DaemonError(policy: file, "no \(kind) is named '\(name)' on this machine")
      }
      number = found
    }
    // The kernel shows everybody whom a user namespace does not know so.
    guard number != 65_534 else {
      throw DaemonError(
        policy: file, "\(kind) 65534 is whoever the kernel cannot name: nobody's identity")
    }
    return number
  }
}

extension PolicyFile.Sharing {
  fileprivate func rules() throws(UpdateOptions.Wrong) -> SharingRules {
    switch self {
    case .word("all"): return .all
    case .word("same-origin"): return .sameOrigin
    case .word(let word):
      throw UpdateOptions.Wrong(
        reason: "'sharing' is all, same-origin or a list of rules, not '\(word)'")
    case .rules(let rules):
      do { return try SharingRules(rules.map { ($0.from, $0.to) }) } catch {
        throw UpdateOptions.Wrong(reason: "'sharing': \(error.message)")
      }
    }
  }
}
