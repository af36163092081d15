import LarderCore
import LarderFederation

/// The graph of a load plan for people: each module under the one that needs it first, with the
/// decision that led to it.
struct ExplanationText {
  /// A line of the tree that waits for its turn.
  private struct Branch {
    let `import`: PlannedImport
    let depth: Int
  }

  private let plan: Plan
  private let modules: [PlannedModule]
  private let imports: [Int: [PlannedImport]]

  /// A plan that tells its imports.
  init(_ plan: Plan) {
    self.plan = plan
    modules = plan.modules ?? []
    imports = Dictionary(grouping: plan.imports ?? [], by: \.from)
  }

  /// The tree, then cycles, warnings, and errors with their remedies.
  var lines: String {
    guard let host = modules.first else { return "" }
    var text = host.container + "\n"
    var told: Set<Int> = [0]
    // Not by recursion: modules import one another as deep as they like.
    var branches = self.branches(of: 0, depth: 1)
    while let branch = branches.popLast() {
      let isNew = told.insert(branch.import.to).inserted
      text += lines(branch, isNew: isNew)
      if isNew { branches += self.branches(of: branch.import.to, depth: branch.depth + 1) }
    }
    return text + PlanText(plan).remarks
  }

  /// Last first, since the end of the list is taken next.
  private func branches(of module: Int, depth: Int) -> [Branch] {
    (imports[module] ?? []).reversed().map { Branch(import: $0, depth: depth) }
  }

  private func lines(_ branch: Branch, isNew: Bool) -> String {
    let module = modules[branch.import.to]
    var head = branch.import.phase == .reachable ? "behind import(): " : ""
    var body: [String] = []
    if let share = branch.import.share.map({ plan.shared[$0] }) {
      let range = share.requiredVersion.map { "\(share.key) \($0)" } ?? share.key
      head += "\(range): \(ShareSentence(share, warnings: []).choice)"
      body.append("\(share.rule.rawValue): \(share.reason)")
    } else {
      head += "\(module.container) \(module.expose ?? "")"
      if isNew { body.append(about(module.container)) }
    }
    if isNew {
      body += files(of: module)
    } else if imports[branch.import.to] != nil {
      head += " (see above)"
    }
    let indentation = String(repeating: " ", count: 2 * branch.depth)
    return indentation + head + "\n" + body.map { "\(indentation)    \($0)\n" }.joined()
  }

  private func about(_ name: String) -> String {
    guard let container = plan.containers.first(where: { $0.name == name }) else {
      return "no container of this name is known"
    }
    return "release \(container.release ?? "not yet"), rules \(container.ruleSet.rawValue)"
  }

  private func files(of module: PlannedModule) -> [String] {
    let files = Set(module.files).sorted().map { plan.files[$0] }
    let sizes = files.map { ByteCount(max($0.size ?? 0, 0)) }
    let lines = zip(files, sizes).map { "\($0.path), \($0.size == nil ? "size unknown" : "\($1)")" }
    guard files.count > 1 else { return lines }
    return lines + ["\(files.count) files, \(sizes.reduce(.zero, +))"]
  }
}
