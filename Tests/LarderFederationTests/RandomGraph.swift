@testable import LarderFederation

/// Containers that refer to each other at random, in circles too, with shares, lazy chunks and dead
/// ends.
enum RandomGraph {
  static func containers(_ generator: inout SeededGenerator) -> [String: ContainerFacts] {
    let names = (0..<1 + generator.below(6)).map { "c\($0)" }
    var containers: [String: ContainerFacts] = [:]
    for name in names { containers[name] = container(name, names, &generator) }
    return containers
  }

  /// Three modules that a host of some rule set asks for, of containers at random.
  static func question(
    _ generator: inout SeededGenerator
  ) -> (containers: [String: ContainerFacts], requests: [PlanRequest], host: HostFacts) {
    let containers = containers(&generator)
    let names = containers.keys.sorted()
    let requests = (0..<3).map { _ in
      PlanRequest(remote: generator.pick(names), expose: "./\(generator.below(3))")
    }
    let host = HostFacts(
      name: "host", ruleSet: generator.pick(RuleSet.allCases),
      shared: generator.coin() ? [HostShare(key: "k0", version: generator.version())] : [],
      consumes: generator.coin() ? [HostConsume(key: "k0", requiredVersion: generator.range())] : []
    )
    return (containers, requests, host)
  }

  private static func container(
    _ name: String, _ names: [String], _ generator: inout SeededGenerator
  ) -> ContainerFacts {
    var facts = ContainerFacts(
      name: name, uniqueName: "u-" + name, ruleSet: generator.pick(RuleSet.allCases))
    let ids = (0..<5).map(String.init)
    facts.chunks = ids.map { id in
      ChunkFacts(
        id: id, files: generator.below(4) == 0 ? [] : ["\(id).js"],
        opens: generator.coin() ? [generator.pick(ids)] : [])
    }
    facts.provides = (0..<generator.below(3)).map { index in
      ProvideFacts(
        key: "k\(index)", version: generator.version(), eager: generator.below(4) == 0,
        chunks: [generator.pick(ids)], executes: steps(&generator))
    }
    facts.consumes = (0..<3).map { index in
      ConsumeFacts(
        module: "consume\(index)", scope: generator.below(8) == 0 ? "other" : "default",
        key: "k\(generator.below(3))", range: generator.coin() ? generator.range() : nil,
        strict: generator.coin(), singleton: generator.coin(), eager: generator.below(4) == 0,
        fallback: generator.coin()
          ? FallbackFacts(version: "9", chunks: [generator.pick(ids)], executes: steps(&generator))
          : nil,
        chunks: [generator.pick(ids)])
    }
    facts.remotes = (0..<3).map { index in
      RemoteFacts(
        module: "remote\(index)", expose: "./\(generator.below(4))",
        scope: generator.below(8) == 0 ? "other" : "default",
        locations: [
          RemoteLocation(
            type: generator.below(8) == 0 ? "promise" : "commonjs-module",
            location: generator.pick(names + ["nobody"]))
        ], chunks: [generator.pick(ids)])
    }
    facts.exposes = (0..<3).map { index in
      ExposeFacts(
        name: "./\(index)", chunks: [generator.pick(ids), generator.pick(ids)],
        executes: steps(&generator))
    }
    return facts
  }

  private static func steps(_ generator: inout SeededGenerator) -> [ExecutionStep] {
    (0..<generator.below(4)).map { _ in
      generator.coin()
        ? .shared(module: "consume\(generator.below(3))")
        : .remote(module: "remote\(generator.below(3))")
    }
  }
}
