import GRDB

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
