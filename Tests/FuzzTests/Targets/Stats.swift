import FoundationEssentials
import LarderFederation

/// Statistics are refused, or say something that can be stored and planned with.
func fuzzStats(_ bytes: UnsafeRawBufferPointer) throws(FuzzFinding) {
  // The text of every entry stands behind the statistics, after a NUL, which JSON has not.
  let parts = bytes.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
    .map { Array($0) }
  let build = BuildImport(
    BuildFiles { $0 == StatsImporter.fileName ? parts.first : parts.dropFirst().first })
  guard let imported = try? build.containers(at: StatsImporter.fileName) else { return }
  let facts = imported.map(\.facts)
  for container in facts {
    let stored = try? JSONDecoder().decode(
      ContainerFacts.self, from: JSONEncoder().encode(container))
    try hold(stored == container, "the facts of \(container.name) are read as they were written")
  }
  let named = Dictionary(facts.map { ($0.name, $0) }) { first, _ in first }
  let requests = facts.flatMap { container in
    container.exposes.prefix(4).map { PlanRequest(remote: container.name, expose: $0.name) }
  }
  let host = HostFacts(name: "host", remotes: facts.flatMap { $0.remotes.map(\.module) })
  let plan = Planner { named[$0] }.plan(Array(requests.prefix(16)), for: host)
  try hold(
    Planner { named[$0] }.plan(Array(requests.prefix(16)), for: host) == plan,
    "the same facts give the same plan")
}
