import LarderCore
import LarderFederation
import LarderOrigin
import LarderRegistry
import LarderStore

/// A deploy that an origin serves and whose files are not all here yet.
///
/// Plans are served from it while it is fetched: what a plan names first, the rest in the
/// background. It becomes a release in one step, when every file is here and the origin still
/// describes the same deploy; see docs/decisions/0003. Until then its files are held from eviction;
/// those of one that could not be recorded are not, and are fetched again when they are needed.
actor Candidate {
  /// One build of the deploy.
  struct Variant: Sendable {
    let facts: ContainerFacts
    let description: Description
    /// What was read to learn the facts, by path: the entry, other code, the description.
    let read: [String: BlobStat]
  }

  /// One file of one variant.
  struct Place: Hashable, Sendable {
    let variant: Int
    let path: String
  }

  typealias Completion = Task<Result<Release, ServiceError>, Never>

  /// Files that are fetched at a time: browsers keep six connections to an origin, and an origin
  /// that a whole machine asks once can bear a few more.
  static let plannedFetchesMax = 8

  /// As `plannedFetchesMax`, for what nobody waits for: a quarter, so that a plan that comes
  /// meanwhile finds a way.
  static let backgroundFetchesMax = 2

  nonisolated let remote: RemoteName
  nonisolated let realm: RealmID
  nonisolated let variants: [Variant]
  /// What the builds say of their files.
  private let assets: [Place: AssetFacts]
  private let fetches: SharedFetches
  private let content: Content
  private var files: [Place: BlobStat] = [:]
  /// Files that the code names and the origin does not have.
  private var absent: Set<Place> = []
  private var underWay: [Place: Task<Result<BlobStat, ServiceError>, Never>] = [:]
  private var completion: Completion?
  /// What holds files from eviction, until the registry names them.
  private var leases: [Lease] = []
  private var holdsFiles = true

  /// The release that this deploy has become.
  private(set) var release: ReleaseID?

  init(
    remote: RemoteName, realm: RealmID, variants: [Variant], fetches: SharedFetches,
    content: Content
  ) {
    self.remote = remote
    self.realm = realm
    self.variants = variants
    self.fetches = fetches
    self.content = content
    var assets: [Place: AssetFacts] = [:]
    for (index, variant) in variants.enumerated() {
      for asset in variant.facts.assets {
        assets[Place(variant: index, path: asset.name)] = asset
      }
      for (path, stat) in variant.read { files[Place(variant: index, path: path)] = stat }
    }
    self.assets = assets
  }

  /// Where the sources of its builds disagree, for people.
  nonisolated var warnings: [String] {
    variants.flatMap { $0.facts.reading?.disagreements ?? [] }.map(\.description)
  }

  /// Whether both were read from the very same descriptions.
  nonisolated func isSameDeploy(as other: Candidate) -> Bool {
    variants.map(\.description.stat) == other.variants.map(\.description.stat)
  }

  /// Whether these are the descriptions that it was read from.
  nonisolated func isDescribed(by found: [Description]) -> Bool {
    Set(variants.map(\.description.stat)) == Set(found.map(\.stat))
  }

  /// All places of the deploy that are not here, in a fixed order.
  var missing: [Place] {
    assets.keys.filter { stored($0) == nil && !absent.contains($0) }
      .sorted { ($0.variant, $0.path) < ($1.variant, $1.path) }
  }

  /// Bytes of the files that are not here, of those whose sizes the build tells.
  var missingBytes: Int64 { missing.reduce(0) { $0 + (assets[$1]?.size ?? 0) } }

  /// The blobs of those files that are here, in the order of `places`.
  func present(_ places: [Place]) -> [BlobStat?] { places.map(stored) }

  /// What came may have been evicted, or proved damaged, since.
  private func stored(_ place: Place) -> BlobStat? {
    files[place].flatMap { content.store.stat($0.digest, in: [realm]) }
  }

  /// Holds what was read to learn what the deploy is: the descriptions and code.
  ///
  /// - Throws: `notFound` for one that was evicted in this moment.
  func holdDescription() async throws(ServiceError) {
    for variant in variants {
      for stat in Set(variant.read.values).union([variant.description.stat]) {
        try await hold(stat)
      }
    }
  }

  private func hold(_ stat: BlobStat) async throws(ServiceError) {
    guard holdsFiles else { return }
    let realm = realm
    let lease = try await content.run { (store) throws(StoreError) in
      try store.hold([stat.digest], in: realm)
    }
    if holdsFiles { leases.append(lease) }
  }

  /// The file's blob, fetched first if it is not here. Any number of callers share one fetch, which
  /// goes on when they leave.
  func file(_ place: Place, for purpose: FetchPurpose) async throws(ServiceError) -> LocatedFile {
    if let stat = stored(place) { return LocatedFile(stat: stat, fetched: false) }
    if let task = underWay[place] {
      return LocatedFile(stat: try await task.value.get(), fetched: false)
    }
    guard let asset = assets[place] else {
      throw ServiceError(
        .notFound, "the build of '\(remote)' has no file '\(place.path)'", subject: place.path)
    }
    let task = Task { await fetch(place, asset, again: files[place], for: purpose) }
    underWay[place] = task
    return LocatedFile(stat: try await task.value.get(), fetched: true)
  }

  /// - Parameter known: what the place had before: only the same is of the same deploy.
  private func fetch(
    _ place: Place, _ asset: AssetFacts, again known: BlobStat?, for purpose: FetchPurpose
  ) async -> Result<BlobStat, ServiceError> {
    defer { underWay[place] = nil }
    let variant = variants[place.variant]
    do throws(ServiceError) {
      let expected = try asset.expectedIntegrity
      let fetched = try await fetches.blob(
        SharedFetch(realm: realm, url: variant.description.url(of: place.path)),
        expectedSize: asset.size,
        integrity: (known?.digest ?? asset.digest).map { Integrity($0) } ?? expected, for: purpose)
      try await hold(fetched.stat)
      try await content.examine(fetched.stat, as: place.path, of: variant.facts, in: [realm])
      files[place] = fetched.stat
      return .success(fetched.stat)
    } catch {
      if error.isAbsence, variant.facts.mayLack(place.path) { absent.insert(place) }
      return .failure(error)
    }
  }

  /// Fetches places, a few at a time, and tells of each by its index in `places`.
  ///
  /// - Parameter stoppingAtFailure: begins no fetch after one has failed.
  func files(
    _ places: [Place], for purpose: FetchPurpose, stoppingAtFailure: Bool = false
  ) async -> [Int: Result<LocatedFile, ServiceError>] {
    let concurrentMax =
      purpose == .background ? Self.backgroundFetchesMax : Self.plannedFetchesMax
    return await withTaskGroup(of: (Int, Result<LocatedFile, ServiceError>).self) { group in
      var outcomes: [Int: Result<LocatedFile, ServiceError>] = [:]
      var rest = Array(places.enumerated())[...]
      var running = 0
      var isStopped = false
      while running > 0 || !(rest.isEmpty || isStopped) {
        if running < concurrentMax, !isStopped, let (index, place) = rest.popFirst() {
          group.addTask {
            let outcome = await Result { () async throws(ServiceError) in
              try await self.file(place, for: purpose)
            }
            return (index, outcome)
          }
          running += 1
        } else if let (index, outcome) = await group.next() {
          running -= 1
          outcomes[index] = outcome
          if stoppingAtFailure, case .failure = outcome, !absent.contains(places[index]) {
            isStopped = true
          }
        }
      }
      return outcomes
    }
  }

  /// Fetches places until all are here that the origin has.
  ///
  /// - Throws: the first error, in the order of `places`; what was under way is finished.
  func fetch(_ places: [Place], for purpose: FetchPurpose) async throws(ServiceError) {
    let outcomes = await files(places, for: purpose, stoppingAtFailure: true)
    for index in places.indices where !absent.contains(places[index]) {
      _ = try outcomes[index]?.get()
    }
  }

  /// Runs `work`, which makes the release, unless it runs already or has succeeded: once a release,
  /// a deploy is not recorded again, whatever `current` names by then.
  func complete(
    _ work: @escaping @Sendable () async -> Result<Release, ServiceError>
  ) -> Completion {
    if let completion { return completion }
    holdsFiles = true
    let task = Task {
      let result = await work()
      self.completed(result)
      return result
    }
    completion = task
    return task
  }

  private func completed(_ result: Result<Release, ServiceError>) {
    // Kept for the registry, or not worth the room.
    holdsFiles = false
    leases = []
    switch result {
    case .success(let release): self.release = release.id
    case .failure: completion = nil
    }
  }

  /// The release that the files make, once none is missing.
  func draft() throws(ServiceError) -> ReleaseDraft {
    guard missing.isEmpty else {
      throw ServiceError(.internal, "a release of '\(remote)' was drafted with files missing")
    }
    var builds: [ReleaseBuild] = []
    for (index, variant) in variants.enumerated() {
      let lost = Set(absent.filter { $0.variant == index }.map(\.path))
      let facts = variant.facts.without(lost)
      let assets = facts.assets.compactMap { asset in
        files[Place(variant: index, path: asset.name)].map { (path: asset.name, blob: $0) }
      }
      builds.append(
        ReleaseBuild(
          facts: facts,
          stats: variant.description.isStatistics ? variant.description.stat.digest : nil,
          files: assets))
    }
    return try ReleaseBuild.draft(builds, of: remote)
  }
}
