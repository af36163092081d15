import ArgumentParser
import SystemPackage

/// `store-bench lookups STORE`
struct LookupsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lookups",
    abstract: "Measure look-ups in memory against a prepared statement, in a store of `fill`.")

  @Argument(help: "The store.")
  var store: String
  @Option(help: "How many chunks it has.")
  var chunks = 1_000_000
  @Option(help: "How often to measure.")
  var rounds = 5
  @Option(help: "Chooses the chunks that are asked for.")
  var seed: UInt64 = 1

  func run() throws {
    var lookups = Lookups(store: FilePath(store), chunks: chunks, seed: seed)
    for _ in 0..<rounds { try lookups.measure() }
    print("table \(lookups.table) us, statement \(lookups.statement) us")
  }
}
