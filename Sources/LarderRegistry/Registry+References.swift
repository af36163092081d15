import FoundationEssentials
import GRDB
package import LarderCore

/// A file of a release that is a certain blob.
package struct ReleaseUse: Hashable, Sendable {
  package let remote: Remote
  package let release: ReleaseID
  package let path: String
}

extension Registry {
  /// The files of the realm's releases that are this blob, and the fetches that gave it last time.
  ///
  /// Looks through all assets: milliseconds per ten thousand.
  package func references(
    to digest: Digest, in realm: RealmID
  ) async throws(RegistryError) -> (releases: [ReleaseUse], fetches: [Fetch]) {
    let bytes = Data(digest.bytes)
    return try await read("looking for what names \(digest)") { db in
      var uses: [ReleaseUse] = []
      for asset in try AssetRow.all(db, where: "digest = ? ORDER BY id", [bytes]) {
        guard
          let variant = try VariantRow.first(db, where: "id = ?", [asset.value.variant]),
          let release = try ReleaseRow.first(db, where: "id = ?", [variant.value.release]),
          let remote = try RemoteRow.first(db, where: "id = ?", [release.value.remote]),
          remote.value.realm == realm
        else { continue }
        uses.append(
          ReleaseUse(
            remote: remote.value.remote, release: release.value.id, path: asset.value.asset.path))
      }
      let fetches = try FetchRow.all(
        db, where: "realm = ? AND digest = ? ORDER BY id", [realm.databaseID, bytes])
      return (uses, fetches.map(\.value.fetch))
    }
  }
}
