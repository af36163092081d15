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
    for url in urls {
      found.append(
        try await describe(
          Description.base(of: url), Description.entry(in: url) ?? Description.fileName, in: realm))
    }
    return found
  }

  private func describe(
    _ base: String, _ path: String, in realm: RealmID
  ) async throws(ServiceError) -> Description {
    let fetched = try await fetches.current(
      SharedFetch(realm: realm, url: Description.url(of: path, below: base)),
      sizeMax: BuildReader.textSizeMax, for: .description)
    return Description(
      base: base, path: path, stat: fetched.stat,
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
        let newer = try await describe(description.base, description.path, in: realm)
        guard newer.stat != description.stat else { throw error }
        found += try await variants(of: newer, remote, in: realm)
      }
    }
    return found
  }

  private func variants(
    of description: Description, _ remote: RemoteName, in realm: RealmID
  ) async throws(ServiceError) -> [Candidate.Variant] {
    guard description.isStatistics else {
      return [try await variant(byEntry: description, remote, in: realm)]
    }
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

  /// The build that its entry tells, with every file that the code leads to; those are stored.
  private func variant(
    byEntry description: Description, _ remote: RemoteName, in realm: RealmID
  ) async throws(ServiceError) -> Candidate.Variant {
    let reader = BuildReader(subject: description.base + description.path, content: content)
    let facts = try await reader.build(at: description.path, paths: [], of: remote.description) {
      (path) throws(ServiceError) in
      if path == description.path {
        return try await content.read(description.stat.digest, in: [realm])
      }
      do throws(ServiceError) {
        let fetched = try await fetches.blob(
          SharedFetch(realm: realm, url: description.url(of: path)),
          sizeMax: BuildReader.textSizeMax, for: .planned)
        return try await content.read(fetched.stat.digest, in: [realm])
      } catch {
        // A page in place of a file says that there is none, too.
        guard error.isAbsence || error.code == .notJavaScript else { throw error }
        return nil
      }
    }
    return Candidate.Variant(facts: facts, description: description, entry: description.stat)
  }

  /// What builds say of themselves, with nothing stored.
  func inspect(
    _ urls: [String], in realm: RealmID
  ) async throws(ServiceError) -> [ContainerFacts] {
    var found: [ContainerFacts] = []
    for url in urls {
      let base = Description.base(of: url)
      let sizeMax = BuildReader.textSizeMax
      if let entry = Description.entry(in: url) {
        found.append(
          try await BuildReader(subject: url, content: content).build(
            at: entry, paths: [], of: nil
          ) { (path) throws(ServiceError) in
            do throws(ServiceError) {
              return try await fetches.bytes(
                of: Description.url(of: path, below: base), sizeMax: sizeMax, in: realm)
            } catch {
              guard path != entry, error.isAbsence || error.code == .notJavaScript else {
                throw error
              }
              return nil
            }
          })
        continue
      }
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
        SharedFetch(realm: candidate.realm, url: description.url(of: description.path)),
        since: description.stat,
        isHere ? description.validators : Validators())
      guard isSame else {
        throw ServiceError(
          .truncated, "the origin of '\(candidate.remote)' was deployed to while it was read",
          remedy: "ask again: the new deploy is read then", subject: candidate.remote.description)
      }
    }
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
