import Foundation

/// restic: a backup tool; it cuts, hashes, encrypts, and compresses by zstd into packs of 16 MiB.
struct Restic: Contender {
  let name = "restic"
  let promise = "each pack is synced"
  /// Given to every command.
  var options: [String] = []

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

  /// What all snapshots of a folder take together, but for `distinctBytes`: it does not tell.
  func stored(in folder: String) throws -> Stored {
    struct Answer: Decodable { let total_blob_count: Int }
    let output = try child(folder, ["stats", "--mode", "raw-data", "--json"]).output
    return Stored(
      bytes: try Stored.fileBytes(below: "\(folder)/repository"),
      chunks: try JSONDecoder().decode(Answer.self, from: Data(output)).total_blob_count)
  }

  @discardableResult private func run(_ folder: String, _ arguments: [String]) throws -> Cost {
    try child(folder, arguments).cost
  }

  private func child(
    _ folder: String, _ arguments: [String]
  ) throws -> (output: [UInt8], cost: Cost) {
    try Child.run(
      "restic",
      ["--quiet", "--repo", "\(folder)/repository", "--cache-dir", "\(folder)/cache"] + options
        + arguments,
      environment: environment)
  }
}
