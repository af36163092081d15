import Foundation
import Testing

/// Kills of a daemon, each at a random step of what is under way.
@Suite("SIGKILL")
struct KillTests {
  /// Kills over one store; `make soak` asks for more stores. More kills would fill a store's quota.
  static let kills = 200
  private static let stores = setting("LARDER_KILL_STORES") ?? 1

  @Test("Kills lose no acknowledged write, change no byte and leave no part of a release")
  func kills() async throws {
    let first = Self.setting("SEED").map { UInt64($0) } ?? UInt64.random(in: 1...999_999)
    for store in 0..<Self.stores {
      let seed = first + UInt64(store * Self.kills)
      print("SIGKILL: seed \(seed); SEED=\(seed) draws the same work and the same steps again")
      try await blocking {
        let trial = try KillTrial(seed: seed)
        for _ in 0..<Self.kills {
          try trial.round()
        }
        try trial.finish()
        print("campaign kills: \(Self.kills) trials, seed \(seed)")
        // At once: a run may be cut off after it.
        fflush(nil)
      }
    }
  }

  private static func setting(_ name: String) -> Int? {
    ProcessInfo.processInfo.environment[name].flatMap { Int($0) }
  }
}
