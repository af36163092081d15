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

  @discardableResult private func run(_ folder: String, _ arguments: [String]) throws -> Cost {
    try Child.run(
      "restic",
      ["--quiet", "--repo", "\(folder)/repository", "--cache-dir", "\(folder)/cache"] + arguments,
      environment: environment
    ).cost
  }
}
