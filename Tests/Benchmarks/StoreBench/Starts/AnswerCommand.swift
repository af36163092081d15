import ArgumentParser
import BenchRig
import Foundation
import Glibc
import LarderStore
import SystemPackage

/// `store-bench answer STORE`: a process whose only work is to open a store and answer once.
struct AnswerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "answer", abstract: "Open a filled store, read one chunk, and tell how it went.")

  /// What the process saw of itself.
  struct Report: Codable {
    /// From the start of the process to its first right answer.
    let answerSeconds: Double
    /// Of this process, once all that a look-up needs is in memory.
    let residentBytes: Int
    let replayedRecords: Int
  }

  @Argument(help: "A store that `fill` made.")
  var store: String
  @Option(help: "The number of the chunk to read.")
  var chunk: Int
  @Option(help: "CLOCK_MONOTONIC at the start of this process, in nanoseconds.")
  var since: UInt64

  func run() throws {
    let store = try Store.open(FilePath(store))
    let answer: [UInt8] = try store.read(Fill.digest(of: chunk), in: [Ingestion.realm])
    let answered = Monotonic.nanoseconds
    guard Fill.withChunk(chunk, { Array($0) }) == answer else {
      throw ValidationError("chunk \(chunk) came back as other bytes")
    }
    // Memory is counted once the table is full, which the answer did not wait for.
    store.waitUntilFilled()
    let report = Report(
      answerSeconds: Double(answered - since) / 1e9, residentBytes: ResidentMemory.bytes,
      replayedRecords: store.opening.replayedRecords)
    try store.close()
    print(String(decoding: try JSONEncoder().encode(report), as: UTF8.self))
  }
}
