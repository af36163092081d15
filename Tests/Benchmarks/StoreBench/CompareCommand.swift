import ArgumentParser
import BenchRig
import Foundation
import SystemPackage

/// `store-bench compare`: what `make bench-store` runs.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Hold the store against its peers and against its goals.")

  @Option(help: "A folder for everything; on the disk that is measured.")
  var scratch = ".build-bench/scratch"
  @Option(help: "Where scripts/install-bench-peers put the peers.")
  var peers: String
  @Option(help: "The client of buildbox-casd.")
  var casdClient = "Tests/Benchmarks/casd-client.py"
  @Option(help: "Where to write the figures as JSON.")
  var json = ".build-bench/bench-store.json"
  @Option(help: "Files of the corpus.")
  var files = Corpus.fileCountDefault
  @Option(help: "How often each thing is measured.")
  var rounds = 5
  @Option(help: "The same seed gives the same corpus and the same questions.")
  var seed: UInt64 = 1
  @Option(help: "Chunks of the stores whose start is measured.", transform: CompareCommand.numbers)
  var chunks = [100_000, 1_000_000, 10_000_000]

  func run() throws {
    var report = Report()
    report.versions = try versions()
    let corpus = Corpus(folder: FilePath("\(scratch)/corpus"))
    try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
    try corpus.make(files: files, seed: seed)
    let larder = Larder()
    let (restic, casync) = (Restic(), Casync())
    let casd = Casd(peers: peers, client: casdClient)

    say("ingest: \(files) files, \(rounds) rounds")
    let contenders: [any Contender] = [larder, restic, casync, casd]
    report.notes = contenders.map { "\($0.name): \($0.promise) when it says that it is done" }
    var ingests = Ingests(
      corpus: corpus.folder.string, scratch: scratch, contenders: contenders)
    for round in 0..<rounds { try ingests.measure(round: round) }
    report.figures += ingests.figures(goals: ["restic": 5, "casync": 10, "buildbox-casd": 3])

    say("reads")
    var reads = Reads(
      ingests: ingests, larder: larder, restic: restic, casync: casync, casd: casd, seed: seed)
    try reads.measure(rounds: rounds)
    report.figures += reads.figures

    say("stages")
    var stages = Stages(corpus: corpus, scratch: FilePath(scratch), threads: Threads.available)
    for _ in 0..<rounds { try stages.measure() }
    report.figures.append(stages.figure)

    say("readers while half is collected")
    var collection = try Collection(
      corpus: corpus, scratch: FilePath(scratch), threads: Threads.available)
    for _ in 0..<rounds { try collection.measure() }
    report.figures.append(collection.figure)

    for count in chunks {
      say("start and look-up: \(count) chunks")
      let store = FilePath("\(scratch)/filled")
      // Of a run that was broken off; else there is none.
      try? FileManager.default.removeItem(atPath: store.string)
      let starts = try Starts.measure(store, chunks: count, rounds: rounds, seed: seed)
      report.figures += starts.figures
      if count == 1_000_000 {
        var lookups = Lookups(store: store, chunks: count, seed: seed)
        for _ in 0..<rounds { try lookups.measure() }
        report.figures.append(lookups.figure)
      }
      try FileManager.default.removeItem(atPath: store.string)
    }
    try report.write(to: json)
    print(report.table)
    print(stages.table)
  }

  private func versions() throws -> [String: String] {
    var versions: [String: String] = [:]
    for (name, program, argument) in [
      ("restic", "restic", "version"), ("casync", "casync", "--version"),
      ("buildbox-casd", "\(peers)/buildbox-casd", "--version"),
    ] {
      let text = String(decoding: try Child.run(program, [argument]).output, as: UTF8.self)
      // Each says its name, and then its version.
      versions[name] = text.split(whereSeparator: \.isWhitespace).dropFirst().first.map(String.init)
    }
    return versions
  }

  private static func numbers(_ text: String) throws -> [Int] {
    let numbers = text.split(separator: ",").compactMap { Int($0) }
    if numbers.isEmpty { throw ValidationError("numbers, with commas between them") }
    return numbers
  }

  /// Progress goes to standard error: the report alone is output.
  private func say(_ text: String) {
    FileHandle.standardError.write(Data("store-bench: \(text)\n".utf8))
  }
}
