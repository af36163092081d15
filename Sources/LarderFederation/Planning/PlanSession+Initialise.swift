extension PlanSession {
  /// One call of `initialiseSharing` from outside with all the calls that follow from it: the
  /// runtimes that have been there are known by their tokens.
  private struct Wave {
    struct Step {
      let runtime: Runtime
      let scope: String
      let locations: [RemoteLocation]
    }

    var tokens: Set<Binding> = []
    var steps: [Step] = []
    var stepsDone = 0
  }

  /// Fills the host's scopes and initialises its remotes: those it names, then those that are asked
  /// for; under `loaded-first` none.
  mutating func begin(_ requests: [PlanRequest]) {
    for share in host.shared {
      let scope = bind(Binding(runtime: .host, scope: share.scope))
      let entry = ShareEntry(
        version: share.version, from: share.from ?? host.uniqueName, eager: share.eager,
        isLoaded: share.loaded)
      scopes[scope].put(entry, under: share.key)
    }
    var names: [String] = []
    for name in host.remotes + requests.map(\.remote) where !names.contains(name) {
      names.append(name)
    }
    let binding = Binding(runtime: .host, scope: "default")
    _ = bind(binding)
    started.insert(binding)
    var wave = Wave(tokens: [binding])
    wave.steps = names.map { Wave.Step(runtime: .host, scope: "default", locations: [.host($0)]) }
      .filter { !isOnDemand($0.locations, for: .host) }
    run(&wave)
  }

  /// Whether `runtime` initialises the container behind `locations` only when a module of it is
  /// asked for (rule M6).
  ///
  /// A build under `loaded-first` hands single `script` remotes to Module Federation's runtime; the
  /// others stay with webpack's, which initialises them together with their scope.
  private func isOnDemand(_ locations: [RemoteLocation], for runtime: Runtime) -> Bool {
    switch runtime {
    case .host: host.ruleSet == .mf2LoadedFirst
    case .container(let name):
      known(name)?.facts.ruleSet == .mf2LoadedFirst && locations.map(\.type) == ["script"]
    }
  }

  /// Initialises the container behind `locations` if the first request for a module of it does.
  mutating func initialise(
    _ found: ContainerIndex, at locations: [RemoteLocation], for runtime: Runtime, scope: String
  ) {
    guard isOnDemand(locations, for: runtime),
      demanded.insert(Demand(runtime: runtime, container: found.name)).inserted
    else { return }
    var wave = Wave()
    let step = Wave.Step(runtime: runtime, scope: scope, locations: locations)
    initialise(found, by: step, &wave)
    run(&wave)
  }

  /// What a runtime does before it consumes from a scope or imports a remote module under it.
  mutating func initialise(_ binding: Binding) {
    guard !started.contains(binding) else { return }
    var wave = Wave()
    start(binding, &wave)
    run(&wave)
  }

  /// The container behind the first location that answers, which then has been initialised.
  mutating func container(
    at locations: [RemoteLocation], for runtime: Runtime
  ) -> Result<ContainerIndex, RemoteProblem> {
    var problem = RemoteProblem.unsupported(RemoteLocation(type: "", location: ""))
    for location in locations {
      guard let name = location.remoteName else {
        problem = .unsupported(location)
        continue
      }
      guard let found = ask(for: name, by: runtime) else {
        problem = .missing(name)
        continue
      }
      return refused.contains(name) ? .failure(.refused(name)) : .success(found)
    }
    return .failure(problem)
  }

  /// First in, first out: an entry that is asked for arrives before those that it asks for.
  private mutating func run(_ wave: inout Wave) {
    while wave.stepsDone < wave.steps.count {
      let step = wave.steps[wave.stepsDone]
      wave.stepsDone += 1
      switch container(at: step.locations, for: step.runtime) {
      case .success(let found): initialise(found, by: step, &wave)
      case .failure(let problem):
        // A refusal was reported when it happened.
        if case .refused = problem { continue }
        let warning = PlanWarning(
          container: name(of: step.runtime),
          message: "Initialization of sharing external failed: \(problem.message)")
        if !warnings.contains(warning) { warnings.append(warning) }
      }
    }
  }

  /// `container.init(scope, initScope)`.
  private mutating func initialise(_ found: ContainerIndex, by step: Wave.Step, _ wave: inout Wave)
  {
    let name = found.name
    let given = bind(Binding(runtime: step.runtime, scope: step.scope))
    let binding = Binding(runtime: .container(name), scope: found.facts.shareScope)
    if let held = scopeByBinding[binding], held != given, found.facts.ruleSet.isModuleFederation2 {
      warnings.append(
        PlanWarning(
          container: name,
          message: "a second share scope takes the place of the one that was handed over as"
            + " '\(binding.scope)'; what the container provides stays in the first"))
    } else if let held = scopeByBinding[binding], held != given {
      refused.insert(name)
      fail(
        .scopeConflict, name, nil,
        "Container initialization failed as it has already been initialized with a different"
          + " share scope",
        remedy: "let every build that refers to '\(name)' use one share scope for it")
      return
    }
    scopeByBinding[binding] = given
    initialisation.append(
      PlannedInitialisation(
        container: name, scope: binding.scope, repeated: wave.tokens.contains(binding)))
    start(binding, &wave)
  }

  /// Registers what the runtime provides and lines up the remotes that it refers to, once.
  private mutating func start(_ binding: Binding, _ wave: inout Wave) {
    guard wave.tokens.insert(binding).inserted, started.insert(binding).inserted else { return }
    let scope = bind(binding)
    guard case .container(let name) = binding.runtime, let facts = known(name)?.facts else {
      return
    }
    for provide in facts.provides where provide.scope == binding.scope {
      scopes[scope].register(
        provide, of: Provider(container: name, scope: provide.scope), from: facts.uniqueName,
        under: facts.ruleSet)
    }
    var asked: Set<[RemoteLocation]> = []
    for remote in facts.remotes where remote.scope == binding.scope {
      guard asked.insert(remote.locations).inserted,
        !isOnDemand(remote.locations, for: binding.runtime)
      else { continue }
      wave.steps.append(
        Wave.Step(runtime: binding.runtime, scope: binding.scope, locations: remote.locations))
    }
  }

  /// The scope object behind a name in a runtime; a new one where the runtime has none yet.
  mutating func bind(_ binding: Binding) -> Int {
    if let scope = scopeByBinding[binding] { return scope }
    scopes.append(SessionScope(name: binding.scope, permits: permits))
    scopeByBinding[binding] = scopes.count - 1
    return scopes.count - 1
  }
}

/// Why no container is behind a list of locations.
enum RemoteProblem: Error {
  case missing(String)
  case unsupported(RemoteLocation)
  case refused(String)

  var message: String {
    switch self {
    case .missing(let name): "remote '\(name)' is not known"
    case .unsupported(let location):
      "the remote '\(location.location.prefix(80))' of type '\(location.type)' names no container"
    case .refused(let name): "remote '\(name)' refused its share scope"
    }
  }
}
