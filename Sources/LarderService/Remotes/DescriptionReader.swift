import LarderCore
import LarderFederation
import LarderRegistry
import LarderStore

/// Reads what builds say of themselves from their origins.
struct DescriptionReader: Sendable {
  let fetches: SharedFetches
  let content: Content

  /// Requests at a time while one build is read: as many as a plan's.
  private static let fetchesMax = Candidate.plannedFetchesMax

  /// What the origins of one remote describe now; nothing but the descriptions is fetched.
  func describe(
    _ urls: [String], in realm: RealmID
  ) async throws(ServiceError) -> [Description] {
    var found: [Description] = []
    for url in urls {
      let base = Description.base(of: url)
      if let file = Description.file(in: url) {
        found.append(try await describe(base, file, in: realm))
      } else {
        found.append(try await describe(folder: base, in: realm))
      }
    }
    return found
  }

  /// The best of the files that may describe the folder.
  private func describe(
    folder base: String, in realm: RealmID
  ) async throws(ServiceError) -> Description {
    var first: ServiceError?
    for path in BuildImport.usualPaths {
      do throws(ServiceError) {
        let description = try await describe(base, path, in: realm)
        let file = BuildFile(
          path: path, bytes: try await content.read(description.stat.digest, in: [realm]))
        if BuildImport.recognises(file) { return description }
        if first.map(\.isAbsence) ?? true {
          first = ServiceError(
            .invalidBuild, "\(base)\(path) is nothing that tells of a container", subject: base)
        }
      } catch {
        // A page in place of a file says that there is none, too.
        guard error.isAbsence || error.code == .notJavaScript else { throw error }
        // What is there and wrong says more than what is not; of what is not, the statistics.
        let saysMore = !error.isAbsence || path == Description.fileName
        if first.map({ $0.isAbsence && saysMore }) ?? true { first = error }
      }
    }
    let error = first ?? ServiceError(.internal, "nothing is known to describe a build")
    var answer = ServiceError(
      error.code, error.message,
      remedy: "deploy the build's stats.json, or name the URL of its entry", subject: base)
    answer.originStatus = error.originStatus
    throw answer
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
    let read = Locked([description.path: description.stat])
    let builds = try await builds(
      at: description.path, below: description.base, of: remote.description
    ) { (path) throws(ServiceError) in
      var stat = description.stat
      if path != description.path {
        // What may tell of the build besides need not be there; code is planned anyway.
        let purpose = path.hasSuffix(".json") ? FetchPurpose.description : .planned
        stat = try await fetches.blob(
          SharedFetch(realm: realm, url: description.url(of: path)),
          sizeMax: BuildReader.textSizeMax, for: purpose
        ).stat
        read.withLock { $0[path] = stat }
      }
      return try await content.read(stat.digest, in: [realm])
    }
    let files = read.withLock { $0 }
    var variants: [Candidate.Variant] = []
    for facts in builds {
      try check(files[facts.entry], as: facts.entry, of: facts, description)
      for asset in facts.assets {
        guard let stat = files[asset.name] else { continue }
        if let digest = asset.digest {
          try ReleaseBuild.check(stat, asset.name, is: digest, of: remote)
        }
        try await content.verify(stat, as: asset, in: [realm])
      }
      variants.append(Candidate.Variant(facts: facts, description: description, read: files))
    }
    return variants
  }

  /// Holds the entry against the size that its build wrote: another one is of another deploy.
  private func check(
    _ stat: BlobStat?, as path: String, of facts: ContainerFacts, _ description: Description
  ) throws(ServiceError) {
    let asset = facts.assets.first { $0.name == path }
    guard let stat, let size = asset?.size, size != stat.size.value else { return }
    throw ServiceError(
      .truncated,
      "\(description.url(of: path)) has \(stat.size.value) bytes, its build wrote \(size)",
      remedy: "check that the deploy is whole, then ask again", subject: path)
  }

  /// What builds say of themselves, with nothing stored.
  func inspect(
    _ urls: [String], in realm: RealmID
  ) async throws(ServiceError) -> [ContainerFacts] {
    var found: [ContainerFacts] = []
    for url in urls {
      let base = Description.base(of: url)
      found += try await builds(at: Description.file(in: url), below: base, of: nil) {
        (path) throws(ServiceError) in
        try await fetches.bytes(
          of: Description.url(of: path, below: base), sizeMax: BuildReader.textSizeMax, in: realm)
      }
    }
    return found
  }

  /// The containers of the build at `base`, its files read by `read`.
  ///
  /// - Throws: why an entry cannot be had; other files need not be there.
  private func builds(
    at path: String?, below base: String, of remote: String?,
    read: @escaping @Sendable (String) async throws(ServiceError) -> [UInt8]
  ) async throws(ServiceError) -> [ContainerFacts] {
    var failures: [String: ServiceError] = [:]
    let reader = BuildReader(subject: base + (path ?? ""), content: content)
    let found = try await reader.containers(at: path, among: nil, of: remote) {
      (paths) throws(ServiceError) in
      var files: [String: [UInt8]] = [:]
      for (path, outcome) in await concurrently(paths, read) {
        do throws(ServiceError) { files[path] = try outcome.get() } catch {
          // A page in place of a file says that there is none, too.
          guard error.isAbsence || error.code == .notJavaScript else { throw error }
          failures[path] = error
        }
      }
      if let path, let failure = failures[path] { throw failure }
      return files
    }
    for facts in found {
      if let failure = failures[facts.entry] { throw failure }
    }
    return found
  }

  /// Runs `body` for all paths, `fetchesMax` at a time.
  private func concurrently<Value: Sendable>(
    _ paths: [String], _ body: @escaping @Sendable (String) async throws(ServiceError) -> Value
  ) async -> [String: Result<Value, ServiceError>] {
    await withTaskGroup(of: (String, Result<Value, ServiceError>).self) { group in
      var outcomes: [String: Result<Value, ServiceError>] = [:]
      var rest = paths[...]
      var running = 0
      while running > 0 || !rest.isEmpty {
        if running < Self.fetchesMax, let path = rest.popFirst() {
          group.addTask {
            let outcome = await Result { () async throws(ServiceError) in try await body(path) }
            return (path, outcome)
          }
          running += 1
        } else if let (path, outcome) = await group.next() {
          running -= 1
          outcomes[path] = outcome
        }
      }
      return outcomes
    }
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
