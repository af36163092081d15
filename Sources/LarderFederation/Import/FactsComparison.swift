/// Where two readings of one container differ, fact by fact.
///
/// Facts that either reading leaves open are passed over, and so is what only one of two sources
/// can have: sizes, files that no chunk loads, names of chunks.
package enum FactsComparison {
  /// One line for each difference, `left` first; empty for readings that agree.
  package static func differences(_ left: ContainerFacts, _ right: ContainerFacts) -> [String] {
    let open = Set(((left.reading?.unknown ?? []) + (right.reading?.unknown ?? [])).map(\.fact))
    var found: [String] = []
    func compare<Value: Equatable>(_ fact: Fact, _ name: String, _ values: (Value, Value)) {
      if !open.contains(fact), values.0 != values.1 {
        found.append("\(name): \(values.0) and \(values.1)")
      }
    }
    func compare<Value: Equatable>(
      _ fact: Fact, _ rows: ([String: Value], [String: Value])
    ) {
      if open.contains(fact) { return }
      for key in Set(rows.0.keys).union(rows.1.keys).sorted() where rows.0[key] != rows.1[key] {
        let values = [rows.0[key], rows.1[key]].map { $0.map { "\($0)" } ?? "nothing" }
        found.append("\(fact.rawValue) \(key): \(values[0]) and \(values[1])")
      }
    }
    compare(.name, "name", (left.name, right.name))
    if left.uniqueNameSource == .entry, right.uniqueNameSource == .entry {
      compare(.uniqueName, "unique name", (left.uniqueName, right.uniqueName))
    }
    if !left.consumes.isEmpty { compare(.ruleSet, "rules", (left.ruleSet, right.ruleSet)) }
    compare(.target, "target", (left.target, right.target))
    compare(.shareScope, "share scope", (left.shareScope, right.shareScope))
    compare(.exposes, (exposes(of: left), exposes(of: right)))
    compare(.provides, (provides(of: left), provides(of: right)))
    compare(.consumes, (consumes(of: left), consumes(of: right)))
    compare(.remotes, (remotes(of: left), remotes(of: right)))
    compare(.files, (files(of: left, in: right), files(of: right, in: left)))
    return found
  }

  private static func exposes(of facts: ContainerFacts) -> [String: Set<String>] {
    Dictionary(facts.exposes.map { ($0.name, Set($0.chunks)) }) { first, _ in first }
  }

  private static func provides(of facts: ContainerFacts) -> [String: [String]] {
    Dictionary(
      facts.provides.map {
        ("\($0.scope) \($0.key)@\($0.version)", [$0.eager ? "eager" : "lazy"] + $0.chunks.sorted())
      }
    ) { first, _ in first }
  }

  private static func consumes(of facts: ContainerFacts) -> [String: [String]] {
    Dictionary(
      facts.consumes.map { consume in
        let copy = consume.fallback.map { "own \($0.version ?? "?") \($0.chunks.sorted())" }
        return (
          "\(consume.module) \(consume.scope) \(consume.key)",
          [
            // Without a range there is nothing to be strict about.
            consume.range.map { "\($0) \(consume.strict ? "strict" : "lenient")" } ?? "any",
            consume.singleton ? "singleton" : "many", consume.eager ? "eager" : "lazy",
            copy ?? "no copy", "\(consume.chunks.sorted())",
          ]
        )
      }
    ) { first, _ in first }
  }

  private static func remotes(of facts: ContainerFacts) -> [String: [String]] {
    Dictionary(
      facts.remotes.map { remote in
        let places = remote.locations.map { $0.remoteName ?? $0.type }
        return (
          "\(remote.module) \(remote.scope) \(remote.expose)",
          places + ["\(remote.chunks.sorted())"]
        )
      }
    ) { first, _ in first }
  }

  /// The files of those chunks that both know: statistics list chunks that nobody loads by name.
  private static func files(
    of facts: ContainerFacts, in other: ContainerFacts
  ) -> [String: Set<String>] {
    let known = Set(other.chunks.map(\.id))
    return Dictionary(
      facts.chunks.filter { known.contains($0.id) }.map { ($0.id, Set($0.files)) }
    ) { first, _ in first }
  }
}
