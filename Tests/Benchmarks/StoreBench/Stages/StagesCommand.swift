import ArgumentParser
import BenchRig
import Foundation
import SystemPackage

/// `store-bench stages DIR`
struct StagesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stages",
    abstract: "Measure what an ingest consists of, the bound that follows, and our share of it.")

  @Argument(help: "A folder of folders of files.")
  var corpus: String
  @Option(help: "A folder on the disk to measure.")
  var scratch = "."
  @Option(help: "Threads at work.")
  var threads = Threads.available
  @Option(help: "How often to measure; medians are told.")
  var rounds = 5

  func run() throws {
    var stages = Stages(
      corpus: Corpus(folder: FilePath(corpus)), scratch: FilePath(scratch), threads: threads)
    for _ in 0..<rounds { try stages.measure() }
    print(stages.table)
  }
}

extension Stages {
  /// A line for each part, and what they imply.
  var table: String {
    let parts: [(String, Series, Int)] = [
      ("cut", seconds.cut, 1), ("read", seconds.read, threads), ("SHA-256", seconds.hash, threads),
      ("LZ4", seconds.compress, threads), ("CRC-32C", seconds.checksum, threads),
      ("pwrite", seconds.write, 1), ("fdatasync", seconds.sync, 1),
      ("index rows", seconds.index, 1),
    ]
    var lines = parts.map { line($0.0, $0.1, "on \($0.2)") }
    lines.append(line("ingest", ingest, "on \(threads)"))
    lines.append(
      String(
        format: "bound: threads %.3f s, writer %.3f s; share of the bound %.2f", threadsSeconds,
        writerSeconds, boundSeconds / ingest.median))
    return lines.joined(separator: "\n")
  }

  /// Our share of the bound.
  var figure: Figure {
    let share = ingest.values.reduce(into: Series()) { $0.add(boundSeconds / $1) }
    return Figure(
      what: "share of the bound of the stages", unit: "", ours: share, goal: .atLeast(0.85))
  }

  private func line(_ name: String, _ series: Series, _ note: String) -> String {
    let rate = Double(bytes) / series.median / 1e6
    return name.padding(toLength: 12, withPad: " ", startingAt: 0)
      + String(
        format: "%8.3f s %8.0f MB/s  %.3f to %.3f  ", series.median, rate, series.min, series.max)
      + note
  }
}
