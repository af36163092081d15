import LarderCore
import LarderFederation
import LarderRegistry
import Logging

/// The deploys that are being fetched, at most one for each remote.
actor Candidates {
  private struct Key: Hashable {
    let realm: RealmID
    let remote: RemoteName
  }

  private struct Entry {
    var describing: Task<Result<Candidate, ServiceError>, Never>
    var completion: Task<Result<Release, ServiceError>, Never>?
    var failure: ServiceError?
  }

  private var entries: [Key: Entry] = [:]
  private let descriptions: DescriptionReader
  private let fetches: SharedFetches
  private let registry: Registry
  private let log: Logger

  init(
    descriptions: DescriptionReader, fetches: SharedFetches, registry: Registry, log: Logger
  ) {
    self.descriptions = descriptions
    self.fetches = fetches
    self.registry = registry
    self.log = log
  }

  /// The deploy that the origin describes now; whoever asks meanwhile waits for the same answer.
  func candidate(
    of remote: RemoteName, at urls: [String], in realm: RealmID
  ) async throws(ServiceError) -> Candidate {
    let key = Key(realm: realm, remote: remote)
    if let entry = entries[key], entry.failure == nil {
      return try await entry.describing.value.get()
    }
    let describing = Task { [descriptions, fetches] () -> Result<Candidate, ServiceError> in
      do throws(ServiceError) {
        let builds = try await descriptions.read(urls, of: remote, in: realm)
        let candidate = Candidate(remote: remote, realm: realm, variants: builds, fetches: fetches)
        return .success(candidate)
      } catch { return .failure(error) }
    }
    entries[key] = Entry(describing: describing)
    let result = await describing.value
    if case .failure(let error) = result { fail(key, describing, error) }
    return try result.get()
  }

  /// Fetches what is missing, `first` before the rest, and records the release; several callers share one completion.
  ///
  /// The registry moves channel `current` in the same transaction.
  func completion(
    of candidate: Candidate, first: [Candidate.Place] = []
  ) -> Task<Result<Release, ServiceError>, Never> {
    let key = Key(realm: candidate.realm, remote: candidate.remote)
    if let running = entries[key]?.completion { return running }
    let task = Task { () -> Result<Release, ServiceError> in
      let result = await self.complete(candidate, first: first)
      self.completed(key, result)
      return result
    }
    if entries[key] == nil {
      entries[key] = Entry(describing: Task { .success(candidate) })
    }
    entries[key]?.completion = task
    return task
  }

  /// As `candidate`, asking the origin anew; a completion that is under way is waited for first.
  func newest(
    of remote: RemoteName, at urls: [String], in realm: RealmID
  ) async throws(ServiceError) -> Candidate {
    let key = Key(realm: realm, remote: remote)
    if let running = entries[key]?.completion { _ = await running.value }
    entries[key] = nil
    return try await candidate(of: remote, at: urls, in: realm)
  }

  /// Forgets a deploy that proved wrong, so that the next request asks the origin anew. Sessions that hold it keep it.
  func drop(_ remote: RemoteName, in realm: RealmID) {
    entries[Key(realm: realm, remote: remote)] = nil
  }

  /// How far a remote's newest deploy is; nil if nothing is under way.
  func state(of remote: RemoteName, in realm: RealmID) -> (state: CandidateState, message: String?)?
  {
    guard let entry = entries[Key(realm: realm, remote: remote)] else { return nil }
    if let failure = entry.failure { return (.failed, failure.description) }
    return (entry.completion == nil ? .announced : .fetching, nil)
  }

  private func complete(
    _ candidate: Candidate, first: [Candidate.Place]
  ) async -> Result<Release, ServiceError> {
    do throws(ServiceError) {
      try await candidate.fetch(first, for: .planned)
      try await candidate.fetch(await candidate.missing, for: .background)
      // Files carry no digests: only an origin that still describes the same deploy has given files of one deploy.
      try await descriptions.confirm(candidate)
      let draft = try await candidate.draft()
      do {
        return .success(
          try await registry.commitRelease(
            draft, of: candidate.remote, in: candidate.realm, movingChannel: .current))
      } catch {
        throw ServiceError(error)
      }
    } catch {
      return .failure(error)
    }
  }

  private func completed(_ key: Key, _ result: Result<Release, ServiceError>) {
    switch result {
    case .success(let release):
      log.info(
        "release recorded", metadata: ["remote": "\(key.remote)", "release": "\(release.id)"])
      entries[key] = nil
    case .failure(let error):
      log.warning(
        "release not recorded", metadata: ["remote": "\(key.remote)", "reason": "\(error)"])
      entries[key]?.completion = nil
      entries[key]?.failure = error
    }
  }

  private func fail(
    _ key: Key, _ describing: Task<Result<Candidate, ServiceError>, Never>, _ error: ServiceError
  ) {
    if entries[key]?.describing == describing { entries[key]?.failure = error }
  }
}

/// How far a candidate is.
enum CandidateState: Sendable {
  case announced, fetching, failed
}
