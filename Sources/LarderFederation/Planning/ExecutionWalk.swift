/// Follows the execution of planned modules: who runs before whom, what fails, and which import
/// each other.
struct ExecutionWalk {
  /// How many remote modules and packages may import one another in a row. Execution is followed by
  /// recursion, at most 1 KB of stack a level: a quarter of the smallest stack that a thread is
  /// given (512 KB).
  static let nestingDepthMax = 128

  private enum Node: Hashable {
    case expose(String, String)
    case package(String, String, String)

    var name: String {
      switch self {
      case .expose(let container, let expose): "\(container):\(expose)"
      case .package(let provider, let key, let version): "\(provider):\(key)@\(version)"
      }
    }
  }

  private enum State {
    case running
    case done
    case failed
  }

  private let session: PlanSession
  private var states: [Node: State] = [:]
  private var edges: [Node: [Node]] = [:]
  private var nodes: [Node] = []
  private var depth = 0
  private(set) var order: [String] = []
  private(set) var errors: [PlanError] = []

  init(_ session: PlanSession) { self.session = session }

  /// Runs the requested factories one after the other, the host's packages between them.
  mutating func run(_ requests: [PlanRequest]) {
    for place in 0...requests.count {
      for (consume, choice) in zip(session.host.consumes, session.hostChoices) {
        // A place beyond the last request means after all of them.
        guard min(max(consume.after, 0), requests.count) == place,
          case .shared(let provider, let version, let from) = choice
        else { continue }
        _ = execute(provider, from: from, key: consume.key, version: version, on: nil)
      }
      if place < requests.count {
        _ = execute(requests[place].remote, requests[place].expose, from: nil)
      }
    }
  }

  /// Exposed modules that are part of one knot, sorted by name; knots in the order of their first
  /// module.
  var cycles: [[String]] {
    Components.cyclic(nodes.count, edges: indexedEdges).compactMap { members in
      let exposes = members.map { nodes[$0] }.filter {
        if case .expose = $0 { true } else { false }
      }
      return exposes.isEmpty ? nil : exposes.map(\.name).sorted()
    }
    .sorted { $0.lexicographicallyPrecedes($1) }
  }

  private var indexedEdges: [[Int]] {
    let places = Dictionary(uniqueKeysWithValues: nodes.enumerated().map { ($1, $0) })
    return nodes.map { node in (edges[node] ?? []).compactMap { places[$0] } }
  }

  // MARK: - Execution

  /// Whether the module runs to its end; a module that is running counts, as circular imports do.
  private mutating func execute(_ container: String, _ expose: String, from importer: Node?) -> Bool
  {
    guard let found = session.known(container), let module = found.exposes[expose],
      !session.refused.contains(container)
    else { return false }
    let node = Node.expose(container, expose)
    return execute(node, module.executes, in: found, from: importer)
  }

  /// Runs a package of `provider`, or notes that the host's own copy runs.
  private mutating func execute(
    _ provider: PlanSession.Provider?, from uniqueName: String, key: String, version: String,
    on importer: Node?
  ) -> Bool {
    guard let provider, let found = session.known(provider.container) else {
      let node = Node.package(
        uniqueName == session.host.uniqueName ? session.host.name : uniqueName, key, version)
      return execute(node, [], in: nil, from: importer)
    }
    let provide = session.provide(provider, key, version)
    return execute(
      .package(found.name, key, version), provide?.executes ?? [], in: found, from: importer)
  }

  private mutating func execute(
    _ node: Node, _ steps: [ExecutionStep], in found: ContainerIndex?, from importer: Node?
  ) -> Bool {
    if let importer { edges[importer, default: []].append(node) }
    if let state = states[node] { return state != .failed }
    guard depth < Self.nestingDepthMax else {
      errors.append(
        PlanError(
          kind: .nestedTooDeep, container: found?.name ?? session.host.name, expose: nil,
          phase: .required,
          message: "modules import one another more than \(Self.nestingDepthMax) deep,"
            + " at \(node.name)",
          remedy: "the plan's files are complete, its execution order ends here"))
      states[node] = .failed
      return false
    }
    depth += 1
    defer { depth -= 1 }
    nodes.append(node)
    states[node] = .running
    for step in steps {
      guard let found, execute(step, in: found, from: node) else {
        states[node] = .failed
        return false
      }
    }
    states[node] = .done
    order.append(node.name)
    return true
  }

  private mutating func execute(
    _ step: ExecutionStep, in found: ContainerIndex, from node: Node
  ) -> Bool {
    switch step {
    case .remote(let module):
      guard let remote = found.remotes[module],
        let name = remote.locations.lazy.compactMap(\.remoteName).first(where: {
          session.known($0) != nil
        })
      else { return false }
      return execute(name, remote.expose, from: node)
    case .shared(let module):
      guard let consume = found.consumes[module] else { return false }
      let consumer = PlanSession.Consumer(container: found.name, module: module)
      // A package in the entry's own chunk is chosen when it runs, and waits for nobody.
      guard let choice = session.choices[consumer] else { return true }
      switch choice {
      case .shared(let provider, let version, let from):
        return execute(provider, from: from, key: consume.key, version: version, on: node)
      case .fallback:
        // The same module as the one that the container provides under this version.
        let own = Node.package(found.name, consume.key, consume.fallback?.version ?? "fallback")
        return execute(own, consume.fallback?.executes ?? [], in: found, from: node)
      case .failure: return false
      }
    }
  }
}
