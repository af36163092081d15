import DiskRig
import Testing

@Suite("Failed calls of the registry and the store")
struct RegistryFailureTests {
  @Test("A failed call undoes no commit, leaves no part of one, and the registry goes on")
  func grid() async throws {
    for seed in Campaign.seeds(1) {
      var trial = try RegistryFailureTrial(seed: seed)
      let grid = FailurePoint.grid(try await trial.calls(), seed: seed)
      let points = grid.prefix(Campaign.size("REGISTRY_FAILURES", 300))
      var violations: [String] = []
      for point in points { violations += await trial.violations(at: point) }
      for violation in violations.prefix(20) { print(violation) }
      Campaign.report("registry-failures", points.count, seed)
      print("seed \(seed): of \(grid.count) points")
      #expect(violations.isEmpty)
    }
  }
}
