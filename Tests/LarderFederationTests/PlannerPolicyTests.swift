import Testing

@testable import LarderFederation

@Suite("Load plans under a sharing policy")
struct PlannerPolicyTests {
  /// A container that provides versions of `lib`, and whose module takes it.
  private func container(
    _ name: String, _ versions: String..., range: String? = nil, singleton: Bool = false,
    hasCopy: Bool = true, rules: RuleSet = .webpack
  ) -> ContainerFacts {
    ContainerFacts(
      name: name, uniqueName: name, ruleSet: rules,
      exposes: [ExposeFacts(name: "./M", chunks: ["m"])],
      provides: versions.map { ProvideFacts(key: "lib", version: $0, chunks: ["lib"]) },
      consumes: [
        ConsumeFacts(
          module: "c", key: "lib", range: range, singleton: singleton,
          fallback: hasCopy ? FallbackFacts(version: versions.first, chunks: ["lib"]) : nil,
          chunks: ["m"])
      ],
      chunks: [ChunkFacts(id: "m", files: ["m.js"]), ChunkFacts(id: "lib", files: ["lib.js"])])
  }

  /// - Parameter withheld: pairs of provider and consumer, nil for the host.
  private func plan(
    _ containers: ContainerFacts..., withheld: [(String, String?)]?,
    host: HostFacts = HostFacts(name: "host")
  ) -> Plan {
    let permits = withheld.map { withheld in
      { (provider: String, consumer: String?) in
        !withheld.contains { $0.0 == provider && $0.1 == consumer }
      }
    }
    return Planner(permits: permits) { name in containers.first { $0.name == name } }
      .plan(containers.map { PlanRequest(remote: $0.name, expose: "./M") }, for: host)
  }

  private func choices(_ plan: Plan) -> [String] {
    plan.shared.map {
      "\($0.consumer): \($0.version ?? "-") of \($0.from ?? "-"), \($0.rule.rawValue)"
    }
  }

  @Test("A higher version, and a greater name, take nothing over where they are withheld")
  func hijack() {
    let (nav, zzz) = (container("nav", "18.0.0"), container("zzz", "18.0.0", "99.0.0"))
    #expect(
      choices(plan(nav, zzz, withheld: nil))
        == ["nav: 99.0.0 of zzz, W2", "zzz: 99.0.0 of zzz, W2"])
    let limited = plan(nav, zzz, withheld: [("zzz", "nav")])
    #expect(choices(limited) == ["nav: 18.0.0 of nav, L1", "zzz: 99.0.0 of zzz, W2"])
    #expect(limited.withheld == [PlannedWithholding(consumer: "nav", providers: ["zzz"])])
    #expect(
      limited.shared[0].reason.hasPrefix("W2 among what is left: ")
        && limited.shared[0].reason.hasSuffix(
          "withheld by the realm's policy: 18.0.0 of zzz, 99.0.0 of zzz")
    )
    #expect(limited.files.contains { $0.container == "nav" && $0.path == "lib.js" })
    #expect(plan(nav, zzz, withheld: nil).withheld == nil)
    #expect(plan(nav, zzz, withheld: []).withheld == [])
  }

  @Test("What would not have been chosen is told of, and the runtime's rule stays")
  func indifferent() {
    let plan = plan(
      container("nav", "18.0.0", range: "^18.0.0"), container("old", "17.0.0"),
      withheld: [("old", "nav")])
    #expect(choices(plan)[0] == "nav: 18.0.0 of nav, W5")
    #expect(plan.shared[0].reason.hasSuffix("; withheld by the realm's policy: 17.0.0 of old"))
  }

  @Test("Without what is withheld a consumer has its own copy, or an error that says why")
  func absent() {
    let provider = container("lib-of-all", "1.0.0")
    let copy = plan(
      provider, container("nav", range: "^1.0.0"), withheld: [("lib-of-all", "nav")])
    #expect(copy.shared[1].outcome == .fallback && copy.shared[1].rule == .withheld)
    let none = plan(
      provider, container("nav", hasCopy: false), withheld: [("lib-of-all", "nav")])
    #expect(none.shared[1].outcome == .error && none.shared[1].rule == .withheld)
    #expect(none.errors.map(\.kind) == [.sharedUnavailable])
    #expect(none.shared[1].reason.hasSuffix("withheld by the realm's policy: 1.0.0 of lib-of-all"))
  }

  @Test("A host is a consumer of its own, and what it brings serves everybody")
  func host() {
    let host = HostFacts(
      name: "host", shared: [HostShare(key: "lib", version: "2.0.0")],
      consumes: [HostConsume(key: "lib")])
    let plan = plan(
      container("nav", "3.0.0"), withheld: [("nav", nil)], host: host)
    #expect(choices(plan) == ["host: 2.0.0 of host, L1", "nav: 3.0.0 of nav, W2"])
    let both = self.plan(
      container("nav", "1.0.0"), container("cart", "1.0.0"),
      withheld: [("nav", "cart"), ("cart", "nav")], host: host)
    #expect(both.shared.map(\.from) == ["host", "host", "host"])
    #expect(both.withheld?.map(\.consumer) == ["nav", "cart"])
  }

  @Test("A singleton sticks to what was loaded only for those who see it")
  func marks() {
    // In the order in which they load: nav, cart, shop.
    let plan = plan(
      container("nav", "1.0.0", singleton: true), container("cart", "2.0.0", singleton: true),
      container("shop", "3.0.0", singleton: true),
      withheld: [
        ("cart", "nav"), ("shop", "nav"), ("shop", "cart"), ("nav", "cart"),
      ])
    #expect(
      choices(plan) == [
        "nav: 1.0.0 of nav, L1", "cart: 2.0.0 of cart, L1", "shop: 1.0.0 of nav, W9",
      ])
  }

  @Test(
    "A policy that withholds nothing changes nothing", arguments: 0..<48 as Range<UInt64>)
  func neutral(_ seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let (containers, requests, host) = RandomGraph.question(&generator)
    var limited = Planner(permits: { _, _ in true }) { containers[$0] }.plan(requests, for: host)
    #expect(limited.withheld == [], "seed \(seed)")
    limited.withheld = nil
    let plan = Planner { containers[$0] }.plan(requests, for: host)
    // Told by the seed: two plans side by side fill screens.
    let isSame = limited == plan
    #expect(isSame, "seed \(seed)")
  }
}
