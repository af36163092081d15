import BenchRig
import Foundation

/// A folder of one server's own, empty at first; and the way to start the server in it.
struct ServerFolder {
  let path: String

  init(_ name: String, in scratch: String) throws {
    path = "\(scratch)/\(name)"
    // Of a run before; else there is none.
    try? FileManager.default.removeItem(atPath: path)
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
  }

  var socket: String { "\(path)/socket" }

  /// Starts a server, and waits until it answers on its socket.
  func start(_ program: String, _ arguments: [String]) throws -> Child {
    let child = try Child(program, arguments)
    for _ in 0..<500 {
      if (try? ClientSocket(path: socket, isBlocking: true)) != nil { return child }
      poll(nil, 0, 20)
    }
    child.kill()
    throw WrongAnswer("\(program) does not answer on \(socket)")
  }
}
