import FoundationEssentials
import GRDB
package import LarderCore

/// A file of a release that is a certain blob, or the description that the release was read from.
package struct ReleaseUse: Hashable, Sendable {
  package let remote: Remote
  package let release: ReleaseID
  /// nil for the description.
  package let path: String?
}

extension Registry {
  /// What of the realm's releases is this blob, and the fetches that gave it last time.
  ///
  /// Looks through all assets: milliseconds per ten thousand.
  package func references(
    to digest: Digest, in realm: RealmID
  ) async throws(RegistryError) -> (releases: [ReleaseUse], fetches: [Fetch]) {
    let bytes = Data(digest.bytes)
    return try await read("looking for what names \(digest)") { db in
      var uses: [ReleaseUse] = []
      for asset in try AssetRow.all(db, where: "digest = ? ORDER BY id", [bytes]) {
        guard let variant = try VariantRow.first(db, where: "id = ?", [asset.value.variant]) else {
          continue
        }
        uses += try variant.value.uses(db, of: asset.value.asset.path, in: realm)
      }
      for variant in try VariantRow.all(db, where: "stats = ? ORDER BY id", [bytes]) {
        uses += try variant.value.uses(db, of: nil, in: realm)
      }
      let fetches = try FetchRow.all(
        db, where: "realm = ? AND digest = ? ORDER BY id", [realm.databaseID, bytes])
      return (uses, fetches.map(\.value.fetch))
    }
  }
}

extension VariantRow {
  /// The use that a file of this variant is; none in another realm.
  fileprivate func uses(
    _ db: Database, of path: String?, in realm: RealmID
  ) throws -> [ReleaseUse] {
    guard let release = try ReleaseRow.first(db, where: "id = ?", [release]),
      let remote = try RemoteRow.first(db, where: "id = ?", [release.value.remote]),
      remote.value.realm == realm
    else { return [] }
    return [ReleaseUse(remote: remote.value.remote, release: release.value.id, path: path)]
  }
}
