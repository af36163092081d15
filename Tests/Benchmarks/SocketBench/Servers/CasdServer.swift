import BenchRig
import Crypto
import Foundation

/// buildbox-casd: the Remote Execution API's store on a local disk, a file a blob.
final class CasdServer: Peer {
  /// gRPC takes no larger message, unless both sides were told to.
  private static let valueMax = 4 << 20 - 1024

  let name = "casd"
  private let folder: ServerFolder
  private let child: Child
  private let peers: String
  private let client: String
  let process: ProcessClock

  var socket: String { folder.socket }

  /// - Parameter peers: where `scripts/install-bench-peers` put it.
  /// - Parameter client: `Tests/Benchmarks/casd-client.py`.
  init(peers: String, client: String, scratch: String) throws {
    folder = try ServerFolder("casd", in: scratch)
    child = try folder.start(
      "\(peers)/buildbox-casd",
      ["--bind", "unix:\(folder.socket)", "--log-level", "error", "\(folder.path)/cas"])
    process = try ProcessClock(child.processID)
    self.peers = peers
    self.client = client
  }

  deinit { child.kill() }

  func takes(_ valueSize: Int) -> Bool { valueSize <= CasdServer.valueMax }

  /// Has it capture a folder of the values.
  func load(_ values: ValueSet) throws {
    let files = "\(folder.path)/files-\(values.size)"
    try FileManager.default.createDirectory(atPath: files, withIntermediateDirectories: true)
    for (number, value) in values.values.enumerated() {
      try Data(value).write(to: URL(filePath: "\(files)/\(values.name(of: number))"))
    }
    try Child.run(
      "\(peers)/python/bin/python",
      [client, folder.socket, "\(child.processID)", "capture", files])
  }

  func requests(_ values: ValueSet) -> PreparedRequests {
    let digests = values.values.map(Self.digest)
    return PreparedRequests { number in
      GRPCRequest.bytes(digest: digests[number % digests.count], size: values.size)
    }
  }

  func dialogue(
    _ requests: PreparedRequests, from place: Int, _ values: ValueSet
  ) -> GRPCDialogue {
    GRPCDialogue(
      requests, first: GRPCRequest.first(digest: Self.digest(values.values[0]), size: values.size),
      from: place, valueSize: values.size)
  }

  private static func digest(_ value: [UInt8]) -> String {
    SHA256.hash(data: value).map { String(format: "%02x", $0) }.joined()
  }
}
