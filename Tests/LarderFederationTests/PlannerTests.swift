import Foundation
import Testing

@testable import LarderFederation

@Suite("Load plans")
struct PlannerTests {
  @Test("What a build exposes without ./ is asked for with it, as everything is")
  func bare() {
    let facts = ContainerFacts(
      name: "nav",
      exposes: [
        ExposeFacts(name: "Button", chunks: ["1"]), ExposeFacts(name: "Both", chunks: ["1"]),
        ExposeFacts(name: "./Both", chunks: ["2"]),
      ],
      chunks: [ChunkFacts(id: "1", files: ["1.js"]), ChunkFacts(id: "2", files: ["2.js"])])
    func files(_ expose: String) -> [String] {
      Planner { _ in facts }
        .plan([PlanRequest(remote: "nav", expose: expose)], for: HostFacts(name: "host"))
        .files.map(\.path)
    }
    #expect(files("./Button") == ["remoteEntry.js", "1.js"])
    #expect(files("Button") == ["remoteEntry.js", "1.js"])
    #expect(files("./Both") == ["remoteEntry.js", "2.js"])
    #expect(files("./Other") == ["remoteEntry.js"])
  }

  @Test(
    "A plan of a recorded graph is what the real builds did", arguments: VectorFile.all.graphVectors
  )
  func vectors(_ vector: GraphVector) {
    let graph = GraphFacts(vector)
    let plan = Planner { graph.containers[$0] }.plan(graph.requests, for: graph.host)
    PlanExpectation(vector, graph.host).check(plan)
  }

  @Test("A plan of real statistics is what the real builds did", arguments: StatsFixture.graphs)
  func realBuilds(_ fixture: StatsFixture) throws {
    let vector = try #require(VectorFile.all.graphVectors.first { $0.id == fixture.graph })
    let containers = try fixture.containers()
    let graph = GraphFacts(vector)
    let plan = Planner { containers[$0] }.plan(graph.requests, for: graph.host)
    PlanExpectation(vector, graph.host).check(plan)
  }

  @Test("Initialisation marks calls that return at once")
  func initialisation() throws {
    let diamond = try #require(VectorFile.all.graphVectors.first { $0.id == "G05" })
    let graph = GraphFacts(diamond)
    let plan = Planner { graph.containers[$0] }.plan(graph.requests, for: graph.host)
    #expect(plan.initialisation.map(\.container) == ["b", "c", "d", "d"])
    #expect(plan.initialisation.map(\.repeated) == [false, false, false, true])
  }

  @Test("A circular import is reported as a knot")
  func cycles() throws {
    let circular = try #require(VectorFile.all.graphVectors.first { $0.id == "G03" })
    let graph = GraphFacts(circular)
    let plan = Planner { graph.containers[$0] }.plan(graph.requests, for: graph.host)
    #expect(plan.cycles == [["b:./B", "c:./C"]])
    #expect(plan.isComplete)
  }

  @Test("A package that import() reaches is not required, its chunk and remote neither")
  func reachable() {
    let nav = ContainerFacts(
      name: "nav", exposes: [ExposeFacts(name: "./Header", chunks: ["h"])],
      provides: [ProvideFacts(key: "lib", version: "1.0.0", chunks: ["lib"])],
      consumes: [ConsumeFacts(module: "c", key: "lib", range: "^1.0.0", chunks: ["route"])],
      remotes: [
        RemoteFacts(
          module: "r", expose: "./Cart",
          locations: [RemoteLocation(type: "script", location: "cart@http://origin.example/r.js")],
          chunks: ["route"])
      ],
      chunks: [
        ChunkFacts(id: "h", files: ["h.js"], opens: ["route"]),
        ChunkFacts(
          id: "route", files: ["route.js", "route.css"], auxiliaryFiles: ["a.png", "route.js.map"]),
        ChunkFacts(id: "lib", files: ["lib.js"]),
      ],
      assets: [AssetFacts(name: "h.js", size: 7)])
    let cart = ContainerFacts(
      name: "cart", exposes: [ExposeFacts(name: "./Cart", chunks: ["cart"])],
      chunks: [ChunkFacts(id: "cart", files: ["cart.js"])])
    let plan = Planner { ["nav": nav, "cart": cart][$0] }
      .plan([PlanRequest(remote: "nav", expose: "./Header")], for: HostFacts(name: "host"))
    func paths(_ phase: PlanPhase) -> [String] {
      plan.files.filter { $0.phase == phase }.map {
        "\($0.container)/\($0.path) \($0.kind.rawValue)"
      }
    }
    #expect(
      paths(.required) == [
        "nav/remoteEntry.js entry", "cart/remoteEntry.js entry", "nav/h.js chunk",
      ])
    #expect(
      paths(.reachable) == [
        "nav/route.js chunk", "nav/route.css style", "nav/a.png asset", "nav/lib.js chunk",
        "cart/cart.js chunk",
      ])
    #expect(plan.shared.map(\.phase) == [.reachable])
    let alone = Planner { $0 == "nav" ? nav : nil }
      .plan([PlanRequest(remote: "nav", expose: "./Header")], for: HostFacts(name: "host"))
    #expect(alone.errors.map(\.kind) == [.missingRemote])
    #expect(alone.errors.map(\.phase) == [.reachable])
    #expect(alone.errors.map(\.expose) == ["./Header"])
    #expect(plan.files.first { $0.path == "h.js" }?.size == 7)
    #expect(plan.executionOrder == ["nav:./Header"])
  }

  @Test("The second of two locations is taken where nobody knows the first")
  func fallbackLocations() {
    let outer = ContainerFacts(
      name: "outer",
      exposes: [ExposeFacts(name: "./A", chunks: ["a"], executes: [.remote(module: "r")])],
      remotes: [
        RemoteFacts(
          module: "r", expose: "./B",
          locations: ["dead", "inner"].map {
            RemoteLocation(type: "commonjs-module", location: $0)
          },
          chunks: ["a"])
      ], chunks: [ChunkFacts(id: "a", files: ["a.js"])])
    let inner = ContainerFacts(
      name: "inner", exposes: [ExposeFacts(name: "./B", chunks: ["b"])],
      chunks: [ChunkFacts(id: "b", files: ["b.js"])])
    let plan = Planner { ["outer": outer, "inner": inner][$0] }
      .plan([PlanRequest(remote: "outer", expose: "./A")], for: HostFacts(name: "host"))
    #expect(plan.entries.map(\.container) == ["outer", "dead", "inner"])
    #expect(plan.executionOrder == ["inner:./B", "outer:./A"])
    #expect(plan.errors.isEmpty && plan.warnings.isEmpty)
  }

  @Test("A remote behind a promise is an error of the module that needs it")
  func unsupported() {
    let outer = ContainerFacts(
      name: "outer",
      exposes: [
        ExposeFacts(name: "./A", chunks: ["a"], executes: [.remote(module: "r")]),
        ExposeFacts(name: "./Fine", chunks: []),
      ],
      remotes: [
        RemoteFacts(
          module: "r", expose: "./B",
          locations: [RemoteLocation(type: "promise", location: "new Promise()")],
          chunks: ["a"])
      ], chunks: [ChunkFacts(id: "a", files: ["a.js"])])
    let requests = ["./A", "./Fine"].map { PlanRequest(remote: "outer", expose: $0) }
    let plan = Planner { $0 == "outer" ? outer : nil }.plan(requests, for: HostFacts(name: "host"))
    #expect(plan.errors.map(\.kind) == [.unsupportedRemoteType])
    #expect(plan.errors.map(\.expose) == ["./A"])
    #expect(plan.executionOrder == ["outer:./Fine"])
  }

  @Test("A container that is handed two scopes under one name refuses the second")
  func scopeConflict() {
    let remote = RemoteFacts(
      module: "r", expose: "./B", scope: "other",
      locations: [RemoteLocation(type: "commonjs-module", location: "b")], chunks: ["a"])
    let outer = ContainerFacts(
      name: "a", exposes: [ExposeFacts(name: "./A", chunks: ["a"])], remotes: [remote],
      chunks: [ChunkFacts(id: "a", files: ["a.js"])])
    let inner = ContainerFacts(name: "b", exposes: [ExposeFacts(name: "./B", chunks: [])])
    let requests = [("b", "./B"), ("a", "./A")].map { PlanRequest(remote: $0, expose: $1) }
    let plan = Planner { ["a": outer, "b": inner][$0] }.plan(requests, for: HostFacts(name: "host"))
    #expect(plan.errors.contains { $0.kind == .scopeConflict && $0.container == "b" })
  }

  @Test("Packages nest to the limit and no deeper", arguments: [(128, true), (129, false)])
  func nesting(_ depth: Int, _ isComplete: Bool) {
    var exposes = (0..<depth - 1).map { index in
      ExposeFacts(name: "./\(index)", chunks: ["\(index)"], executes: [.remote(module: "\(index)")])
    }
    exposes.append(ExposeFacts(name: "./\(depth - 1)", chunks: []))
    let chain = ContainerFacts(
      name: "chain", exposes: exposes,
      remotes: (0..<depth - 1).map { index in
        RemoteFacts(
          module: "\(index)", expose: "./\(index + 1)",
          locations: [RemoteLocation(type: "commonjs-module", location: "chain")],
          chunks: ["\(index)"])
      },
      chunks: (0..<depth).map { ChunkFacts(id: "\($0)", files: []) })
    let plan = Planner { _ in chain }
      .plan([PlanRequest(remote: "chain", expose: "./0")], for: HostFacts(name: "host"))
    #expect(plan.isComplete == isComplete)
    #expect(plan.executionOrder.count == (isComplete ? depth : 0))
  }

  @Test(
    "Any graph is planned to an end, twice the same, and reads back from JSON",
    arguments: 0..<48 as Range<UInt64>)
  func random(_ seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let (containers, requests, host) = RandomGraph.question(&generator)
    let plan = Planner { containers[$0] }.plan(requests, for: host)
    #expect(Planner { containers[$0] }.plan(requests, for: host) == plan, "seed \(seed)")
    #expect(
      Planner { containers[$0] }.plan(requests + requests, for: host).files == plan.files,
      "seed \(seed)")
    let files = plan.files.map { "\($0.container)/\($0.path)" }
    #expect(Set(files).count == files.count, "seed \(seed): a file is listed twice")
    for share in plan.shared where share.outcome == .shared && share.from != "host" {
      let provider = containers.values.first { $0.uniqueName == share.from }
      #expect(
        provider?.provides.contains { $0.key == share.key && $0.version == share.version } == true,
        "seed \(seed)")
    }
    let json = try JSONEncoder().encode(plan)
    #expect(try JSONDecoder().decode(Plan.self, from: json) == plan, "seed \(seed)")
  }
}
