import FoundationEssentials
import LarderCore
import LarderFederation
import LarderRegistry

/// A release from the registry, its facts decoded and its files by path: what plans are made of.
final class RecordedRelease: Sendable {
  let id: ReleaseID
  let realm: RealmID
  let variants: [ContainerFacts]
  private let files: [[String: BlobStat]]

  /// Decodes a release's facts: milliseconds for a large build.
  ///
  /// - Throws: `corrupt` if facts that the registry handed out whole do not decode: they are of a
  ///   version to come.
  init(_ release: Release, in realm: RealmID) throws(ServiceError) {
    id = release.id
    self.realm = realm
    var variants: [ContainerFacts] = []
    for variant in release.variants {
      do {
        variants.append(
          try JSONDecoder().decode(ContainerFacts.self, from: Data(variant.facts.utf8)))
      } catch {
        throw ServiceError(
          .corrupt, "release \(release.id) of '\(release.remote)' cannot be read: \(error)",
          remedy: "publish it or update the remote again", subject: release.remote.description)
      }
    }
    self.variants = variants
    files = release.variants.map { variant in
      Dictionary(
        variant.assets.map { ($0.path, $0.blob) }, uniquingKeysWith: { first, _ in first })
    }
  }

  /// The blobs of its files.
  var digests: Set<Digest> { Set(files.flatMap { $0.values.map(\.digest) }) }

  /// - Throws: `notFound` for a path that the build does not have.
  func file(_ path: String, variant: Int) throws(ServiceError) -> LocatedFile {
    guard let stat = files[variant][path] else {
      guard variants[variant].reading?.completeness == .open else {
        throw ServiceError(.notFound, "release \(id) has no file '\(path)'", subject: path)
      }
      throw ServiceError(
        .notFound,
        "release \(id) has no file '\(path)': it is open, since its code puts names of files"
          + " together when it runs, and this one was not found",
        remedy: "have all files known: 'larder publish' takes the build's folder, and a remote's"
          + " origin may offer larder-lock.json or stats.json", subject: path)
    }
    return LocatedFile(stat: stat, fetched: false)
  }
}
