import ArgumentParser
import SystemPackage

/// `store-bench corpus DIR`
struct CorpusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "corpus", abstract: "Write files of 16 KiB of JavaScript-like text.")

  @Argument(help: "The folder to make.")
  var folder: String
  @Option(help: "How many files.")
  var files = Corpus.fileCountDefault
  @Option(help: "The same seed gives the same files.")
  var seed: UInt64 = 1

  func run() throws {
    try Corpus(folder: FilePath(folder)).make(files: files, seed: seed)
  }
}
