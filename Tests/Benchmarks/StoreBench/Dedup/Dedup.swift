import Foundation
import LarderCore
import LarderStore
import SystemPackage

/// Stores the versions of one thing, one after the other, in an empty store of each kind.
struct Dedup {
  /// Averages of 16 to 256 KiB, each with blobs cut above the average and above the maximum.
  /// Smaller ones do not fit: a list could not name the chunks of 1 GiB.
  static let cuttings =
    [Cutting.none]
    + [16, 32, 64, 128, 256].flatMap { average in
      let sizes = ChunkSizes(average: average << 10)
      return [sizes.average, sizes.maximum].map { Cutting(sizes: sizes, above: $0) }
    }

  static let heading = """
    | store | chunk sizes, KiB | cut above, KiB | distinct MB | stored MB | chunks | MB/s of CPU |
    |---|---|--:|--:|--:|--:|--:|
    """

  let versions: Versions
  /// A folder that is made and removed again and again.
  let folder: String

  /// Puts every file on one thread; the CPU time is that of cutting, hashing, LZ4 and writing.
  func store(_ cutting: Cutting) throws -> (stored: Stored, cpuSeconds: Double) {
    try withEmptyFolder {
      let store = try Store.open(FilePath("\(folder)/store"), options: cutting.options)
      let watch = Stopwatch()
      for file in versions.files {
        _ = try file.withUnsafeBytes {
          try store.put($0, realm: Ingestion.realm, ack: .accepted)
        }
      }
      try store.sync()
      let seconds = watch.cpuSeconds
      let total = store.statistics.total
      try store.close()
      return (
        Stored(
          distinctBytes: Int(total.chunkBytes), bytes: Int(total.storedBytes),
          chunks: total.chunks),
        seconds
      )
    }
  }

  /// casync cuts at sizes that it is told. It stores no attributes, since a time that differs makes
  /// a chunk that differs.
  func storeByCasync() throws -> [(Cutting, Stored)] {
    try Dedup.cuttings.filter { $0.above == $0.sizes.average && !$0.isNone }.map { cutting in
      let sizes = cutting.sizes
      let casync = Casync(options: [
        "--without=all", "--chunk-size=\(sizes.minimum):\(sizes.average):\(sizes.maximum)",
      ])
      return try withEmptyFolder {
        for (number, version) in versions.folders.enumerated() {
          _ = try casync.make(version, as: "\(folder)/\(number).caidx", into: folder)
        }
        return (cutting, try casync.stored(in: folder))
      }
    }
  }

  /// restic knows one choice of sizes. Its different bytes are those of a second repository that
  /// does not compress.
  func storeByRestic() throws -> Stored {
    var stored = try storeByRestic(Restic())
    stored.distinctBytes = try storeByRestic(Restic(options: ["--compression", "off"])).bytes
    return stored
  }

  private func storeByRestic(_ restic: Restic) throws -> Stored {
    try withEmptyFolder {
      try restic.prepare(folder)
      for version in versions.folders { _ = try restic.ingest(version, into: folder) }
      return try restic.stored(in: folder)
    }
  }

  /// A line under `heading`.
  ///
  /// - Parameter rate: raw megabytes that a second of CPU stores; nil for nothing.
  func row(
    _ store: String, _ sizes: String, _ above: String, _ stored: Stored, _ rate: Double? = nil
  ) -> String {
    let cells = [
      store, sizes, above, Stored.megabytes(stored.distinctBytes), Stored.megabytes(stored.bytes),
      "\(stored.chunks)", rate.map { String(format: "%.0f", $0) } ?? "",
    ]
    return "| " + cells.joined(separator: " | ") + " |"
  }

  private func withEmptyFolder<Result>(_ body: () throws -> Result) throws -> Result {
    // Of a run that was broken off; else there is none.
    try? FileManager.default.removeItem(atPath: folder)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let result = try body()
    try FileManager.default.removeItem(atPath: folder)
    return result
  }
}
