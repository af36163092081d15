import Foundation
import Glibc
import LarderClient
import LarderCore
import LarderMessages
import LarderPlatform
import LarderWire
import Testing

/// Many clients, one URL that nobody has, and an origin that answers when the test lets it.
@Suite("Single flight")
struct SingleFlightTests {
  /// Clients of each realm, the one that starts its fetch among them.
  static let clients = 25
  /// Those that ask with a credential besides, in realm `default`.
  static let withCredential = 5
  static let credential = "Bearer of-a-test"

  /// Who shares a fetch.
  struct Group {
    let realm: String
    let authorization: String?
    let clients: Int
  }

  @Test("the death of the client that began a fetch costs the others no byte and no request")
  func starterDies() async throws {
    try await blocking {
      var generator = SeededGenerator(seed: 4)
      // More than a flight keeps in memory: whoever falls behind reads the store.
      let first = generator.bytes(1 << 20)
      let rest = generator.bytes(6 << 20)
      let gate = Gate()
      defer { gate.open() }
      let origin = try ScriptedOrigin { _ in
        ScriptedOrigin.Answer(
          headers: ["Content-Type": "text/javascript"],
          steps: [.bytes(first), .wait(gate), .bytes(rest)])
      }
      defer { origin.stop() }
      let folder = try Scratch()
      let daemon = try DaemonProcess.start(in: folder, realms: ["other"])
      let groups = [
        Group(realm: "default", authorization: nil, clients: Self.clients),
        Group(realm: "other", authorization: nil, clients: Self.clients),
        Group(
          realm: "default", authorization: Self.credential, clients: Self.withCredential),
      ]
      let url = origin.url + "big.js"
      try folder.write(Self.credential.utf8, to: "credential")
      let starters = try groups.map { group in
        try Starter(
          url, daemon.socket(of: group.realm),
          credential: group.authorization.map { _ in
            folder.path("credential")
          })
      }
      for starter in starters { try starter.waitForBytes() }
      #expect(origin.requests.count == groups.count)

      let others = groups.flatMap { Array(repeating: $0, count: $0.clients - 1) }
      let whole = first + rest
      let right = Locked(0)
      let waiting = DispatchGroup()
      waiting.enter()
      Thread.detachNewThread {
        defer { waiting.leave() }
        do {
          try concurrently(others.count) { number in
            let group = others[number]
            var bytes: [UInt8] = []
            let reply = try daemon.connect(to: group.realm).ensure(
              EnsureMessage.Request(url: url, bytes: true, authorization: group.authorization)
            ) { bytes += $0 }
            let isRight = bytes == whole && reply.source == .origin && !reply.stale
            if isRight { right.withLock { $0 += 1 } }
          }
        } catch {
          Issue.record(error)
        }
      }
      try daemon.settle {
        $0.origin.coalesced == Int64(Self.clients - 1 + Self.withCredential - 1)
      }
      try daemon.settle("other") { $0.origin.coalesced == Int64(Self.clients - 1) }
      for starter in starters { starter.kill() }
      // The daemon has seen the starters go; it still has the others, and who asks.
      try daemon.settle { $0.machine?.connections.open == Int64(others.count + 1) }
      gate.open()
      waiting.wait()

      #expect(right.withLock { $0 } == others.count)
      #expect(origin.requests.count == groups.count)
      #expect(origin.requests.count { $0.headers["authorization"] == nil } == 2)
      #expect(origin.requests.count { $0.headers["authorization"] == Self.credential } == 1)
      let statistics: StatisticsMessage = try daemon.connect(to: "other").control(.stats)
      #expect(statistics.origin.requests == 1)
      #expect(statistics.origin.ensuredBytes == Int64(whole.count))
    }
  }
}

/// A `larder fetch` that makes the daemon ask the origin.
private struct Starter {
  private let process: ChildProcess
  private let output: Int32

  init(_ url: String, _ socket: String, credential: String?) throws {
    let (reading, writing) = try SocketDescriptor.pair()
    output = reading
    defer { close(writing) }
    process = try ChildProcess(
      ChildProcess.programs.appending(path: "larder").path,
      ["fetch", url, "-o", "-"] + (credential.map { ["--authorization-file", $0] } ?? []),
      environment: ["LARDER_SOCKET": socket], output: writing, errors: STDERR_FILENO)
  }

  /// Blocks until it has printed something: the stream has begun.
  func waitForBytes() throws {
    var byte: UInt8 = 0
    try #require(read(output, &byte, 1) == 1, "larder fetch ended without a byte")
  }

  func kill() {
    process.kill()
    process.wait()
    close(output)
  }
}
