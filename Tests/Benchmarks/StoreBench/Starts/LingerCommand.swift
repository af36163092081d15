import ArgumentParser
import Glibc
import LarderStore
import SystemPackage

/// `store-bench linger STORE`: a process to be killed with work that is not synced.
struct LingerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "linger", abstract: "Put chunks without a sync, say so, and wait to be killed.")

  @Argument(help: "A store that `fill` made.")
  var store: String
  @Option(help: "The number of the first chunk.")
  var from: Int
  @Option(help: "How many.")
  var chunks: Int

  func run() throws {
    var options = Store.Options()
    options.commitDelay = .seconds(86_400)
    let store = try Store.open(FilePath(store), options: options)
    try Fill.put(from..<from + chunks, into: store, threads: 1)
    print("ready")
    fflush(nil)
    while true { pause() }
  }
}
