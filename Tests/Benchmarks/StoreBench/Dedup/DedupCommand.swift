import ArgumentParser
import Foundation

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
  @Flag(inversion: .prefixedNo, help: "Whether restic and casync store the same.")
  var peers = true

  func run() throws {
    for series in series {
      let versions = try Versions(folder: series)
      let dedup = Dedup(versions: versions, folder: "\(scratch)/dedup")
      print(versions.description + "\n")
      print(Dedup.heading)
      var costs = Dedup.cuttings.map { _ in Series() }
      var stored = Dedup.cuttings.map { _ in Stored() }
      for _ in 0..<rounds {
        for (index, cutting) in Dedup.cuttings.enumerated() {
          let measured = try dedup.store(cutting)
          stored[index] = measured.stored
          costs[index].add(measured.cpuSeconds)
        }
      }
      for (index, cutting) in Dedup.cuttings.enumerated() {
        let rate = Double(versions.byteCount) / costs[index].median / 1e6
        print(dedup.row("larder", cutting.sizeText, cutting.aboveText, stored[index], rate))
      }
      if peers {
        for (cutting, stored) in try dedup.storeByCasync() {
          print(dedup.row("casync", cutting.sizeText, "", stored))
        }
        print(dedup.row("restic", "512/1024/8192", "", try dedup.storeByRestic()))
      }
      print("")
    }
  }
}
