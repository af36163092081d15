import ArgumentParser
import Foundation
import LarderCore
import LarderStore
import SystemPackage

/// `store-bench ingest DIR --store DIR`: the process that is timed beside `restic backup`.
struct IngestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ingest",
    abstract: "Put every file below a folder into a store; ends when all of them are durable.")

  @Argument(help: "A folder of folders of files.")
  var corpus: String
  @Option(help: "The store: opened, or made.")
  var store: String
  @Option(help: "Threads that read, hash, compress and write.")
  var threads = Threads.available

  func run() throws {
    let report = try Ingestion.run(Corpus(folder: FilePath(corpus)), FilePath(store), threads)
    print(String(decoding: try JSONEncoder().encode(report), as: UTF8.self))
  }
}

/// A store taking in a corpus.
enum Ingestion {
  static let realm = RealmID(1)

  struct Report: Codable {
    var files: Int
    var bytes: Int64
    var storedBytes: Int64
    var syncs: Int
    var wallSeconds: Double
    var cpuSeconds: Double
  }

  /// Each file by `put` without waiting, and one sync at the end: what the peers do, too.
  static func run(_ corpus: Corpus, _ path: FilePath, _ threads: Int) throws -> Report {
    let watch = Stopwatch()
    let store = try Store.open(path)
    let files = try corpus.files()
    try Threads.forEach(files.count, threads: threads, makeContext: { FileReader() }) {
      reader, number in
      _ = try store.put(try reader.read(files[number]), realm: realm, ack: .accepted)
    }
    try store.sync()
    let statistics = store.statistics
    try store.close()
    return Report(
      files: files.count, bytes: statistics.total.logicalBytes,
      storedBytes: statistics.total.storedBytes, syncs: statistics.counters.syncs,
      wallSeconds: watch.wallSeconds, cpuSeconds: watch.cpuSeconds)
  }
}
