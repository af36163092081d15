/// The modules of one compilation and who imports whom, as far as statistics tell.
struct ModuleGraph {
  private struct Edge {
    /// Where the first import stands in the source: line and column.
    var line: Int
    var column: Int
    var isActive: Bool
    let target: String
    /// Breaks ties where no place is given.
    let order: Int
  }

  /// The execution step that a consume or remote module is, by identifier.
  private var leaves: [String: ExecutionStep] = [:]
  /// The module that a concatenated one runs as, by the concatenated one's identifier.
  private var concatenatedRoots: [String: String] = [:]
  private var imports: [String: [String]] = [:]
  private var chunksByModule: [String: Set<String>] = [:]

  init(_ modules: [StatsModule]) {
    var edges: [String: [String: Edge]] = [:]
    for module in modules { add(module, chunks: [], to: &edges) }
    imports = edges.mapValues { targets in
      targets.values.filter(\.isActive)
        .sorted {
          ($0.line, $0.column, $0.order, $0.target) < ($1.line, $1.column, $1.order, $1.target)
        }
        .map(\.target)
    }
  }

  /// The chunks that hold the module, or the concatenated module that it became part of.
  func chunks(of identifier: String) -> Set<String> { chunksByModule[identifier] ?? [] }

  /// The shared packages and remote modules that execute when `roots` do, in the order in which
  /// evaluation first meets them: depth first along static imports, by their place in the source,
  /// each module once.
  func steps(from roots: [String]) -> [ExecutionStep] {
    var steps: [ExecutionStep] = []
    var visited: Set<String> = []
    // An explicit stack: chains of imports in one build are thousands of modules long.
    var pending = Array(roots.reversed())
    while let identifier = pending.popLast() {
      guard visited.insert(identifier).inserted else { continue }
      if let leaf = leaves[identifier] {
        steps.append(leaf)
      } else if let root = concatenatedRoots[identifier] {
        pending.append(root)
      } else {
        pending.append(contentsOf: (imports[identifier] ?? []).reversed())
      }
    }
    return steps
  }

  private mutating func add(
    _ module: StatsModule, chunks: Set<String>, to edges: inout [String: [String: Edge]]
  ) {
    guard let identifier = module.identifier else { return }
    let own = Set((module.chunks ?? []).map(\.text)).union(chunks)
    chunksByModule[identifier, default: []].formUnion(own)
    if let id = module.id?.text {
      switch module.moduleType {
      case "consume-shared-module": leaves[identifier] = .shared(module: id)
      case "remote-module": leaves[identifier] = .remote(module: id)
      default: break
      }
    }
    for reason in module.reasons ?? [] { add(reason, of: module, identifier, to: &edges) }
    guard let parts = module.modules, !parts.isEmpty else { return }
    // `<root>|<hash>`: the root's own identifier, with the parts' common suffix.
    let root = identifier.lastIndex(of: "|").map { String(identifier[..<$0]) }
    concatenatedRoots[identifier] =
      parts.contains { $0.identifier == root } ? root : parts.first?.identifier
    for part in parts { add(part, chunks: own, to: &edges) }
  }

  private func add(
    _ reason: StatsModule.Reason, of module: StatsModule, _ target: String,
    to edges: inout [String: [String: Edge]]
  ) {
    guard let origin = reason.resolvedModuleIdentifier ?? reason.moduleIdentifier,
      origin != target, Self.isStatic(reason.type)
    else { return }
    let (line, column) = Self.place(reason.loc)
    let isActive = reason.active ?? true
    var edge =
      edges[origin]?[target]
      ?? Edge(
        line: line, column: column, isActive: isActive, target: target,
        order: module.preOrderIndex ?? .max)
    // The statement of an import comes first and decides, even where only a later use keeps it
    // alive.
    if (line, column) < (edge.line, edge.column) { (edge.line, edge.column) = (line, column) }
    edge.isActive = edge.isActive || isActive
    edges[origin, default: [:]][target] = edge
  }

  /// Whether a dependency of this type runs its target when the importing module runs.
  private static func isStatic(_ type: String?) -> Bool {
    guard let type else { return false }
    let deferred = [
      "import()", "require.ensure", "require.resolve", "new URL()", "new Worker()", "worker",
      "entry", "container", "provide", "consume shared", "remote to external", "fallback",
    ]
    return !deferred.contains { type.hasPrefix($0) }
  }

  /// `5:48-58` is line 5, column 48; what has no place comes last.
  private static func place(_ loc: String?) -> (line: Int, column: Int) {
    let numbers = (loc ?? "").split(separator: ":", maxSplits: 1)
    guard numbers.count == 2, let line = Int(numbers[0]),
      let column = Int(numbers[1].prefix { $0.isNumber })
    else { return (.max, .max) }
    return (line, column)
  }
}
