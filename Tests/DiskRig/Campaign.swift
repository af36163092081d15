import Glibc

/// How much a campaign does: little in the normal suite, more where `make soak` sets variables.
package enum Campaign {
  /// The number in `LARDER_<name>`, or what the normal suite does.
  package static func size(_ name: String, _ usual: Int) -> Int {
    getenv("LARDER_\(name)").flatMap { Int(String(cString: $0)) } ?? usual
  }

  /// `count` seeds, or `LARDER_SEEDS` of them, from `LARDER_SEED` or 1 on.
  package static func seeds(_ count: Int) -> [UInt64] {
    let first = size("SEED", 1)
    return (0..<size("SEEDS", count)).map { UInt64(first + $0) }
  }

  /// `SEED`, or any: for what is drawn anew each time.
  package static var anySeed: UInt64 {
    getenv("SEED").flatMap { UInt64(String(cString: $0)) } ?? UInt64.random(in: 1...999_999)
  }

  /// The line by which `make soak` sums up, written at once: a run may be cut off after it.
  package static func report(_ name: String, _ trials: Int, _ seed: UInt64) {
    print("campaign \(name): \(trials) trials, seed \(seed)")
    fflush(nil)
  }
}
