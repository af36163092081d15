import LarderCore
import LarderFederation
import LarderOrigin
import LarderStore

extension Content {
  /// Whether a stored blob has the integrity value; reads all of it.
  func matches(
    _ stat: BlobStat, _ integrity: Integrity, in realms: [RealmID]
  ) async throws(ServiceError) -> Bool {
    try await run { (store) throws(StoreError) in
      var verifier = integrity.verifier()
      try store.read(stat.digest, in: realms) { (piece) throws(StoreError) in
        verifier.update(piece)
      }
      return verifier.matches()
    }
  }

  /// Holds a stored blob against what its build says of the file's bytes; passes where it says
  /// nothing.
  ///
  /// - Throws: `integrityMismatch`; `invalidBuild` for a value that names no hash.
  func verify(
    _ stat: BlobStat, as asset: AssetFacts, in realms: [RealmID]
  ) async throws(ServiceError) {
    guard let integrity = try asset.expectedIntegrity else { return }
    if try await matches(stat, integrity, in: realms) { return }
    throw ServiceError(
      .integrityMismatch, "'\(asset.name)' has other bytes than its build's integrity value names",
      remedy: "build and deploy again: the file was changed afterwards", subject: asset.name)
  }
}

extension AssetFacts {
  /// What the build says of the file's bytes; nil where it says nothing.
  ///
  /// - Throws: `invalidBuild` for a value that names no hash: nobody meant it to pass unchecked.
  var expectedIntegrity: Integrity? {
    get throws(ServiceError) {
      guard let integrity else { return nil }
      do { return try Integrity(integrity) } catch {
        throw ServiceError(
          .invalidBuild, "the integrity value of '\(name)' is none: \(integrity.prefix(80))",
          remedy: "write it as Subresource Integrity has it: sha384-…", subject: name)
      }
    }
  }
}
