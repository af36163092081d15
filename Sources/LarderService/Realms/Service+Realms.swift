import LarderRegistry

extension Service {
  /// What a peer that is admitted to `realm` may do; makes the rows of the realm and its parents
  /// the first time.
  ///
  /// Resolved when a socket is opened, not for each connection.
  package func capability(
    realm name: String, may rights: Rights = .user
  ) async throws(ServiceError) -> RealmCapability {
    var lineage: [RealmCapability.Realm] = []
    for name in policy.lineage(of: name) {
      let realmName = try RealmPolicy.check(name)
      let realm = try await ServiceError.mapping(await registry.realm(named: realmName))
      let rules = policy.rules(of: name)
      realms.set(rules, of: realm.id)
      if let retention = rules.retention { registry.retain(retention, in: realm.id) }
      lineage.append(RealmCapability.Realm(id: realm.id, name: name))
    }
    return RealmCapability(lineage, may: rights)
  }
}
