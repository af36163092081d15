import GRDB
package import LarderCore

/// Which releases a remote keeps besides those that a channel, a pin or a session holds.
package struct Retention: Hashable, Sendable {
  /// The newest so many.
  package var count: Int
  /// And those that were first committed less than so many seconds ago.
  package var seconds: Int64

  package init(count: Int, seconds: Int64 = 0) {
    self.count = count
    self.seconds = seconds
  }
}

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

/// A retention at a moment.
struct RetentionRule: Sendable {
  private let retention: Retention
  private let max: Int
  private let now: Int64

  init(_ retention: Retention, _ limits: RegistryLimits, now: Int64) {
    self.retention = retention
    max = limits.releasesMax
    self.now = now
  }

  /// Whether the release at this place, the newest being 0, is kept for its own sake.
  func keeps(_ release: ReleaseRow, at place: Int) -> Bool {
    if place < retention.count { return true }
    return place < max && now - release.createdAt < retention.seconds
  }
}

extension ReleaseRow {
  /// Drops the releases that `rule` does not keep and that no channel, pin or session holds.
  ///
  /// - Returns: how many went.
  @discardableResult
  static func prune(
    _ db: Database, remote: Int64, keeping kept: Int64? = nil, inUse: Set<ReleaseID>,
    under rule: RetentionRule
  ) throws -> Int {
    let releases = try all(db, where: "remote = ? ORDER BY ordinal DESC", [remote])
    let pins = try PinRow.all(db, where: PinRow.ofRemote, [remote])
    let held = Set(
      try ChannelRow.all(db, where: "remote = ?", [remote]).map(\.value.release)
        + pins.map(\.value.release))
    let old = releases.enumerated().filter { place, row in
      !rule.keeps(row.value, at: place) && row.id != kept && !held.contains(row.id)
        && !inUse.contains(row.value.id)
    }
    for (_, row) in old {
      try db.execute(sql: "DELETE FROM releases WHERE id = ?", arguments: [row.id])
    }
    return old.count
  }
}
