import DiskRig
import Testing

/// Kills of a daemon, each at a random step of what is under way.
@Suite("SIGKILL")
struct KillTests {
  /// Kills over one store; `make soak` asks for more stores. More kills would fill a store's quota.
  static let kills = 200
  private static let stores = Campaign.size("KILL_STORES", 1)

  @Test("Kills lose no acknowledged write, change no byte and leave no part of a release")
  func kills() async throws {
    let first = Campaign.anySeed
    for store in 0..<Self.stores {
      let seed = first + UInt64(store * Self.kills)
      print("SIGKILL: seed \(seed); SEED=\(seed) draws the same work and the same steps again")
      try await blocking {
        let trial = try KillTrial(seed: seed)
        for _ in 0..<Self.kills {
          try trial.round()
        }
        try trial.finish()
        Campaign.report("kills", Self.kills, seed)
      }
    }
  }
}
