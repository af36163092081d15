import Testing

@testable import LarderFederation

@Suite("Load plans by rule set")
struct PlannerRuleSetTests {
  /// A container whose module needs `lib`, and in a lazy chunk a module of `cart`.
  private static func nav(
    _ rules: RuleSet, remote type: String = "script", consumes: [ConsumeFacts]? = nil
  ) -> ContainerFacts {
    ContainerFacts(
      name: "nav", ruleSet: rules, exposes: [ExposeFacts(name: "./Header", chunks: ["h"])],
      provides: [ProvideFacts(key: "lib", version: "1.0.0", chunks: ["lib"])],
      consumes: consumes ?? [ConsumeFacts(module: "c", key: "lib", range: "^1.0.0", chunks: ["h"])],
      remotes: [
        RemoteFacts(
          module: "r", expose: "./Cart",
          locations: [
            RemoteLocation(type: type, location: type == "script" ? "cart@/r.js" : "cart")
          ],
          chunks: ["route"])
      ],
      chunks: [
        ChunkFacts(id: "h", files: ["h.js"], opens: ["route"]),
        ChunkFacts(id: "route", files: ["route.js"]), ChunkFacts(id: "lib", files: ["lib.js"]),
      ])
  }

  private static let cart = ContainerFacts(
    name: "cart", exposes: [ExposeFacts(name: "./Cart", chunks: ["cart"])],
    provides: [ProvideFacts(key: "lib", version: "1.1.0", chunks: ["lib"])],
    chunks: [
      ChunkFacts(id: "cart", files: ["cart.js"]), ChunkFacts(id: "lib", files: ["lib.js"]),
    ])

  private func plan(
    _ containers: [ContainerFacts], _ requests: [PlanRequest] = [.header],
    host: HostFacts = HostFacts(name: "host")
  ) -> Plan {
    Planner { name in containers.first { $0.name == name } }.plan(requests, for: host)
  }

  @Test(
    "Only loaded-first leaves a remote alone until a module of it is asked for",
    arguments: RuleSet.allCases)
  func onDemand(_ rules: RuleSet) {
    let plan = plan([Self.nav(rules), Self.cart])
    let entry = plan.files.first { $0.container == "cart" && $0.kind == .entry }
    #expect(entry?.phase == (rules == .mf2LoadedFirst ? .reachable : .required))
    #expect(plan.shared.map(\.version) == [rules == .mf2LoadedFirst ? "1.0.0" : "1.1.0"])
    #expect(plan.initialisation.map(\.container) == ["nav", "cart"])
    #expect(plan.errors.isEmpty && plan.warnings.isEmpty)
  }

  @Test("A remote that is no script stays with webpack's runtime, under loaded-first too")
  func otherTypes() {
    let plan = plan([Self.nav(.mf2LoadedFirst, remote: "commonjs-module"), Self.cart])
    #expect(plan.shared.map(\.version) == ["1.1.0"])
  }

  @Test("A host under loaded-first initialises what it asks for, when it asks")
  func host() {
    let requests = [PlanRequest.header, PlanRequest(remote: "cart", expose: "./Cart")]
    let host = HostFacts(
      name: "host", ruleSet: .mf2LoadedFirst, remotes: ["other"],
      consumes: [HostConsume(key: "lib", hasFallback: true)])
    let plan = plan([Self.nav(.webpack), Self.cart], requests, host: host)
    #expect(plan.entries.map(\.container) == ["nav", "cart"])
    #expect(plan.initialisation.map(\.container) == ["nav", "cart", "cart"])
    #expect(plan.shared.map(\.outcome) == [.fallback, .shared])
    #expect(plan.shared.map(\.rule) == [.noMatch, .highestSatisfying])
  }

  @Test("Packages of one chunk are chosen before any of their code has come, but for loaded-first")
  func arrival() {
    // Of 1.0.0 and 1.1.0 the first consumer takes the lower, which then is on its way.
    let consumes = [
      ConsumeFacts(module: "a", key: "lib", range: "1.0.0", chunks: ["h"]),
      ConsumeFacts(module: "b", key: "lib", range: nil, chunks: ["h"]),
    ]
    for (rules, second) in [(RuleSet.mf2VersionFirst, "1.1.0"), (.mf2LoadedFirst, "1.0.0")] {
      let nav = Self.nav(rules, remote: "commonjs-module", consumes: consumes)
      #expect(plan([nav, Self.cart]).shared.map(\.version) == ["1.0.0", second], "\(rules)")
    }
  }

  @Test("A second scope takes the place of the first instead of being refused")
  func secondScope() {
    let outer = ContainerFacts(
      name: "outer", exposes: [ExposeFacts(name: "./A", chunks: ["a"])],
      remotes: [
        RemoteFacts(
          module: "r", expose: "./Header", scope: "other",
          locations: [RemoteLocation(type: "commonjs-module", location: "nav")], chunks: ["a"])
      ], chunks: [ChunkFacts(id: "a", files: ["a.js"])])
    let requests = [PlanRequest(remote: "outer", expose: "./A"), .header]
    let host = HostFacts(name: "host", remotes: ["nav"])
    let refused = plan([outer, Self.nav(.webpack), Self.cart], requests, host: host)
    #expect(refused.errors.contains { $0.kind == .scopeConflict })
    let replaced = plan([outer, Self.nav(.mf2VersionFirst), Self.cart], requests, host: host)
    // What it provides stayed behind in the first.
    #expect(replaced.errors.map(\.kind) == [.sharedUnavailable])
    #expect(replaced.warnings.map(\.container) == ["nav"])
  }
}

extension PlanRequest {
  fileprivate static let header = PlanRequest(remote: "nav", expose: "./Header")
}
