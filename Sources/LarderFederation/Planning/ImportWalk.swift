/// Finds out which modules of a plan need which others, by the chunks that carry them: whoever
/// loads a chunk waits for every shared package and remote module in it.
///
/// Goes breadth first from the host, through each module once, and again through a package that
/// proves to have more chunks.
struct ImportWalk {
  /// How many chunks are looked at, each once for every module that can load it: under a second.
  private static let stepsMax = 1_000_000

  private enum Subject: Hashable {
    case host
    case expose(String, String)
    case package(String, String, String?, isMissing: Bool)
  }

  private struct Link: Hashable {
    let from: Int
    let to: Int
    let share: Int?
  }

  private let session: PlanSession
  private let shares: [PlanSession.Consumer: Int]
  private let files: [Work.Subject: Int]
  private var places: [Subject: Int] = [:]
  /// What loads each module: chunks of a container.
  private var chunks: [(container: String, ids: [String])] = []
  /// Modules whose chunks are to be looked at, in order.
  private var waiting: [Int] = []
  private var links: Set<Link> = []
  private var stepCount = 0
  private(set) var modules: [PlannedModule] = []
  private(set) var imports: [PlannedImport] = []

  init(_ session: PlanSession) {
    self.session = session
    var shares: [PlanSession.Consumer: Int] = [:]
    for (place, share) in session.shared.enumerated() {
      guard let module = share.module else { continue }
      shares[PlanSession.Consumer(container: share.consumer, module: module)] = place
    }
    self.shares = shares
    files = Dictionary(
      session.files.enumerated().map { (.file($1.container, $1.path), $0) },
      uniquingKeysWith: { first, _ in first })
  }

  /// Whether everything was found within the planner's limits for it.
  mutating func run(_ requests: [PlanRequest]) -> Bool {
    let host = add(.host, container: "", [])
    // The host's own choices come before all others.
    for (share, choice) in session.hostChoices.enumerated() {
      link(host, to: choice, share: share, fallback: nil, .required)
    }
    for request in requests { link(host, toExpose: request.expose, of: request.remote, .required) }
    var next = 0
    while next < waiting.count {
      follow(waiting[next])
      next += 1
      if modules.count > Plan.explainedModulesMax || imports.count > Plan.explainedImportsMax
        || stepCount > Self.stepsMax
      {
        return false
      }
    }
    return true
  }

  // MARK: - Chunks

  private mutating func follow(_ module: Int) {
    guard let found = session.known(chunks[module].container) else { return }
    modules[module].files = []
    var seen: Set<String> = []
    var phase = PlanPhase.required
    var wave = chunks[module].ids
    while !wave.isEmpty {
      var opened: [String] = []
      for id in wave where seen.insert(id).inserted {
        follow(id, in: found, from: module, phase)
        opened += found.chunks[id]?.opens ?? []
        stepCount += 1
      }
      phase = .reachable
      wave = opened
    }
  }

  private mutating func follow(
    _ id: String, in found: ContainerIndex, from module: Int, _ phase: PlanPhase
  ) {
    // A container that refused its scope loads nothing any more.
    guard let chunk = found.chunks[id], session.visited.contains(.chunk(found.name, id)) else {
      return
    }
    for path in chunk.files + chunk.auxiliaryFiles {
      guard let file = files[.file(found.name, path)] else { continue }
      modules[module].files.append(file)
    }
    for consume in found.consumesByChunk[id] ?? [] {
      let consumer = PlanSession.Consumer(container: found.name, module: consume.module)
      guard let choice = session.choices[consumer], let share = shares[consumer] else { continue }
      link(module, to: choice, share: share, fallback: consume.fallback, phase)
    }
    for remote in found.remotesByChunk[id] ?? [] {
      let names = remote.locations.compactMap(\.remoteName)
      let name =
        names.first { session.known($0) != nil } ?? names.first
        ?? remote.locations.first.map { String($0.location.prefix(80)) } ?? ""
      link(module, toExpose: remote.expose, of: name, phase)
    }
  }

  // MARK: - Links

  private mutating func link(
    _ from: Int, toExpose expose: String, of container: String, _ phase: PlanPhase
  ) {
    let chunks = session.known(container)?.exposes[expose]?.chunks ?? []
    let to = add(.expose(container, expose), container: container, chunks)
    link(from, to, share: nil, phase)
  }

  private mutating func link(
    _ from: Int, to choice: PlanSession.Choice, share: Int, fallback: FallbackFacts?,
    _ phase: PlanPhase
  ) {
    let (key, consumer) = (session.shared[share].key, session.shared[share].consumer)
    let to: Int
    switch choice {
    case .shared(let provider?, let version, _):
      to = add(
        .package(provider.container, key, version, isMissing: false),
        container: provider.container, session.provide(provider, key, version)?.chunks ?? [])
    case .shared(nil, let version, let from):
      let name = from == session.host.uniqueName ? session.host.name : from
      to = add(.package(name, key, version, isMissing: false), container: "", [])
    case .fallback:
      to = add(
        .package(consumer, key, fallback?.version, isMissing: false), container: consumer,
        fallback?.chunks ?? [])
    case .failure:
      to = add(.package(consumer, key, nil, isMissing: true), container: "", [])
    }
    link(from, to, share: share, phase)
  }

  private mutating func link(_ from: Int, _ to: Int, share: Int?, _ phase: PlanPhase) {
    guard links.insert(Link(from: from, to: to, share: share)).inserted else { return }
    imports.append(PlannedImport(from: from, to: to, share: share, phase: phase))
  }

  private mutating func add(_ subject: Subject, container: String, _ ids: [String]) -> Int {
    if let place = places[subject] {
      let more = ids.filter { !chunks[place].ids.contains($0) }
      if !more.isEmpty {
        chunks[place].ids += more
        waiting.append(place)
      }
      return place
    }
    let place = modules.count
    waiting.append(place)
    places[subject] = place
    chunks.append((container, ids))
    let module =
      switch subject {
      case .host: PlannedModule(container: session.host.name, files: [])
      case .expose(let name, let expose): PlannedModule(container: name, expose: expose, files: [])
      case .package(let name, let key, let version, _):
        PlannedModule(container: name, key: key, version: version, files: [])
      }
    modules.append(module)
    return place
  }
}
