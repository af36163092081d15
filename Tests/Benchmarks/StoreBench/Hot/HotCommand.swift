import ArgumentParser
import BenchRig
import SystemPackage

/// `store-bench hot DIR`
struct HotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hot", abstract: "Measure reads from memory against reads from segments.")

  @Argument(help: "A folder of folders of files.")
  var corpus: String
  @Option(help: "A folder on the disk to measure.")
  var scratch = "."
  @Option(help: "How often to measure; medians are told.")
  var rounds = 7

  func run() throws {
    var reads = try HotReads(
      corpus: Corpus(folder: FilePath(corpus)), scratch: FilePath(scratch))
    for _ in 0..<rounds { try reads.measure() }
    try reads.removeStore()
    let gain = Figure(
      what: "hot", unit: "us", ours: reads.hot, peer: "segment", theirs: reads.cold)
    let loss = Figure(
      what: "miss", unit: "us", ours: reads.missing, peer: "without", theirs: reads.without)
    for figure in [gain, loss] { print(figure.cells.prefix(4).joined(separator: " | ")) }
    print("gathering \(reads.gathering) ms")
  }
}
