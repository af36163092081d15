import BenchRig
import Foundation
import LarderCore
import LarderStore
import SystemPackage

/// Stores the versions of one thing, one after the other, in an empty store of each kind.
struct Dedup {
  /// Averages of 16 to 256 KiB. Smaller ones do not fit: a list could not name the chunks of 1 GiB.
  static let sizes = [16, 32, 64, 128, 256].map { ChunkSizes(average: $0 << 10) }

  let versions: Versions
  /// A folder that is made and removed again and again.
  let folder: String

  /// Puts every file on one thread; the CPU time is that of cutting, hashing, LZ4 and writing.
  ///
  /// - Parameter above: blobs up to this size are one chunk.
  func store(
    _ sizes: ChunkSizes, above: Int
  ) throws -> (stored: Stored, cpuSeconds: Double) {
    try withEmptyFolder {
      let options = Store.Options(chunkedAbove: ByteCount(Int64(above)), chunkSizes: sizes)
      let store = try Store.open(FilePath("\(folder)/store"), options: options)
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
      let stored = Stored(
        distinctBytes: Int(total.chunkBytes), bytes: Int(total.storedBytes), chunks: total.chunks)
      return (stored, seconds)
    }
  }

  /// casync cuts a version as one stream, at sizes that it is told. It stores no attributes, since
  /// a time that differs makes a chunk that differs.
  func storeByCasync(_ sizes: ChunkSizes) throws -> Stored {
    let casync = Casync(options: [
      "--without=all", "--chunk-size=\(sizes.minimum):\(sizes.average):\(sizes.maximum)",
    ])
    return try withEmptyFolder {
      for (number, version) in versions.folders.enumerated() {
        _ = try casync.make(version, as: "\(folder)/\(number).caidx", into: folder)
      }
      return try casync.stored(in: folder)
    }
  }

  /// restic cuts files at sizes of its own: 512 KiB, 1 MiB and 8 MiB.
  func storeByRestic() throws -> Stored {
    try withEmptyFolder {
      let restic = Restic()
      try restic.prepare(folder)
      for version in versions.folders { _ = try restic.ingest(version, into: folder) }
      return try restic.stored(in: folder)
    }
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
