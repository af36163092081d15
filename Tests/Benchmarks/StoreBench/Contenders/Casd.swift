import BenchRig
import Foundation

/// buildbox-casd: a daemon with the Remote Execution API's store on a local disk, a file a blob.
///
/// Timed are the calls alone and the daemon's CPU, without its start and without its client: in
/// its favour.
struct Casd: Contender {
  let name = "buildbox-casd"
  let promise = "nothing is synced"

  /// Where `scripts/install-bench-peers` puts what it needs.
  let peers: String
  /// `Tests/Benchmarks/casd-client.py`
  let client: String

  func prepare(_ folder: String) {}

  func ingest(_ corpus: String, into folder: String) throws -> Cost {
    try withDaemon(folder) { daemon in try daemon(["capture", corpus]) }
  }

  /// Starts the daemon, and lends a way to have its client do something.
  func withDaemon<Result>(
    _ folder: String, _ body: ((_ arguments: [String]) throws -> Cost) throws -> Result
  ) throws -> Result {
    // Relative to the working directory, since a socket's path is at most 107 bytes.
    let socket = "\(folder)/socket"
    let daemon = try Child(
      "\(peers)/buildbox-casd",
      ["--bind", "unix:\(socket)", "--log-level", "error", "\(folder)/cas"])
    defer { daemon.kill(SIGTERM) }
    return try body { arguments in
      let output = try Child.run(
        "\(peers)/python/bin/python", [client, socket, "\(daemon.processID)"] + arguments
      ).output
      return try JSONDecoder().decode(Cost.self, from: Data(output))
    }
  }
}
