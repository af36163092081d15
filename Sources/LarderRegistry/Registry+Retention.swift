import GRDB
package import LarderCore

extension Registry {
  /// Has remotes of a realm keep these from now on, instead of the newest `releasesKeptMax`.
  ///
  /// What is too much goes with the next commit to its remote, or `prune`. A remote keeps
  /// `releasesMax` at most, however young they are.
  package func retain(_ retention: Retention, in realm: RealmID) {
    retentions.withLock { $0[realm] = retention }
  }

  /// What remotes of a realm keep.
  package func retention(in realm: RealmID) -> Retention {
    retentions.withLock { $0[realm] } ?? Retention(count: limits.releasesKeptMax)
  }

  /// Drops what no remote of the realm has to keep any more.
  ///
  /// - Parameter inUse: releases that sessions hold.
  /// - Returns: how many went.
  @discardableResult
  package func prune(
    in realm: RealmID, inUse: [RemoteName: Set<ReleaseID>]
  ) async throws(RegistryError) -> Int {
    let rule = RetentionRule(retention(in: realm), limits, now: now())
    return try await write("dropping old releases of \(realm)") { db in
      try RemoteRow.all(db, where: "realm = ?", [realm.databaseID]).reduce(0) { count, remote in
        try count
          + ReleaseRow.prune(
            db, remote: remote.id, inUse: inUse[remote.value.name] ?? [], under: rule)
      }
    }
  }
}
