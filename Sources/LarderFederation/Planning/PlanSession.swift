/// The state of a plan in the making: what a session's runtimes would hold after each step.
struct PlanSession {
  /// A runtime of the session. A build that is host and container has two.
  enum Runtime: Hashable {
    case host
    case container(String)
  }

  /// A scope name inside one runtime.
  struct Binding: Hashable {
    let runtime: Runtime
    let scope: String
  }

  /// A consume of one container.
  struct Consumer: Hashable {
    let container: String
    let module: String
  }

  /// The container whose code a shared package is, and its name of the scope.
  struct Provider: Hashable {
    let container: String
    let scope: String
  }

  /// The first request of a runtime for a module of a container that it initialises on demand.
  struct Demand: Hashable {
    let runtime: Runtime
    let container: String
  }

  /// What one consume came to.
  enum Choice {
    /// No provider where the host brought the package.
    case shared(provider: Provider?, version: String, from: String)
    case fallback
    case failure

    init(_ decision: ShareDecision, of provider: Provider?) {
      switch decision.outcome {
      case .shared(let entry):
        self = .shared(provider: provider, version: entry.version, from: entry.from)
      case .fallback: self = .fallback
      case .failure: self = .failure
      }
    }
  }

  let host: HostFacts
  let resolve: (String) -> ContainerFacts?
  /// Nil where everybody may serve everybody.
  let permits: SessionScope.Permits?

  // MARK: What the plan will say

  var containers: [PlannedContainer] = []
  var entries: [PlannedEntry] = []
  var initialisation: [PlannedInitialisation] = []
  var files: [PlannedFile] = []
  var shared: [PlannedShare] = []
  var warnings: [PlanWarning] = []
  var errors: [PlanError] = []

  // MARK: What the runtimes hold

  /// Nil for a name that nobody knows, so that it is asked for once.
  var index: [String: ContainerIndex?] = [:]
  /// The live scope objects; runtimes refer to them by place.
  var scopes: [SessionScope] = []
  var scopeByBinding: [Binding: Int] = [:]
  var started: Set<Binding> = []
  var demanded: Set<Demand> = []
  var choices: [Consumer: Choice] = [:]
  var hostChoices: [Choice] = []
  /// Containers whose `init` threw; nothing can be had from them.
  var refused: Set<String> = []

  // MARK: What is still to be done

  var phase = PlanPhase.required
  var work: [Work] = []
  var workDone = 0
  var visited: Set<Work.Subject> = []
  var loadedChunks: [Work] = []

  init(
    host: HostFacts, permits: SessionScope.Permits?, resolve: @escaping (String) -> ContainerFacts?
  ) {
    self.host = host
    self.permits = permits
    self.resolve = resolve
  }

  /// The indexed facts of a container that took part, nil for an unknown one.
  func known(_ name: String) -> ContainerIndex? { index[name] ?? nil }

  /// What `provider` registered as this version.
  func provide(_ provider: Provider, _ key: String, _ version: String) -> ProvideFacts? {
    known(provider.container)?.facts.provides.first {
      $0.scope == provider.scope && $0.key == key && $0.version == version
    }
  }

  func name(of runtime: Runtime) -> String {
    switch runtime {
    case .host: host.name
    case .container(let name): name
    }
  }

  /// Asks for a container's entry: the first who asks is written down, and the facts are fetched
  /// once.
  mutating func ask(for name: String, by runtime: Runtime) -> ContainerIndex? {
    if let found = index[name] { return found }
    entries.append(PlannedEntry(container: name, askedBy: self.name(of: runtime)))
    let facts = resolve(name)
    index[name] = .some(facts.map { ContainerIndex(name: name, $0) })
    guard let facts else { return nil }
    containers.append(
      PlannedContainer(
        name: name, release: nil, uniqueName: facts.uniqueName, ruleSet: facts.ruleSet,
        target: facts.target, entry: facts.entry, module: facts.isModule ? true : nil,
        global: facts.global == [name] ? nil : facts.global))
    for path in facts.entryPrerequisites + [facts.entry] {
      add(PlannedFile(container: name, path: path, kind: .entry, phase: phase, size: nil))
    }
    // What an entry that is an ECMAScript module imports. Other entries are chunks by another name.
    for path in known(name)?.chunks[facts.entry]?.files ?? [] {
      add(PlannedFile(container: name, path: path, kind: .chunk, phase: phase, size: nil))
    }
    return known(name)
  }

  mutating func add(_ file: PlannedFile) {
    var file = file
    guard visited.insert(.file(file.container, file.path)).inserted else { return }
    file.size = known(file.container)?.sizes[file.path]
    files.append(file)
  }

  mutating func fail(
    _ kind: PlanError.Kind, _ container: String, _ expose: String?, remote: String? = nil,
    _ message: String, remedy: String
  ) {
    let error = PlanError(
      kind: kind, container: container, expose: expose, remote: remote, phase: phase,
      message: message, remedy: remedy)
    if !errors.contains(error) { errors.append(error) }
  }
}
