import ArgumentParser
import BenchRig
import Foundation
import LarderStore

/// `store-bench dedup DIR...`: where the defaults of `ChunkSizes` and `chunkedAbove` come from.
struct DedupCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dedup",
    abstract: "Tell how little successive versions of something take, by the sizes of chunks.")

  @Argument(help: "Folders, each of successive versions of one thing: a folder for each version.")
  var series: [String]
  @Option(help: "A folder for the stores.")
  var scratch = ".build-bench/scratch"
  @Option(help: "How often our own CPU time is measured; medians are told.")
  var rounds = 3

  func run() throws {
    for folder in series {
      let versions = try Versions(folder: folder)
      let dedup = Dedup(versions: versions, folder: "\(scratch)/dedup")
      print(
        """
        \(versions)

        | chunks, KiB | larder | MB/s | cut above the average | MB/s | casync | restic |
        |---|---|--:|---|--:|---|---|
        """)
      let longest = ChunkSizes(minimum: 1 << 20, average: 1 << 20, maximum: 1 << 20)
      try printRow("whole files", cells(dedup, longest, above: 1 << 20))
      for sizes in Dedup.sizes {
        let text = [sizes.minimum, sizes.average, sizes.maximum].map { "\($0 >> 10)" }
        let whole = try cells(dedup, sizes, above: sizes.maximum)
        let cut = try cells(dedup, sizes, above: sizes.average)
        try printRow(
          text.joined(separator: "/"), whole + cut + ["\(dedup.storeByCasync(sizes))"])
      }
      try printRow("512/1024/8192", ["", "", "", "", "", "\(dedup.storeByRestic())"])
      print("")
    }
  }

  /// What we store of it, and the raw megabytes that a second of CPU takes in.
  private func cells(_ dedup: Dedup, _ sizes: ChunkSizes, above: Int) throws -> [String] {
    let outcomes = try (0..<rounds).map { _ in try dedup.store(sizes, above: above) }
    let seconds = Series(values: outcomes.map(\.cpuSeconds)).median
    let rate = Double(dedup.versions.byteCount) / seconds / 1e6
    return ["\(outcomes[0].stored)", String(format: "%.0f", rate)]
  }

  private func printRow(_ sizes: String, _ cells: [String]) {
    let missing = Array(repeating: "", count: 6 - cells.count)
    print("| \(([sizes] + cells + missing).joined(separator: " | ")) |")
  }
}
