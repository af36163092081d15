import ArgumentParser
import BenchRig
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
  @Option(help: "A file to be told which file is which blob.")
  var names: String?
  @Option(help: "Threads that read, hash, compress and write.")
  var threads = Threads.available

  func run() throws {
    let report = try Ingestion.run(
      Corpus(folder: FilePath(corpus)), FilePath(store), threads, names: names)
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
  ///
  /// - Parameter names: where to write which file is which blob; nil for nowhere.
  static func run(
    _ corpus: Corpus, _ path: FilePath, _ threads: Int, names: String? = nil
  ) throws -> Report {
    let watch = Stopwatch()
    let store = try Store.open(path)
    let files = try corpus.files()
    let digests = Locked<[LarderCore.Digest?]>(Array(repeating: nil, count: files.count))
    try Threads.forEach(files.count, threads: threads, makeContext: { FileReader() }) {
      reader, number in
      let result = try store.put(
        try reader.read(corpus.folder.appending(files[number])), realm: realm, ack: .accepted)
      digests.withLock { $0[number] = result.digest }
    }
    try store.sync()
    if let names {
      let entries = zip(digests.withLock { $0 }, files).compactMap { digest, file in
        digest.map { ($0, file) }
      }
      try Names(entries).write(to: names)
    }
    let statistics = store.statistics
    try store.close()
    return Report(
      files: files.count, bytes: statistics.total.logicalBytes,
      storedBytes: statistics.total.storedBytes, syncs: statistics.counters.syncs,
      wallSeconds: watch.wallSeconds, cpuSeconds: watch.cpuSeconds)
  }
}
