import Testing

@testable import LarderFederation

@Suite("The graph of a plan")
struct PlanDrawingTests {
  private func plan(_ id: String) throws -> (Plan, GraphVector) {
    let vector = try #require(VectorFile.all.graphVectors.first { $0.id == id })
    let graph = GraphFacts(vector)
    let plan = Planner { graph.containers[$0] }
      .plan(graph.requests, for: graph.host, explained: true)
    return (plan, vector)
  }

  /// `from > to` by names, packages with their versions, what is lazy in brackets.
  private func arrows(_ plan: Plan) throws -> Set<String> {
    let modules = try #require(plan.modules)
    func name(_ place: Int) -> String {
      let module = modules[place]
      if let key = module.key { return "\(module.container):\(key)@\(module.version ?? "none")" }
      return module.expose.map { "\(module.container):\($0)" } ?? module.container
    }
    return Set(
      try #require(plan.imports).map {
        let arrow = "\(name($0.from)) > \(name($0.to))"
        return $0.phase == .reachable ? "(\(arrow))" : arrow
      })
  }

  @Test(
    "of a recorded graph has its modules, its choices and what executed",
    arguments: VectorFile.all.graphVectors)
  func vectors(_ vector: GraphVector) throws {
    let (plan, _) = try plan(vector.id)
    let modules = try #require(plan.modules)
    let imports = try #require(plan.imports)
    #expect(modules[0].container == vector.host && modules[0].expose == nil)
    for request in plan.requests {
      let place = modules.firstIndex {
        $0.container == request.remote && $0.expose == request.expose
      }
      #expect(imports.contains { $0.from == 0 && $0.to == place })
    }
    #expect(Set(imports.compactMap(\.share)) == Set(plan.shared.indices))
    for each in imports {
      guard let share = each.share.map({ plan.shared[$0] }) else { continue }
      #expect(modules[each.to].key == share.key)
      #expect(modules[each.to].version == share.version || share.outcome == .error)
    }
    for executed in plan.executionOrder {
      #expect(
        modules.contains { module in
          module.expose.map { "\(module.container):\($0)" } == executed
            || module.key.map { "\(module.container):\($0)@\(module.version ?? "fallback")" }
              == executed
        }, "\(executed)")
    }
    // Everything is met from the host.
    #expect(Set(imports.map(\.to)).count == modules.count - 1)
    let graph = try #require(PlanDrawing.graph(of: plan))
    #expect(graph.edges.count >= imports.count)
    #expect(
      graph.boxes.contains { $0.tone == .error || $0.rows.contains { $0.tone == .error } }
        == !plan.errors.isEmpty)
  }

  @Test("shows a circular import as a cycle, and nothing else as one")
  func cycle() throws {
    let (plan, _) = try plan("G03")
    #expect(try arrows(plan).isSuperset(of: ["b:./B > c:./C", "c:./C > b:./B"]))
    let graph = try #require(PlanDrawing.graph(of: plan))
    #expect(graph.edges.filter { $0.tone == .cycle }.count == 2)
    let nested = try #require(PlanDrawing.graph(of: try self.plan("G02").0))
    #expect(!nested.edges.contains { $0.tone == .cycle })
  }

  @Test("tells who needs which package, and what waits for an import()")
  func lazy() throws {
    let nav = ContainerFacts(
      name: "nav",
      exposes: [
        ExposeFacts(name: "./Header", chunks: ["h"]), ExposeFacts(name: "./Footer", chunks: ["f"]),
      ],
      provides: [ProvideFacts(key: "lib", version: "1.0.0", chunks: ["lib"])],
      consumes: [
        ConsumeFacts(module: "c", key: "lib", range: "^1.0.0", chunks: ["route", "f"]),
        ConsumeFacts(module: "d", key: "none", chunks: ["lib"]),
      ],
      remotes: [
        RemoteFacts(
          module: "r", expose: "./Cart",
          locations: [RemoteLocation(type: "script", location: "cart@http://o.test/r.js")],
          chunks: ["route"])
      ],
      chunks: [
        ChunkFacts(id: "h", files: ["h.js"], opens: ["route"]),
        ChunkFacts(id: "f", files: ["f.js"]), ChunkFacts(id: "lib", files: ["lib.js"]),
        ChunkFacts(id: "route", files: ["route.js"]),
      ])
    let plan = Planner { $0 == "nav" ? nav : nil }.plan(
      [.init(remote: "nav", expose: "./Header"), .init(remote: "nav", expose: "./Footer")],
      for: HostFacts(name: "host"), explained: true)
    #expect(
      try arrows(plan) == [
        "host > nav:./Header", "host > nav:./Footer", "(nav:./Header > nav:lib@1.0.0)",
        "(nav:./Header > cart:./Cart)", "nav:./Footer > nav:lib@1.0.0",
        "nav:lib@1.0.0 > nav:none@none",
      ])
    let header = try #require(plan.modules?.first { $0.expose == "./Header" })
    #expect(header.files.map { plan.files[$0].path } == ["h.js", "route.js"])
    let graph = try #require(PlanDrawing.graph(of: plan))
    #expect(graph.boxes.contains { $0.heading == "cart" && $0.tone == .error })
    #expect(graph.boxes.contains { $0.heading == "none" && $0.tone == .error })
    #expect(graph.edges.filter(\.isLazy).count == 2)
  }

  @Test("is not told unless asked for, nor beyond its limit")
  func limit() {
    func plan(_ count: Int, explained: Bool = true) -> Plan {
      let facts = ContainerFacts(
        name: "nav", exposes: (0..<count).map { ExposeFacts(name: "./\($0)", chunks: []) })
      return Planner { _ in facts }.plan(
        (0..<count).map { .init(remote: "nav", expose: "./\($0)") }, for: HostFacts(name: "host"),
        explained: explained)
    }
    // The host is one of them.
    let most = Plan.explainedModulesMax - 1
    #expect(plan(most).modules?.count == most + 1)
    let beyond = plan(most + 1)
    #expect(beyond.modules == nil && beyond.imports == nil)
    #expect(PlanDrawing.graph(of: beyond) == nil)
    #expect(plan(1, explained: false).modules == nil)
  }

  @Test(
    "is whole for containers that refer to each other at random",
    arguments: 0..<200 as Range<UInt64>)
  func random(_ seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let containers = RandomGraph.containers(&generator)
    let requests = (0..<3).map {
      PlanRequest(remote: "c\(generator.below(6))", expose: "./\($0)")
    }
    let plan = Planner { containers[$0] }.plan(
      requests, for: HostFacts(name: "host"), explained: true)
    // Each choice was made because a module needed it.
    #expect(Set(try #require(plan.imports).compactMap(\.share)) == Set(plan.shared.indices))
    #expect(PlanDrawing.graph(of: plan) != nil)
  }
}
