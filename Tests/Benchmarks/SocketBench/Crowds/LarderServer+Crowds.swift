import BenchRig
import Foundation
import LarderCore
import LarderWire

extension LarderServer {
  /// Starts a process with clients of one kind, and waits until all of them are there.
  func crowd(
    _ kind: CrowdKind, count: Int, _ digest: Digest? = nil, _ size: Int = 0
  ) throws -> Child {
    var arguments = [
      "crowd", kind.rawValue, "--socket", folder.socket, "--count", "\(count)", "--size", "\(size)",
    ]
    if let digest { arguments += ["--digest", digest.hex] }
    let child = try Child(Child.itself, arguments)
    try child.line()
    return child
  }

  func openConnections() throws -> Double { try connections("open") }

  func longestTurnMicroseconds() throws -> Double { try connections("longestTurnMicroseconds") }

  /// A figure of STATS.
  private func connections(_ name: String) throws -> Double {
    struct Statistics: Decodable {
      struct Machine: Decodable { let connections: [String: Double] }
      let machine: Machine
    }
    let connection = try ClientSocket(path: folder.socket, isBlocking: true)
    try LarderRequests.open(connection)
    var frame: [UInt8] = []
    frame.appendFrame(.stats, [], id: 1, body: [])
    try connection.write(frame)
    let text = try LarderRequests.answer(on: connection)
    let statistics = try JSONDecoder().decode(Statistics.self, from: Data(text))
    return statistics.machine.connections[name] ?? 0
  }
}
