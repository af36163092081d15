import ArgumentParser
import BenchRig
import LarderStore
import SystemPackage

/// `store-bench fill STORE`
struct FillCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fill", abstract: "Fill a store with chunks of 32 bytes; tells how long it took.")

  @Argument(help: "The store: opened, or made.")
  var store: String
  @Option(help: "How many chunks.")
  var chunks = 1_000_000
  @Option(help: "Threads that put.")
  var threads = Threads.available

  func run() throws {
    let watch = Stopwatch()
    let store = try Store.open(FilePath(store))
    try Fill.put(0..<chunks, into: store, threads: threads)
    try store.close()
    print("\(chunks) chunks in \(watch.wallSeconds) s, \(watch.cpuSeconds) s of CPU")
  }
}
