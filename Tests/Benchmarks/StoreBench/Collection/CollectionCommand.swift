import ArgumentParser
import BenchRig
import SystemPackage

/// `store-bench collection DIR`
struct CollectionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "collection",
    abstract: "Measure readers while half of a store of 1 GiB is collected.")

  @Argument(help: "A folder of folders of files.")
  var corpus: String
  @Option(help: "A folder on the disk to measure.")
  var scratch = "."
  @Option(help: "How often to measure; medians are told.")
  var rounds = 3

  func run() throws {
    var collection = try Collection(
      corpus: Corpus(folder: FilePath(corpus)), scratch: FilePath(scratch),
      threads: Threads.available)
    for _ in 0..<rounds { try collection.measure() }
    print(
      "p99 left alone \(collection.quiet) us, while collecting \(collection.collecting) us;",
      "\(collection.seconds) s, \(collection.movedBytes) bytes moved")
  }
}
