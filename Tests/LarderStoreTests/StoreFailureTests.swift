import DiskRig
import LarderPlatform
import Testing

@testable import LarderStore

@Suite("Every call fails once")
struct StoreFailureTests {
  @Test("A failed call loses nothing that was durable, changes no byte, and leaves a usable store")
  func grid() throws {
    for seed in Campaign.seeds(1) {
      let grid = FailurePoint.grid(try FailureTrial.calls(seed: seed), seed: seed)
      let points = grid.prefix(Campaign.size("FAILURES", 2_000))
      var violations: [String] = []
      for point in points { violations += FailureTrial.violations(at: point, seed: seed) }
      for violation in violations.prefix(20) { print(violation) }
      Campaign.report("failures", points.count, seed)
      print("seed \(seed): of \(grid.count) points")
      #expect(violations.isEmpty)
    }
  }
}
