import ArgumentParser
import BenchRig
import Foundation
import LarderCore

/// `socket-bench hostile`: what clients that misbehave cost the daemon, and those that do not.
struct HostileCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hostile", abstract: "Measure a good client beside bad ones.")

  @OptionGroup var daemon: DaemonOptions
  @Option(help: "Clients that never read.")
  var clients = 1000
  @Option(help: "How often the good client is measured alone and beside others.")
  var rounds = 7
  @Option(help: "Seconds of one measurement.")
  var seconds = 1.0
  @Option(help: "The same seed gives the same values.")
  var seed: UInt64 = 1

  /// What the good client asks for, one after the other.
  private static let valueSize = 32

  func run() throws {
    var report = Report()
    report.figures += try neverReading()
    for kind in CrowdKind.allCases where kind != .idle { report.figures += try beside(kind) }
    print(report.table)
  }

  /// Memory of clients that ask for much and read nothing, and how soon they are gone.
  private func neverReading() throws -> [Figure] {
    var figures: [Figure] = []
    // From memory, and from the disk: each is asked for its own way.
    for size in [1 << 20, 16 << 20] {
      let server = try daemon.start()
      let digest = try server.load(ValueSet(size: size, seed: seed))[0]
      let before = try ProcessMemory(of: server.child.processID)
      let crowd = try server.crowd(.neverReads, count: clients, digest, size)
      defer { crowd.kill() }
      let start = Monotonic.nanoseconds
      var most = 0
      var sockets = 0
      while try server.openConnections() > 1 {
        let now = try ProcessMemory(of: server.child.processID)
        most = max(most, now.ownBytes - before.ownBytes)
        sockets = max(sockets, now.socketBytes - before.socketBytes)
        if Monotonic.nanoseconds - start > 120_000_000_000 { break }
        poll(nil, 0, 100)
      }
      let passed = Double(Monotonic.nanoseconds - start) / 1e9
      let what = "of \(clients) clients that never read blobs of \(size >> 20) MiB"
      func figure(_ name: String, _ bytes: Int, _ goal: Figure.Goal? = nil) -> Figure {
        Figure(
          what: "\(name) \(what), each", unit: "KiB",
          ours: Series(values: [Double(bytes) / Double(clients) / 1024]), goal: goal)
      }
      figures += [
        figure("resident memory", most, .atMost(256)), figure("the kernel's objects", sockets),
        Figure(
          what: "until the last is closed \(what)", unit: "s", ours: Series(values: [passed]),
          goal: .atMost(33)),
      ]
    }
    return figures
  }

  /// The 99th percentile of a good client's waits, beside a crowd and without, in paired rounds.
  private func beside(_ kind: CrowdKind) throws -> [Figure] {
    let server = try daemon.start()
    let peer = try LarderBytes(server)
    let values = ValueSet(size: Self.valueSize, seed: seed)
    _ = try server.load(values)
    let size = kind == .readsDeep ? 16 << 20 : 1 << 20
    let digest = try server.load(ValueSet(size: size, seed: seed))[0]
    for _ in 0..<2 { try peer.verify(values) }
    let load = LoadRun(connections: 1, depth: 1, valueSize: Self.valueSize, seconds: seconds)
    var (alone, beside) = (Series(), Series())
    for _ in 0..<rounds {
      alone.add(try peer.measure(load, values).latencies.microseconds(at: 0.99))
      let crowd = try server.crowd(kind, count: 64, digest, size)
      defer { crowd.kill() }
      beside.add(try peer.measure(load, values).latencies.microseconds(at: 0.99))
    }
    let name = kind.rawValue
    return [
      Figure(what: "p99 of a good client alone, before \(name)", unit: "us", ours: alone),
      Figure(what: "p99 beside \(name)", unit: "us", ours: beside),
      Figure(
        what: "p99 beside \(name), by alone", unit: "x", ours: beside.ratio(to: alone),
        goal: .atMost(1.5)),
      Figure(
        what: "the loop's longest turn, with \(name)", unit: "us",
        ours: Series(values: [try server.longestTurnMicroseconds()])),
    ]
  }
}
