import Foundation
import Testing

/// Kills of one daemon over one store, each at a random step of what is under way.
@Suite("SIGKILL")
struct KillTests {
  /// `make soak` asks for more.
  static let kills =
    ProcessInfo.processInfo.environment["LARDER_KILLS"].flatMap { Int($0) } ?? 200

  @Test("Kills lose no acknowledged write, change no byte and leave no part of a release")
  func kills() async throws {
    let given = ProcessInfo.processInfo.environment["SEED"].flatMap { UInt64($0) }
    let seed = given ?? UInt64.random(in: 1...999_999)
    print("SIGKILL: seed \(seed); SEED=\(seed) draws the same work and the same steps again")
    try await blocking {
      let trial = try KillTrial(seed: seed)
      for _ in 0..<Self.kills {
        try trial.round()
      }
      try trial.finish()
      print("campaign kills: \(Self.kills) trials, seed \(seed)")
    }
  }
}
