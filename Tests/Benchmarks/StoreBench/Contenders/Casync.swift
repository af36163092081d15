/// casync: content-addressed chunks of a serialised tree, each a file compressed by zstd.
struct Casync: Contender {
  let name = "casync"
  let promise = "nothing is synced"

  func prepare(_ folder: String) {}

  func ingest(_ corpus: String, into folder: String) throws -> Cost {
    try make(corpus, as: "\(folder)/tree.caidx", into: folder)
  }

  /// One file, as an index of its own.
  func make(_ path: String, as index: String, into folder: String) throws -> Cost {
    try run(["--store=\(folder)/chunks.castr", "make", index, path])
  }

  /// What an index names, by one process.
  func extract(_ index: String, from folder: String, to target: String) throws -> Cost {
    try run(["--store=\(folder)/chunks.castr", "extract", index, target])
  }

  private func run(_ arguments: [String]) throws -> Cost {
    try Child.run("casync", arguments).cost
  }
}
