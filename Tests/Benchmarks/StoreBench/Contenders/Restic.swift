import BenchRig
import Foundation

/// restic: a backup tool; it cuts, hashes, encrypts, and compresses by zstd into packs of 16 MiB.
struct Restic: Contender {
  let name = "restic"
  let promise = "each pack is synced"

  /// A key derivation of half a second is part of every run of restic.
  private let environment = ["RESTIC_PASSWORD": "benchmark"]

  func prepare(_ folder: String) throws { try run(folder, ["init"]) }

  func ingest(_ corpus: String, into folder: String) throws -> Cost {
    try run(folder, ["backup", corpus])
  }

  /// One file, by a process of its own.
  func dump(_ file: String, from folder: String) throws -> Cost {
    try run(folder, ["dump", "latest", file])
  }

  /// Every file, by one process.
  func restore(from folder: String, to target: String) throws -> Cost {
    try run(folder, ["restore", "latest", "--target", target])
  }

  /// What every command pays before its work: the key, the configuration.
  func nothing(_ folder: String) throws -> Cost { try run(folder, ["list", "locks"]) }

  /// What the contents of files take in all snapshots together: its index tells the length of
  /// every chunk, and the one before compression.
  func stored(in folder: String) throws -> Stored {
    struct Index: Decodable { let packs: [Pack] }
    struct Pack: Decodable { let blobs: [Blob] }
    struct Blob: Decodable {
      let type: String
      let length: Int
      let uncompressed_length: Int?
    }
    // A chunk is longer by what its encryption adds.
    let sealByteCount = 32
    var stored = Stored()
    let names = try child(folder, ["list", "index"]).output
    for name in String(decoding: names, as: UTF8.self).split(separator: "\n") {
      let index = Data(try child(folder, ["cat", "index", String(name)]).output)
      for pack in try JSONDecoder().decode(Index.self, from: index).packs {
        for blob in pack.blobs where blob.type == "data" {
          stored.distinctBytes += blob.uncompressed_length ?? blob.length - sealByteCount
          stored.bytes += blob.length
          stored.chunks += 1
        }
      }
    }
    return stored
  }

  @discardableResult private func run(_ folder: String, _ arguments: [String]) throws -> Cost {
    try child(folder, arguments).cost
  }

  private func child(
    _ folder: String, _ arguments: [String]
  ) throws -> (output: [UInt8], cost: Cost) {
    try Child.run(
      "restic",
      ["--quiet", "--repo", "\(folder)/repository", "--cache-dir", "\(folder)/cache"] + arguments,
      environment: environment)
  }
}
