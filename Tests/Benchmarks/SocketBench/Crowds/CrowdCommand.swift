import ArgumentParser
import Foundation
import LarderCore
import LarderWire

/// `socket-bench crowd`: one process of a crowd of clients, until it is killed.
struct CrowdCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "crowd", abstract: "Be some clients of one kind, until killed.",
    shouldDisplay: false)

  @Argument(help: "What they do.")
  var kind: CrowdKind
  @Option(help: "The daemon's socket.")
  var socket: String
  @Option(help: "Clients.")
  var count = 64
  @Option(help: "A blob that they ask for.")
  var digest = ""
  @Option(help: "Its size.")
  var size = 0

  func run() throws {
    switch kind {
    case .idle: try hold()
    case .neverReads: try ignore()
    case .sendsSlowly: try trickle()
    case .badFrames: try each { try $0.write([UInt8](repeating: 255, count: 16)) }
    case .churn: try each { _ in }
    case .readsDeep: try read()
    }
  }

  private func connect() throws -> ClientSocket {
    let connection = try ClientSocket(path: socket, isBlocking: true)
    try LarderRequests.open(connection)
    return connection
  }

  private func rest(milliseconds: Int32) { poll(nil, 0, milliseconds) }

  /// Says that all are there.
  private func announce() { FileHandle.standardOutput.write(Data("ready\n".utf8)) }

  private func hold() throws {
    let all = try (0..<count).map { _ in Client(try connect()) }
    announce()
    withExtendedLifetime(all) { while true { rest(milliseconds: 60_000) } }
  }

  /// Asks for as much as may be asked for, and reads none of it.
  private func ignore() throws {
    let requests = try self.requests()
    let all = try (0..<count).map { _ in
      let client = Client(try connect())
      var buffer = RequestBuffer()
      var cursor = RequestCursor(requests, from: 0)
      cursor.copy(WireLimits.requestsInFlightMax, into: &buffer)
      try client.socket.write(UnsafeRawBufferPointer(buffer.bytes))
      return client
    }
    announce()
    withExtendedLifetime(all) { while true { rest(milliseconds: 60_000) } }
  }

  /// Sends a frame byte by byte on each of many connections.
  private func trickle() throws {
    let all = try (0..<count).map { _ in Client(try connect()) }
    var head: [UInt8] = []
    FrameHeader(verb: .put, flags: .more, requestID: 1, length: 1 << 20).append(to: &head)
    for client in all { try client.socket.write(head) }
    announce()
    while true {
      for client in all {
        try client.socket.write([0])
        rest(milliseconds: 1)
      }
    }
  }

  /// Connects anew, some hundred times a second, and leaves.
  private func each(_ body: (borrowing ClientSocket) throws -> Void) throws {
    announce()
    while true {
      let connection = try connect()
      try body(connection)
      rest(milliseconds: 1)
    }
  }

  /// Reads large blobs, many under way.
  private func read() throws {
    let connection = try LoadConnection(
      BytesDialogue(try requests(), from: 0), path: socket, valueSize: size, depth: 16,
      isBlocking: true)
    try connection.begin(16)
    announce()
    while true { try connection.turn() }
  }

  private func requests() throws -> PreparedRequests {
    guard let digest = Digest(hex: digest) else { throw ValidationError("--digest is none") }
    return LarderRequests.gets([digest], as: .bytes)
  }
}

/// What clients of a crowd do.
enum CrowdKind: String, CaseIterable, ExpressibleByArgument {
  case idle
  case neverReads = "never-reads"
  case sendsSlowly = "sends-slowly"
  case badFrames = "bad-frames"
  case churn
  case readsDeep = "reads-deep"
}

/// A connection that is kept.
private final class Client {
  let socket: ClientSocket

  init(_ socket: consuming ClientSocket) { self.socket = socket }
}
