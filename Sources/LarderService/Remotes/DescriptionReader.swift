import LarderCore
import LarderFederation
import LarderRegistry
import LarderStore

/// Reads what builds say of themselves from their origins.
struct DescriptionReader: Sendable {
  let fetches: SharedFetches
  let content: Content

  /// What the origins of one remote describe now; nothing but the descriptions is fetched.
  func describe(
    _ urls: [String], in realm: RealmID
  ) async throws(ServiceError) -> [Description] {
    var found: [Description] = []
    for url in urls { found.append(try await describe(Description.base(of: url), in: realm)) }
    return found
  }

  private func describe(
    _ base: String, in realm: RealmID
  ) async throws(ServiceError) -> Description {
    let fetched = try await fetches.blob(
      describing(base, in: realm), sizeMax: BuildReader.textSizeMax, for: .description)
    return Description(
      base: base, stat: fetched.stat,
      validators: Validators(entityTag: fetched.entityTag, lastModified: fetched.lastModified))
  }

  /// The builds that are described, their entries stored.
  ///
  /// - Throws: `invalidBuild` for a description that is not one, and what the origin's answer leads
  ///   to.
  func read(
    _ descriptions: [Description], of remote: RemoteName, in realm: RealmID
  ) async throws(ServiceError) -> [Candidate.Variant] {
    var found: [Candidate.Variant] = []
    for description in descriptions {
      do throws(ServiceError) {
        found += try await variants(of: description, remote, in: realm)
      } catch {
        // An entry that does not fit may be of a deploy that came between the two requests.
        guard error.mayMeanRedeploy else { throw error }
        let newer = try await describe(description.base, in: realm)
        guard newer.stat != description.stat else { throw error }
        found += try await variants(of: newer, remote, in: realm)
      }
    }
    return found
  }

  private func variants(
    of description: Description, _ remote: RemoteName, in realm: RealmID
  ) async throws(ServiceError) -> [Candidate.Variant] {
    var entries: [String: BlobStat] = [:]
    let json = try await content.read(description.stat.digest, in: [realm])
    let builds = try await BuildReader(subject: description.base, content: content).builds(
      in: json, of: remote.description
    ) { (asset) throws(ServiceError) in
      // Held against its size when it is here: that it is a page says more than that it is short.
      let entry = try await fetches.blob(
        SharedFetch(realm: realm, url: description.url(of: asset.name)),
        sizeMax: BuildReader.textSizeMax, for: .planned)
      if let size = asset.size, size != entry.stat.size.value {
        throw ServiceError(
          .truncated,
          "\(description.url(of: asset.name)) has \(entry.stat.size.value) bytes, its build wrote "
            + "\(size)",
          remedy: "check that the deploy is whole, then ask again", subject: asset.name)
      }
      entries[asset.name] = entry.stat
      return try await content.read(entry.stat.digest, in: [realm])
    }
    return builds.map { facts in
      Candidate.Variant(facts: facts, description: description, entry: entries[facts.entry])
    }
  }

  /// What builds say of themselves, with nothing stored.
  func inspect(
    _ urls: [String], in realm: RealmID
  ) async throws(ServiceError) -> [ContainerFacts] {
    var found: [ContainerFacts] = []
    for url in urls {
      let base = Description.base(of: url)
      let sizeMax = BuildReader.textSizeMax
      let json = try await fetches.bytes(
        of: base + Description.fileName, sizeMax: sizeMax, in: realm)
      found += try await BuildReader(subject: base, content: content).builds(in: json, of: nil) {
        (asset) throws(ServiceError) in
        try await fetches.bytes(
          of: Description.url(of: asset.name, below: base), sizeMax: sizeMax, in: realm)
      }
    }
    return found
  }

  /// Asks the origin whether it still describes the deploy that the candidate was made of.
  ///
  /// - Throws: `truncated` if it describes another one by now.
  func confirm(_ candidate: Candidate) async throws(ServiceError) {
    for description in Set(candidate.variants.map(\.description)) {
      // One that went meanwhile has to come again: the release names it.
      let isHere = content.store.stat(description.stat.digest, in: [candidate.realm]) != nil
      let isSame = try await fetches.isUnchanged(
        describing(description.base, in: candidate.realm), since: description.stat,
        isHere ? description.validators : Validators())
      guard isSame else {
        throw ServiceError(
          .truncated, "the origin of '\(candidate.remote)' was deployed to while it was read",
          remedy: "ask again: the new deploy is read then", subject: candidate.remote.description)
      }
    }
  }

  private func describing(_ base: String, in realm: RealmID) -> SharedFetch {
    SharedFetch(realm: realm, url: base + Description.fileName)
  }
}

extension ServiceError {
  /// Whether a file of a deploy may have failed so because its origin was deployed to since it was
  /// described.
  var mayMeanRedeploy: Bool {
    switch code {
    case .truncated, .integrityMismatch, .notJavaScript, .originUnavailable: true
    default: false
    }
  }
}
