import BenchRig
import GRDBSQLite
import LarderCore
import LarderStore
import SystemPackage

/// Looking digests up in memory, against a prepared statement on the same store's index.
struct Lookups {
  /// Look-ups in a measurement: some 0.1 s of ours.
  private static let count = 500_000

  let store: FilePath
  /// What is asked for: digests of the store, in no order.
  private let digests: [LarderCore.Digest]
  private(set) var table = Series()
  private(set) var statement = Series()

  init(store: FilePath, chunks: Int, seed: UInt64) {
    self.store = store
    var random = SplitMix(seed: seed)
    digests = (0..<Lookups.count).map { _ in Fill.digest(of: random.below(chunks)) }
  }

  /// Microseconds a look-up, once each.
  mutating func measure() throws {
    statement.add(try measureStatement())
    table.add(try measureTable())
  }

  var figure: Figure {
    Figure(
      what: "hot look-up", unit: "us", ours: table, peer: "SQLite statement", theirs: statement,
      goal: .ratio(20))
  }

  private func measureTable() throws -> Double {
    let store = try Store.open(store)
    // Until then misses of the table would ask SQLite.
    store.waitUntilFilled()
    let watch = Stopwatch()
    var found = 0
    let realms = [Ingestion.realm]
    for digest in digests where store.stat(digest, in: realms) != nil { found += 1 }
    let seconds = watch.wallSeconds
    try store.close()
    guard found == digests.count else { throw Child.Failed(description: "the table missed some") }
    return seconds / Double(digests.count) * 1e6
  }

  /// With all of the database in SQLite's own cache: its best case.
  private func measureStatement() throws -> Double {
    let index = try IndexFile(store)
    // Once without looking at the clock, so that every page is in memory.
    _ = try index.find(digests)
    let watch = Stopwatch()
    let found = try index.find(digests)
    let seconds = watch.wallSeconds
    guard found == digests.count else { throw Child.Failed(description: "SQLite missed some") }
    return seconds / Double(digests.count) * 1e6
  }
}
