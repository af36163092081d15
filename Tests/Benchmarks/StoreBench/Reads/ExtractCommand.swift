import ArgumentParser
import BenchRig
import Foundation
import LarderCore
import LarderPlatform
import LarderStore
import SystemPackage

/// `store-bench extract STORE`: the process that is timed beside `restic restore`.
struct ExtractCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "extract", abstract: "Write every file of an ingest into a folder.")

  @Argument var store: String
  @Option(help: "What `ingest` wrote.")
  var names: String
  @Option(help: "The folder.")
  var to: String
  @Option(help: "Threads that read and write.")
  var threads = Threads.available

  func run() throws {
    let entries = try Names(reading: names).entries
    let target = URL(filePath: to)
    for folder in Set(entries.map { $0.file.prefix { $0 != "/" } }) {
      try FileManager.default.createDirectory(
        at: target.appending(path: folder), withIntermediateDirectories: true)
    }
    let store = try Store.open(FilePath(store))
    let path = FilePath(to)
    try Threads.forEach(entries.count, threads: threads, makeContext: {}) { _, index in
      let file = try FileSystem.real.open(path.appending(entries[index].file), for: .create)
      let bytes: [UInt8] = try store.read(entries[index].digest, in: [Ingestion.realm])
      try bytes.withUnsafeBytes { try file.write($0, at: 0) }
    }
    try store.close()
  }
}
