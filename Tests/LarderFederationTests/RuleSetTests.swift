import Testing

@testable import LarderFederation

@Suite("Rule sets")
struct RuleSetTests {
  @Test(
    "A build's webpack release decides",
    arguments: [
      ("5.75.0", RuleSet.webpack575), ("5.92.1", .webpack575), ("5.93.0", .webpack),
      ("5.109.2", .webpack),
      ("4.46.0", .webpack575), ("6.0.0-beta.1", .webpack), ("unknown", .webpack),
    ])
  func boundary(_ version: String, _ rules: RuleSet) {
    #expect(RuleSet(webpackVersion: version) == rules)
  }
}
