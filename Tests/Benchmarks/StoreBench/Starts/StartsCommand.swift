import ArgumentParser
import LarderStore
import SystemPackage

/// `store-bench starts STORE`
struct StartsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "starts",
    abstract: "Measure start to first answer, and memory per chunk, of a store that `fill` made.")

  @Argument(help: "The store; it is filled if it is not there.")
  var store: String
  @Option(help: "How many chunks it has.")
  var chunks = 1_000_000
  @Option(help: "How often to measure; medians are told.")
  var rounds = 5
  @Option(help: "Chooses the chunks that are asked for.")
  var seed: UInt64 = 1

  func run() throws {
    let starts = try Starts.measure(FilePath(store), chunks: chunks, rounds: rounds, seed: seed)
    print(
      "clean \(starts.clean), killed \(starts.killed), \(starts.residentBytesPerChunk) B a chunk")
  }
}
