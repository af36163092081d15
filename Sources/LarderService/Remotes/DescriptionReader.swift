import LarderCore
import LarderFederation
import LarderRegistry

/// Reads what builds say of themselves from their origins.
struct DescriptionReader: Sendable {
  let fetches: SharedFetches
  let content: Content

  /// A description of a large application has some 20 MiB; its JSON takes ten times that while it is read.
  static let descriptionSizeMax = ByteCount.mebibytes(64)

  /// The builds below the base URLs of one remote, their descriptions and entries stored.
  ///
  /// - Throws: `invalidBuild` for a description that is not one, and what the origin's answer leads to.
  func read(
    _ urls: [String], of remote: RemoteName, in realm: RealmID
  ) async throws(ServiceError) -> [Candidate.Variant] {
    var variants: [Candidate.Variant] = []
    for url in urls {
      let base = Description.base(of: url)
      let fetched = try await fetches.blob(describing(base, in: realm), for: .description)
      let description = Description(
        base: base, stat: fetched.stat,
        validators: Validators(
          entityTag: fetched.entityTag, lastModified: fetched.lastModified))
      var entries: [String: BlobStat] = [:]
      let builds = try await BuildReader(subject: base).builds(
        in: content.read(fetched.stat.digest, in: [realm]), of: remote.description
      ) { (path) throws(ServiceError) in
        let entry = try await fetches.blob(
          SharedFetch(realm: realm, url: description.url(of: path)), for: .planned)
        entries[path] = entry.stat
        return try await content.read(entry.stat.digest, in: [realm])
      }
      variants += builds.map { facts in
        Candidate.Variant(facts: facts, description: description, entry: entries[facts.entry])
      }
    }
    return variants
  }

  /// As `read`, with nothing stored.
  func inspect(_ urls: [String]) async throws(ServiceError) -> [ContainerFacts] {
    var found: [ContainerFacts] = []
    for url in urls {
      let base = Description.base(of: url)
      let json = try await fetches.bytes(
        of: base + Description.fileName, sizeMax: Self.descriptionSizeMax)
      found += try await BuildReader(subject: base).builds(in: json, of: nil) {
        (path) throws(ServiceError) in
        try await fetches.bytes(
          of: Description.url(of: path, below: base), sizeMax: Self.descriptionSizeMax)
      }
    }
    return found
  }

  /// Asks the origin whether it still describes the deploy that the candidate was made of.
  ///
  /// - Throws: `truncated` if it describes another one by now.
  func confirm(_ candidate: Candidate) async throws(ServiceError) {
    for description in Set(candidate.variants.map(\.description)) {
      let isSame = try await fetches.isUnchanged(
        describing(description.base, in: candidate.realm), since: description.stat,
        description.validators)
      guard isSame else {
        throw ServiceError(
          .truncated, "the origin of '\(candidate.remote)' was deployed to while it was read",
          remedy: "ask again: the new deploy is read then", subject: candidate.remote.description)
      }
    }
  }

  private func describing(_ base: String, in realm: RealmID) -> SharedFetch {
    SharedFetch(
      realm: realm, url: base + Description.fileName, sizeMax: Self.descriptionSizeMax)
  }
}
