import BenchRig

/// casync: content-addressed chunks of a serialised tree, each a file compressed by zstd.
struct Casync: Contender {
  let name = "casync"
  let promise = "nothing is synced"
  /// Given to every command.
  var options: [String] = []

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
    try Child.run("casync", options + arguments).cost
  }

  /// What all trees of a folder take together; the names of files are among it.
  func stored(in folder: String) throws -> Stored {
    func number(_ command: String) throws -> Int {
      let output = try Child.run("bash", ["-o", "pipefail", "-c", command, folder]).output
      return Int(String(decoding: output, as: UTF8.self).filter(\.isNumber)) ?? 0
    }
    let chunks = "find \"$0\" -name '*.cacnk'"
    return Stored(
      distinctBytes: try number("\(chunks) -exec cat {} + | zstd -dc | wc -c"),
      bytes: try number("find \"$0\" -type f -exec cat {} + | wc -c"),
      chunks: try number("\(chunks) | wc -l"))
  }
}
