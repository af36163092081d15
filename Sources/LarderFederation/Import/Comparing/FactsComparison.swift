/// Where two readings of one container differ, fact by fact.
///
/// Facts that either reading leaves open are passed over, and so is what only one of two sources
/// can have: sizes, files that no chunk loads, names of chunks. A source that knows files but no
/// chunks (`needs` is open) is held only to what it lists: names, versions, files.
package struct FactsComparison {
  /// In the order of `Fact`; empty for readings that agree.
  package private(set) var disagreements: [Disagreement] = []

  private let better: ContainerFacts
  private let other: ContainerFacts
  private let open: Set<Fact>

  /// - Parameter better: whose source is believed.
  package init(_ better: ContainerFacts, _ other: ContainerFacts) {
    self.better = better
    self.other = other
    open = Set(((better.reading?.unknown ?? []) + (other.reading?.unknown ?? [])).map(\.fact))
    compare(.name, better.name, other.name)
    compare(.uniqueName, better.uniqueName, other.uniqueName)
    if !better.consumes.isEmpty {
      compare(.ruleSet, better.ruleSet.rawValue, other.ruleSet.rawValue)
    }
    compare(.target, better.target?.rawValue, other.target?.rawValue)
    compare(.shareScope, better.shareScope, other.shareScope)
    if open.contains(.needs) {
      compareLists()
    } else {
      compareChunks()
    }
  }

  private mutating func compare(_ fact: Fact, _ left: String?, _ right: String?) {
    guard !open.contains(fact), left != right else { return }
    add(fact, "", left, right)
  }

  private mutating func add(_ fact: Fact, _ subject: String, _ left: String?, _ right: String?) {
    func statement(_ facts: ContainerFacts, _ value: String?) -> Disagreement.Statement {
      .init(facts.reading?.source ?? .stats, value ?? "nothing")
    }
    disagreements.append(
      Disagreement(fact, subject, better: statement(better, left), other: statement(other, right)))
  }

  private mutating func compare(_ fact: Fact, _ rows: (ContainerFacts) -> [String: String]) {
    if open.contains(fact) { return }
    let (left, right) = (rows(better), rows(other))
    for key in Set(left.keys).union(right.keys).sorted() where left[key] != right[key] {
      add(fact, key, left[key], right[key])
    }
  }

  // MARK: - Sources that know chunks

  private mutating func compareChunks() {
    compare(.exposes) { facts in
      Self.table(facts.exposes) { ($0.name, "chunks \($0.chunks.sorted())") }
    }
    compare(.provides) { facts in
      Self.table(facts.provides) {
        (
          "\($0.scope) \($0.key)@\($0.version)",
          "\($0.eager ? "eager" : "lazy") \($0.chunks.sorted())"
        )
      }
    }
    compare(.consumes) { facts in
      Self.table(facts.consumes) { ("\($0.module) \($0.scope) \($0.key)", Self.terms(of: $0)) }
    }
    compare(.remotes) { facts in
      Self.table(facts.remotes) { remote in
        let places = remote.locations.map { $0.remoteName ?? $0.type }
        return (
          "\(remote.module) \(remote.scope) \(remote.expose)",
          "\(places) in \(remote.chunks.sorted())"
        )
      }
    }
    // The files of those chunks that both know: statistics list chunks that nobody loads by name.
    let known = Set(better.chunks.map(\.id)).intersection(other.chunks.map(\.id))
    compare(.files) { facts in
      Self.table(facts.chunks.filter { known.contains($0.id) }) { ($0.id, "\($0.files.sorted())") }
    }
  }

  private static func terms(of consume: ConsumeFacts) -> String {
    // Without a range there is nothing to be strict about.
    let range = consume.range.map { "\($0) \(consume.strict ? "strict" : "lenient")" } ?? "any"
    let copy = consume.fallback.map { "own \($0.version ?? "?") \($0.chunks.sorted())" }
    let marks = [
      range, consume.singleton ? "singleton" : "many", consume.eager ? "eager" : "lazy",
      copy ?? "no copy", "in \(consume.chunks.sorted())",
    ]
    return marks.joined(separator: " ")
  }

  private static func table<Row>(
    _ rows: [Row], _ entry: (Row) -> (String, String)
  ) -> [String: String] {
    Dictionary(rows.map(entry)) { first, _ in first }
  }

  // MARK: - Sources that know lists

  private mutating func compareLists() {
    // What one of them leaves open in part, such as the chunks of a list, it can still list.
    compareNames(.exposes) { Set($0.exposes.map(\.name)) }
    compareNames(.provides) { Set($0.provides.map { "\($0.key)@\($0.version)" }) }
    compareNames(.remotes) { facts in
      Set(
        facts.remotes.flatMap { remote in
          remote.locations.compactMap(\.remoteName).map { "\($0) \(remote.expose)" }
        })
    }
    compareRanges()
    for expose in better.exposes {
      guard let same = other.exposes.first(where: { $0.name == expose.name }) else { continue }
      let (left, right) = (better.files(of: expose), other.files(of: same))
      guard !left.isEmpty, !right.isEmpty, !left.isSuperset(of: right),
        !right.isSuperset(of: left)
      else { continue }
      add(.files, expose.name, "\(left.sorted())", "\(right.sorted())")
    }
  }

  /// Only what both list something of: a list that one of them has no part in says nothing.
  private mutating func compareNames(_ fact: Fact, _ names: (ContainerFacts) -> Set<String>) {
    let (left, right) = (names(better), names(other))
    if left.isEmpty || right.isEmpty { return }
    for name in left.symmetricDifference(right).sorted() {
      add(
        fact, name, left.contains(name) ? "listed" : nil, right.contains(name) ? "listed" : nil)
    }
  }

  /// Whether a package is a singleton, and its range where each source has one alone.
  private mutating func compareRanges() {
    for key in Set(better.consumes.map(\.key)).intersection(other.consumes.map(\.key)).sorted() {
      let (left, right) = (better.terms(for: key), other.terms(for: key))
      if left.singleton.isDisjoint(with: right.singleton) {
        func text(_ flags: Set<Bool>) -> String { flags.contains(true) ? "singleton" : "many" }
        add(.consumes, key, text(left.singleton), text(right.singleton))
      }
      if !left.ranges.isEmpty, !right.ranges.isEmpty, left.ranges.isDisjoint(with: right.ranges) {
        add(.consumes, key, "\(left.ranges.sorted())", "\(right.ranges.sorted())")
      }
    }
  }
}

extension ContainerFacts {
  /// The files of the chunks of an exposed module.
  func files(of expose: ExposeFacts) -> Set<String> {
    Set(chunks.filter { expose.chunks.contains($0.id) }.flatMap(\.files))
  }

  fileprivate func terms(for key: String) -> (singleton: Set<Bool>, ranges: Set<String>) {
    let rows = consumes.filter { $0.key == key }
    return (Set(rows.map(\.singleton)), Set(rows.compactMap(\.range)))
  }
}
