import DiskRig
import LarderPlatform
import Testing

@testable import LarderStore

@Suite("Every call fails once")
struct StoreFailureTests {
  /// All points: each kind of call, each time it is made, each error, once and for good.
  private static func grid(seed: UInt64) throws -> [FailurePoint] {
    let calls = try FailureTrial.calls(seed: seed)
    return FileCall.allCases.flatMap { call in
      (0..<calls[call, default: 0]).flatMap { number in
        FailurePoint.errors.flatMap { errno in
          [false, true].map { isPersistent in
            FailurePoint(
              call: call, number: number + 1, errno: errno, isPersistent: isPersistent)
          }
        }
      }
    }
  }

  @Test("A failed call loses nothing that was durable, changes no byte, and leaves a usable store")
  func grid() throws {
    for seed in Campaign.seeds(1) {
      var grid = try Self.grid(seed: seed)
      let all = grid.count
      // Each kind in proportion, drawn by the seed.
      var random = Seeded(seed)
      grid.shuffle(using: &random)
      let points = grid.prefix(Campaign.size("FAILURES", 2_000))
      var violations: [String] = []
      for point in points { violations += FailureTrial.violations(at: point, seed: seed) }
      for violation in violations.prefix(20) { print(violation) }
      Campaign.report("failures", points.count, seed)
      print("seed \(seed): of \(all) points")
      #expect(violations.isEmpty)
    }
  }
}
