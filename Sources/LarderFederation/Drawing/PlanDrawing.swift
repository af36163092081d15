/// Turns a plan that tells its imports into a graph to be drawn: the host, containers with their
/// exposed modules, packages, and who takes which by which rule.
package struct PlanDrawing {
  private let plan: Plan
  private let modules: [PlannedModule]
  private let imports: [PlannedImport]
  /// Whether the importer's way leads back to it, for each import.
  private let closesCycle: [Bool]
  /// Packages of which no version can be had.
  private let missing: Set<Int>
  private var ports: [DrawnGraph.Port] = []
  private var groups: [String: Int] = [:]
  private var graph: DrawnGraph

  /// - Returns: nil for a plan without `modules` and `imports`.
  package static func graph(of plan: Plan) -> DrawnGraph? {
    guard let modules = plan.modules, let imports = plan.imports,
      // A plan may come from elsewhere.
      imports.allSatisfy({
        modules.indices.contains($0.from) && modules.indices.contains($0.to)
          && $0.share.map(plan.shared.indices.contains) != false
      })
    else { return nil }
    var drawing = PlanDrawing(plan, modules, imports)
    drawing.draw()
    return drawing.graph
  }

  private init(_ plan: Plan, _ modules: [PlannedModule], _ imports: [PlannedImport]) {
    self.plan = plan
    self.modules = modules
    self.imports = imports
    var edges = [[Int]](repeating: [], count: modules.count)
    for each in imports { edges[each.from].append(each.to) }
    var component = [Int?](repeating: nil, count: modules.count)
    for (number, members) in Components.cyclic(modules.count, edges: edges).enumerated() {
      for member in members { component[member] = number }
    }
    closesCycle = imports.map { each in
      component[each.from] != nil && component[each.from] == component[each.to]
    }
    missing = Set(
      imports.filter { each in each.share.map { plan.shared[$0].outcome } == .error }.map(\.to))
    let names = plan.requests.map { "\($0.remote) \($0.expose)" }
    graph = DrawnGraph(title: "what a host loads to run \(names.joined(separator: ", "))")
  }

  private mutating func draw() {
    ports = modules.map { _ in .init(box: 0, row: nil) }
    for place in modules.indices { ports[place] = add(modules[place], at: place) }
    drawEntries()
    for (place, each) in imports.enumerated() { graph.edges.append(edge(each, place)) }
    for warning in plan.warnings { mark(warning) }
    for error in plan.errors { mark(error) }
  }

  // MARK: - Boxes

  private mutating func add(_ module: PlannedModule, at place: Int) -> DrawnGraph.Port {
    if let key = module.key {
      graph.boxes.append(package(module, key, isHad: !missing.contains(place)))
      return .init(box: graph.boxes.count - 1, row: nil)
    }
    let box = group(module.container)
    guard let expose = module.expose else { return .init(box: box, row: nil) }
    graph.boxes[box].rows.append(
      .init(
        label: expose, title: "\(module.container) \(expose)\n\(files(module))", tone: .plain))
    return .init(box: box, row: graph.boxes[box].rows.count - 1)
  }

  private mutating func group(_ name: String) -> Int {
    if let place = groups[name] { return place }
    groups[name] = graph.boxes.count
    let found = plan.containers.first { $0.name == name }
    let isHost = graph.boxes.isEmpty
    let detail =
      found.map {
        "\($0.release.map { String($0.prefix(8)) } ?? "not yet a release") · \($0.ruleSet.rawValue)"
      }
    let title = found.map { container in
      "container \(name)\nrelease \(container.release ?? "not yet")\nrules"
        + " \(container.ruleSet.rawValue)\ntarget \(container.target?.rawValue ?? "unknown")"
        + "\nunique name \(container.uniqueName)\nentry \(container.entry)"
    }
    graph.boxes.append(
      .init(
        heading: name.isEmpty ? "host" : name,
        detail: detail ?? (isHost ? "the host" : "unknown"),
        title: title ?? (isHost ? "the host" : "a container that nobody knows"),
        tone: found == nil && !isHost ? .error : .plain, isSingle: isHost))
    return graph.boxes.count - 1
  }

  private func package(_ module: PlannedModule, _ key: String, isHad: Bool) -> DrawnGraph.Box {
    guard isHad else {
      return .init(
        heading: key, detail: "cannot be had", title: "no version of \(key) can be had",
        tone: .error, isSingle: true)
    }
    let heading = "\(key) \(module.version ?? "")"
    return .init(
      heading: heading, detail: "from \(module.container)",
      title: "package \(heading)\nfrom \(module.container)\n\(files(module))", tone: .plain,
      isSingle: true)
  }

  private func files(_ module: PlannedModule) -> String {
    Set(module.files).filter(plan.files.indices.contains).sorted().map { plan.files[$0] }
      .map { file in "\(file.path), \(file.size.map { "\($0) bytes" } ?? "size unknown")" }
      .joined(separator: "\n")
  }

  /// Containers of which only the entry is loaded: nobody asks for a module of them.
  private mutating func drawEntries() {
    for entry in plan.entries where groups[entry.container] == nil {
      let box = group(entry.container)
      graph.edges.append(
        .init(
          from: .init(box: groups[entry.askedBy] ?? 0, row: nil), to: .init(box: box, row: nil),
          label: "\(entry.container), entry only",
          title:
            "\(entry.askedBy) asks for the entry of \(entry.container), and for no module of it",
          tone: .plain, isLazy: false))
    }
  }

  // MARK: - Arrows

  private func edge(_ each: PlannedImport, _ place: Int) -> DrawnGraph.Edge {
    let isLazy = each.phase == .reachable
    let cycle = closesCycle[place]
    guard let share = each.share.map({ plan.shared[$0] }) else {
      let target = modules[each.to]
      let name = "\(target.container) \(target.expose ?? "")"
      return .init(
        from: ports[each.from], to: ports[each.to], label: name,
        title: "imports \(name)" + (isLazy ? ", behind import()" : "")
          + (cycle ? ", which leads back here" : ""),
        tone: cycle ? .cycle : .plain, isLazy: isLazy)
    }
    let choice = ShareSentence(share, warnings: plan.warnings)
    return .init(
      from: ports[each.from], to: ports[each.to], label: choice.label,
      title: choice.title + (isLazy ? "\nbehind import()" : ""),
      tone: choice.tone == .plain && cycle ? .cycle : choice.tone, isLazy: isLazy)
  }

  // MARK: - What goes wrong

  private mutating func mark(_ warning: PlanWarning) {
    let box = groups[warning.container] ?? 0
    graph.boxes[box].title += "\nwarning: \(warning.message)"
    if graph.boxes[box].tone == .plain { graph.boxes[box].tone = .warning }
  }

  private mutating func mark(_ error: PlanError) {
    let text = "\n\(error.kind.rawValue): \(error.message)\n\(error.remedy)"
    if let remote = error.remote, let box = groups[remote] {
      graph.boxes[box].title += text
      graph.boxes[box].tone = .error
    }
    let place = modules.firstIndex { module in
      module.key == nil && module.container == error.container && module.expose == error.expose
    }
    guard let place, let row = ports[place].row else {
      let box = groups[error.container] ?? 0
      graph.boxes[box].title += text
      graph.boxes[box].tone = .error
      return
    }
    graph.boxes[ports[place].box].rows[row].title += text
    graph.boxes[ports[place].box].rows[row].tone = .error
  }
}
