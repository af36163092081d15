extension PlanSession {
  /// Loads what the host consumes and asks for, up to the point where all factories resolve.
  mutating func load(_ requests: [PlanRequest]) {
    phase = .required
    for consume in host.consumes { select(consume) }
    for request in requests {
      get(
        request.expose, at: [.host(request.remote)], for: .host, scope: "default",
        container: request.remote, expose: request.expose)
    }
    drain()
  }

  /// Loads what `import()` inside the loaded chunks can open, and what that can open, and so on.
  mutating func reach() {
    phase = .reachable
    var next = 0
    while next < loadedChunks.count {
      let opener = loadedChunks[next]
      next += 1
      guard case .chunk(let container, let id) = opener.subject else { continue }
      for opened in known(container)?.chunks[id]?.opens ?? [] {
        enqueue(.chunk(container, opened), opener.container, opener.expose)
      }
      drain()
    }
  }

  /// First in, first out, as promises settle.
  private mutating func drain() {
    while workDone < work.count {
      let item = work[workDone]
      workDone += 1
      switch item.subject {
      case .get(let container, let expose): get(container, expose)
      case .chunk(let container, let id): loadChunk(id, of: container, item)
      case .file: break
      }
    }
  }

  private mutating func enqueue(_ subject: Work.Subject, _ container: String, _ expose: String?) {
    guard visited.insert(subject).inserted else { return }
    work.append(Work(subject: subject, container: container, expose: expose))
  }

  // MARK: - Modules of containers

  /// Finds the container for a remote module; a failure concerns `container` and `expose`, which
  /// need it.
  private mutating func get(
    _ wanted: String, at locations: [RemoteLocation], for runtime: Runtime, scope: String,
    container: String, expose: String?
  ) {
    var answer = self.container(at: locations, for: runtime)
    if case .success(let found) = answer {
      initialise(found, at: locations, for: runtime, scope: scope)
      if refused.contains(found.name) { answer = .failure(.refused(found.name)) }
    }
    switch answer {
    case .success(let found): enqueue(.get(found.name, wanted), found.name, wanted)
    case .failure(let problem):
      switch problem {
      case .missing(let name):
        fail(
          .missingRemote, container, expose, remote: name,
          "\(problem.message), which '\(wanted)' is needed from",
          remedy: "register it: larder remote add \(name) URL, or larder publish \(name) DIR")
      case .unsupported(let location):
        fail(
          .unsupportedRemoteType, container, expose, problem.message,
          remedy: "refer to the remote by its registered name, with a type such as"
            + " 'commonjs-module' or 'script' instead of '\(location.type)'")
      case .refused:
        fail(
          .scopeConflict, container, expose, problem.message,
          remedy: "let every build that refers to it use one share scope for it")
      }
    }
  }

  /// `container.get(expose)`.
  private mutating func get(_ container: String, _ expose: String) {
    guard let found = known(container) else { return }
    guard let module = found.exposes[expose] else {
      let names = found.facts.exposes.map(\.name).joined(separator: ", ")
      fail(
        .unknownExpose, container, expose, "Module \"\(expose)\" does not exist in container.",
        remedy: "'\(container)' exposes \(names.isEmpty ? "nothing" : names)")
      return
    }
    for chunk in module.chunks { enqueue(.chunk(container, chunk), container, expose) }
  }

  // MARK: - Chunks

  private mutating func loadChunk(_ id: String, of container: String, _ item: Work) {
    guard let found = known(container), let chunk = found.chunks[id] else { return }
    loadedChunks.append(item)
    for path in chunk.files {
      let kind: PlannedFile.Kind = AssetKind(path: path) == .style ? .style : .chunk
      add(PlannedFile(container: container, path: path, kind: kind, phase: phase))
    }
    // Running needs no source maps.
    for path in chunk.auxiliaryFiles where AssetKind(path: path) != .sourceMap {
      add(PlannedFile(container: container, path: path, kind: .asset, phase: phase))
    }
    var arriving: [(scope: Int, key: String, version: String)] = []
    for consume in found.consumesByChunk[id] ?? [] { select(consume, in: found, item, &arriving) }
    for (scope, key, version) in arriving {
      scopes[scope].markLoaded(version, of: key, for: .container(container))
    }
    for remote in found.remotesByChunk[id] ?? [] {
      let runtime = Runtime.container(container)
      initialise(Binding(runtime: runtime, scope: remote.scope))
      get(
        remote.expose, at: remote.locations, for: runtime, scope: remote.scope,
        container: container, expose: item.expose)
    }
  }

  // MARK: - Shared packages

  /// - Parameter arriving: gains what `version-first` marks as loaded only when its code is there,
  ///   by when all packages of one chunk are chosen.
  private mutating func select(
    _ consume: ConsumeFacts, in found: ContainerIndex, _ item: Work,
    _ arriving: inout [(scope: Int, key: String, version: String)]
  ) {
    let consumer = Consumer(container: found.name, module: consume.module)
    guard choices[consumer] == nil else { return }
    let binding = Binding(runtime: .container(found.name), scope: consume.scope)
    initialise(binding)
    let scope = bind(binding)
    let rules = found.facts.ruleSet
    let (decision, provider) = scopes[scope].decide(
      consume.consumer(named: found.facts.name, under: rules), under: rules, for: binding.runtime)
    if case .shared(let entry) = decision.outcome {
      if rules == .mf2VersionFirst {
        arriving.append((scope, consume.key, entry.version))
      } else {
        scopes[scope].markLoaded(entry.version, of: consume.key, for: binding.runtime)
      }
    }
    let choice = Choice(decision, of: provider)
    choices[consumer] = choice
    record(
      decision, choice, consumer: found.name, module: consume.module, key: consume.key,
      range: consume.range,
      own: consume.fallback.map { ($0.version, found.facts.uniqueName) })

    switch choice {
    case .shared(let provider?, let version, _):
      for chunk in provide(provider, consume.key, version)?.chunks ?? [] {
        enqueue(.chunk(provider.container, chunk), found.name, item.expose)
      }
    case .shared(nil, _, _): break
    case .fallback:
      for chunk in consume.fallback?.chunks ?? [] {
        enqueue(.chunk(found.name, chunk), found.name, item.expose)
      }
    case .failure: failShared(decision, found.name, item.expose, consume.key)
    }
  }

  private mutating func select(_ consume: HostConsume) {
    let binding = Binding(runtime: .host, scope: consume.scope)
    let scope = bind(binding)
    let range = consume.requiredVersion.map { VersionRequirement(parsing: $0, under: host.ruleSet) }
    let consumer = ShareConsumer(
      name: host.name, key: consume.key, range: range, isStrict: consume.strictVersion,
      isSingleton: consume.singleton, hasFallback: consume.hasFallback)
    let (decision, provider) = scopes[scope].decide(
      consumer, under: host.ruleSet, for: .host)
    if case .shared(let entry) = decision.outcome {
      scopes[scope].markLoaded(entry.version, of: consume.key, for: .host)
    }
    let choice = Choice(decision, of: provider)
    hostChoices.append(choice)
    record(
      decision, choice, consumer: host.name, module: nil, key: consume.key,
      range: consume.requiredVersion, own: nil)
    switch choice {
    case .shared(let provider?, let version, _):
      for chunk in provide(provider, consume.key, version)?.chunks ?? [] {
        enqueue(.chunk(provider.container, chunk), host.name, nil)
      }
    case .shared(nil, _, _), .fallback: break
    case .failure: failShared(decision, host.name, nil, consume.key)
    }
  }

  private mutating func record(
    _ decision: ShareDecision, _ choice: Choice, consumer: String, module: String?, key: String,
    range: String?, own: (version: String?, from: String)?
  ) {
    var planned = PlannedShare(
      consumer: consumer, module: module, key: key, requiredVersion: range, outcome: .error,
      rule: decision.rule, reason: decision.reason, phase: phase)
    switch choice {
    case .shared(_, let version, let from):
      (planned.outcome, planned.version, planned.from) = (.shared, version, from)
    case .fallback:
      (planned.outcome, planned.version, planned.from) = (.fallback, own?.version, own?.from)
    case .failure: break
    }
    shared.append(planned)
    warnings += decision.warnings.map { PlanWarning(container: consumer, message: $0) }
  }

  private mutating func failShared(
    _ decision: ShareDecision, _ container: String, _ expose: String?, _ key: String
  ) {
    guard case .failure(let failure) = decision.outcome else { return }
    let remedy =
      switch failure.kind {
      case .absent: "provide '\(key)' in the host, or add a container that provides it"
      case .unsatisfied: "provide '\(key)' in the required range, or relax the range"
      case .noEagerProvider: "provide '\(key)' eagerly, or import its consumer asynchronously"
      case .noVersion: "let the host register a version of '\(key)'"
      case .malformedVersion:
        "let its provider give '\(key)' a version that ends in neither"
          + " '-' nor '+'"
      }
    fail(.sharedUnavailable, container, expose, failure.message, remedy: remedy)
  }
}
