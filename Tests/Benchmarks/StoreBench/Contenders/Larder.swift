import BenchRig

/// This program.
struct Larder: Contender {
  let name = "larder"
  let promise = "all of it is durable"

  func prepare(_ folder: String) {}

  func ingest(_ corpus: String, into folder: String) throws -> Cost {
    try Child.run(
      Child.itself, ["ingest", corpus, "--store", "\(folder)/store", "--names", "\(folder)/names"]
    ).cost
  }

  /// One blob, by a process of its own.
  func cat(_ digest: String, from folder: String) throws -> Cost {
    try Child.run(Child.itself, ["cat", "\(folder)/store", digest]).cost
  }

  /// Every file, by one process.
  func extract(from folder: String, to target: String) throws -> Cost {
    try Child.run(
      Child.itself, ["extract", "\(folder)/store", "--names", "\(folder)/names", "--to", target]
    ).cost
  }
}
