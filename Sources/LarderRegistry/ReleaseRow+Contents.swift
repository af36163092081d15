import GRDB

extension ReleaseRow {
  /// The row of that id; nil if there is none.
  static func find(
    _ db: Database, _ id: ReleaseID, of remote: Int64
  ) throws -> Keyed<ReleaseRow>? {
    try first(db, where: "remote = ? AND release = ?", [remote, id.description])
  }

  /// The row of that key, which another row refers to.
  static func require(_ db: Database, id: Int64) throws -> Keyed<ReleaseRow> {
    guard let row = try first(db, where: "id = ?", [id]) else {
      throw RegistryError.damagedRow(table: table, of: id.databaseValue)
    }
    return row
  }

  /// Adds the release, or makes the one that is there the newest.
  static func put(
    _ db: Database, _ draft: ReleaseDraft, of remote: Int64, at time: Int64
  ) throws -> Keyed<ReleaseRow> {
    let newest = try first(db, where: "remote = ? ORDER BY ordinal DESC", [remote])
    let ordinal = (newest?.value.ordinal ?? 0) + 1
    if let found = try find(db, draft.id, of: remote) {
      if found.id == newest?.id { return found }
      let row = ReleaseRow(
        remote: remote, id: draft.id, completeness: found.value.completeness,
        createdAt: found.value.createdAt, ordinal: ordinal, contents: found.value.contents)
      try row.update(db, id: found.id)
      return Keyed(id: found.id, value: row)
    }
    func row(contents: Int64) -> ReleaseRow {
      ReleaseRow(
        remote: remote, id: draft.id, completeness: draft.completeness, createdAt: time,
        ordinal: ordinal, contents: contents)
    }
    // The rows below need this one's key, and this one their checksums.
    let id = try row(contents: 0).insert(db)
    var sum = RowChecksum()
    for (position, variant) in variants(of: draft, release: id).enumerated() {
      let key = try variant.insert(db)
      sum.add(.integer(variant.checksum))
      for asset in draft.variants[position].assets {
        let row = AssetRow(variant: key, asset: asset)
        try row.insert(db)
        sum.add(.integer(row.checksum))
      }
    }
    let sealed = row(contents: sum.value)
    try sealed.update(db, id: id)
    return Keyed(id: id, value: sealed)
  }

  private static func variants(of draft: ReleaseDraft, release: Int64) -> [VariantRow] {
    draft.variants.enumerated().map { position, variant in
      VariantRow(
        release: release, position: Int64(position), target: variant.target,
        ruleSet: variant.ruleSet, webpack: variant.webpack, entry: variant.entry,
        facts: variant.facts, stats: variant.stats)
    }
  }
}

extension Keyed where Value == ReleaseRow {
  /// The release with all that it holds, each row and their number checked.
  func release(_ db: Database, of name: RemoteName) throws -> Release {
    var sum = RowChecksum()
    var variants: [ReleaseVariant] = []
    for variant in try VariantRow.all(db, where: "release = ? ORDER BY position", [id]) {
      sum.add(.integer(variant.value.checksum))
      let assets = try AssetRow.all(db, where: "variant = ? ORDER BY path", [variant.id])
      for asset in assets { sum.add(.integer(asset.value.checksum)) }
      let row = variant.value
      variants.append(
        ReleaseVariant(
          target: row.target, ruleSet: row.ruleSet, webpack: row.webpack, entry: row.entry,
          facts: row.facts, stats: row.stats, assets: assets.map(\.value.asset)))
    }
    guard sum.value == value.contents else {
      throw RegistryError.damagedRow(table: ReleaseRow.table, of: id.databaseValue)
    }
    return Release(
      id: value.id, remote: name, completeness: value.completeness, createdAt: value.createdAt,
      ordinal: value.ordinal, variants: variants)
  }
}
