import LarderCore
import LarderFederation
import LarderMessages
import LarderRegistry
import Logging

/// The deploys that are being fetched, at most one for each remote.
///
/// A deploy that was replaced or dropped here goes on to serve the sessions that hold it, but is
/// never recorded: only the newest one moves `current`.
actor Candidates {
  private struct Key: Hashable {
    let realm: RealmID
    let remote: RemoteName

    init(realm: RealmID, remote: RemoteName) {
      self.realm = realm
      self.remote = remote
    }

    init(_ candidate: Candidate) {
      self.init(realm: candidate.realm, remote: candidate.remote)
    }
  }

  private typealias Describing = Task<Result<Candidate, ServiceError>, Never>

  private struct Entry {
    /// Tells this description from an earlier one of the same remote.
    let number: Int
    let urls: [String]
    let describing: Describing
    /// What `describing` led to.
    var candidate: Candidate?
    var isCompleting = false
    var failure: ServiceError?
  }

  private var entries: [Key: Entry] = [:]
  /// The update that runs for a remote; the next one waits for it.
  private var updates: [Key: Task<Void, Never>] = [:]
  /// The deploys that are being recorded.
  private var recordings: [Key: (candidate: Candidate, task: Candidate.Completion)] = [:]
  private var descriptionCount = 0
  private let descriptions: DescriptionReader
  private let fetches: SharedFetches
  private let registry: Registry
  private let sessions: LiveSessions
  private let events: RecentEvents
  private let log: Logger

  init(
    descriptions: DescriptionReader, fetches: SharedFetches, registry: Registry,
    sessions: LiveSessions, events: RecentEvents, log: Logger
  ) {
    self.descriptions = descriptions
    self.fetches = fetches
    self.registry = registry
    self.sessions = sessions
    self.events = events
    self.log = log
  }

  /// The deploy that the origin describes now; whoever asks meanwhile waits for the same answer.
  func candidate(
    of remote: RemoteName, at urls: [String], in realm: RealmID
  ) async throws(ServiceError) -> Candidate {
    let key = Key(realm: realm, remote: remote)
    if let entry = entries[key], entry.failure == nil, entry.urls == urls {
      return try await entry.describing.value.get()
    }
    return try await describe(key, urls).value.get()
  }

  /// The deploy that took the place of one whose files are not all to be had; nil if its origin
  /// describes that one still, or cannot be asked.
  func successor(of candidate: Candidate) async -> Candidate? {
    let key = Key(candidate)
    guard let entry = entries[key] else { return nil }
    if entry.failure == nil, let other = entry.candidate, !other.isSameDeploy(as: candidate) {
      return other
    }
    do throws(ServiceError) {
      let found = try await descriptions.describe(entry.urls, in: key.realm)
      guard !candidate.isDescribed(by: found) else { return nil }
      return try await self.candidate(of: key, at: entry.urls, described: found)
    } catch {
      // The caller has the first error, which names the file that is wrong.
      return nil
    }
  }

  /// Whether nothing is being fetched for the remote any more: it has a release, or is gone.
  func isOver(_ candidate: Candidate) -> Bool { entries[Key(candidate)] == nil }

  /// Asks the origin anew and records what it describes; updates of one remote come one after the
  /// other, and after a completion that is under way.
  ///
  /// - Parameters:
  ///   - unasked: whether nobody asked for it: a release that is worse than the current one is
  ///     recorded then, and `current` stays.
  ///   - isCurrent: whether these descriptions are what `current` was made of, so that there is
  ///     nothing to record.
  func update(
    _ remote: RemoteName, at urls: [String], in realm: RealmID, unasked: Bool = false,
    unless isCurrent: @escaping @Sendable ([Description]) async throws(ServiceError) -> Bool
  ) async throws(ServiceError) {
    let key = Key(realm: realm, remote: remote)
    await settled(remote, in: realm)
    while let earlier = updates[key] { await earlier.value }
    let work = Task { () -> Result<Void, ServiceError> in
      do throws(ServiceError) {
        if let found = try await describedAnew(key, urls, unless: isCurrent) {
          let candidate = try await self.candidate(of: key, at: urls, described: found)
          _ = try await recording(of: candidate, unasked: unasked).value.get()
        } else {
          entries[key] = nil
        }
        return .success(())
      } catch { return .failure(error) }
    }
    updates[key] = Task {
      _ = await work.value
      self.updates[key] = nil
    }
    try await work.value.get()
  }

  /// Fetches what is missing, `first` before the rest, and records the release; several callers
  /// share one recording.
  ///
  /// The registry moves channel `current` in the same transaction. Where a newer deploy came
  /// meanwhile, that one is recorded instead, if it stands still.
  func recording(
    of candidate: Candidate, first: [Candidate.Place] = [], unasked: Bool = false
  ) -> Candidate.Completion {
    let key = Key(candidate)
    if let running = recordings[key], running.candidate === candidate { return running.task }
    let task = Task { () -> Result<Release, ServiceError> in
      var result = await completion(of: candidate, first: first, unasked: unasked).value
      if case .failure(let error) = result, error.mayMeanRedeploy,
        let newer = await successor(of: candidate)
      {
        result = await completion(of: newer, unasked: unasked).value
      }
      if recordings[key]?.candidate === candidate { recordings[key] = nil }
      return result
    }
    recordings[key] = (candidate, task)
    return task
  }

  /// Returns when nothing is on its way for the remote, well or not.
  func settled(_ remote: RemoteName, in realm: RealmID) async {
    let key = Key(realm: realm, remote: remote)
    _ = await entries[key]?.describing.value
    _ = await recordings[key]?.task.value
    while let update = updates[key] { await update.value }
  }

  /// Forgets a remote's deploy, so that the next request asks the origin anew. Sessions that hold
  /// it keep it.
  func drop(_ remote: RemoteName, in realm: RealmID) {
    entries[Key(realm: realm, remote: remote)] = nil
  }

  /// How far a remote's newest deploy is; nil if nothing is under way.
  func state(
    of remote: RemoteName, in realm: RealmID
  ) -> (state: CandidateState, message: String?)? {
    guard let entry = entries[Key(realm: realm, remote: remote)] else { return nil }
    if let failure = entry.failure { return (.failed, failure.description) }
    return (entry.isCompleting ? .fetching : .announced, nil)
  }

  // MARK: - Describing

  /// - Parameter known: what the origin described just now; nil asks it.
  private func describe(
    _ key: Key, _ urls: [String], known: [Description]? = nil
  ) -> Describing {
    descriptionCount += 1
    let number = descriptionCount
    let describing = Task { () -> Result<Candidate, ServiceError> in
      do throws(ServiceError) {
        let found: [Description]
        if let known {
          found = known
        } else {
          found = try await descriptions.describe(urls, in: key.realm)
        }
        let variants = try await descriptions.read(found, of: key.remote, in: key.realm)
        for variant in variants {
          guard let lost = variant.facts.lostFile else { continue }
          throw ServiceError(
            .invalidBuild,
            "\(variant.description.url(of: lost)) is not there, and a module that"
              + " '\(key.remote)' exposes needs it",
            remedy: "wait until the deploy is complete, then update the remote", subject: lost)
        }
        let candidate = Candidate(
          remote: key.remote, realm: key.realm, variants: variants, fetches: fetches,
          content: descriptions.content)
        try await candidate.holdDescription()
        if entries[key]?.number == number { entries[key]?.candidate = candidate }
        return .success(candidate)
      } catch {
        if entries[key]?.number == number {
          entries[key]?.failure = error
          events.note(.failed, key.remote, error.message, in: key.realm)
        }
        return .failure(error)
      }
    }
    entries[key] = Entry(number: number, urls: urls, describing: describing)
    return describing
  }

  /// What the origin describes now, nil if that is current; that it could not be had is the remote's
  /// state.
  private func describedAnew(
    _ key: Key, _ urls: [String],
    unless isCurrent: @Sendable ([Description]) async throws(ServiceError) -> Bool
  ) async throws(ServiceError) -> [Description]? {
    do throws(ServiceError) {
      let found = try await descriptions.describe(urls, in: key.realm)
      return try await isCurrent(found) ? nil : found
    } catch {
      descriptionCount += 1
      entries[key] = Entry(
        number: descriptionCount, urls: urls, describing: Task { .failure(error) },
        failure: error)
      events.note(.failed, key.remote, error.message, in: key.realm)
      throw error
    }
  }

  /// The deploy that `found` describes: the one that is here already, if that is the same and did
  /// not fail.
  private func candidate(
    of key: Key, at urls: [String], described found: [Description]
  ) async throws(ServiceError) -> Candidate {
    if let entry = entries[key], entry.failure == nil, let candidate = entry.candidate,
      candidate.isDescribed(by: found)
    {
      return candidate
    }
    return try await describe(key, urls, known: found).value.get()
  }

  // MARK: - Completing

  private func completion(
    of candidate: Candidate, first: [Candidate.Place] = [], unasked: Bool
  ) async -> Candidate.Completion {
    await candidate.complete {
      let result = await self.complete(candidate, first: first, unasked: unasked)
      await self.completed(candidate, result)
      return result
    }
  }

  private func isNewest(_ candidate: Candidate) -> Bool {
    entries[Key(candidate)]?.candidate === candidate
  }

  private func drop(_ candidate: Candidate) {
    if isNewest(candidate) { entries[Key(candidate)] = nil }
  }

  private func complete(
    _ candidate: Candidate, first: [Candidate.Place], unasked: Bool
  ) async -> Result<Release, ServiceError> {
    do throws(ServiceError) {
      try requireNewest(candidate)
      entries[Key(candidate)]?.isCompleting = true
      entries[Key(candidate)]?.failure = nil
      try await candidate.fetch(first, for: .planned)
      try await candidate.fetch(await candidate.missing, for: .background)
      // Files carry no digests: only an origin that still describes the same deploy has given files
      // of one deploy.
      try await descriptions.confirm(candidate)
      let draft = try await candidate.draft()
      try requireNewest(candidate)
      do {
        var channel: ChannelName? = .current
        if unasked, try await isWorse(draft, for: candidate) { channel = nil }
        return .success(
          try await registry.commitRelease(
            draft, of: candidate.remote, in: candidate.realm, movingChannel: channel,
            inUse: sessions.releases(of: candidate.remote, in: candidate.realm)))
      } catch {
        throw ServiceError(error)
      }
    } catch {
      return .failure(error)
    }
  }

  /// Whether less of the deploy is known than of what `current` names.
  private func isWorse(
    _ draft: ReleaseDraft, for candidate: Candidate
  ) async throws(RegistryError) -> Bool {
    let current = try await registry.currentRelease(of: candidate.remote, in: candidate.realm)
    return current.map { draft.completeness.isLess(than: $0.completeness) } ?? false
  }

  private func requireNewest(_ candidate: Candidate) throws(ServiceError) {
    guard !isNewest(candidate) else { return }
    throw ServiceError(
      .busy, "another deploy of '\(candidate.remote)' came meanwhile", remedy: "ask again",
      subject: candidate.remote.description)
  }

  private func completed(_ candidate: Candidate, _ result: Result<Release, ServiceError>) {
    let remote: Logger.MetadataValue = "\(candidate.remote)"
    switch result {
    case .success(let release):
      log.info("release recorded", metadata: ["remote": remote, "release": "\(release.id)"])
      events.note(.recorded, candidate.remote, release: release.id, in: candidate.realm)
      drop(candidate)
    case .failure(let error):
      guard isNewest(candidate) else { return }
      log.warning("release not recorded", metadata: ["remote": remote, "reason": "\(error)"])
      entries[Key(candidate)]?.isCompleting = false
      entries[Key(candidate)]?.failure = error
      events.note(.failed, candidate.remote, error.message, in: candidate.realm)
    }
  }
}

/// How far a candidate is.
enum CandidateState: Sendable {
  case announced, fetching, failed
}
