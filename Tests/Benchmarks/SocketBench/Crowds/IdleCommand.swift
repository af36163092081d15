import ArgumentParser
import BenchRig
import Foundation

/// `socket-bench idle`: what connections cost that ask for nothing.
struct IdleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "idle", abstract: "Measure the memory of idle connections.")

  @OptionGroup var daemon: DaemonOptions
  @Option(help: "Connections.")
  var connections = 10_000
  @Option(help: "Processes that hold them.")
  var processes = 8

  func run() throws {
    let server = try daemon.start()
    let before = try ProcessMemory(of: server.child.processID)
    let crowds = try (0..<processes).map { _ in
      try server.crowd(.idle, count: connections / processes)
    }
    defer { for crowd in crowds { crowd.kill() } }
    let after = try ProcessMemory(of: server.child.processID)
    let count = Double(connections / processes * processes) * 1024
    func figure(_ what: String, _ bytes: Int, _ goal: Figure.Goal? = nil) -> Figure {
      Figure(what: what, unit: "KiB", ours: Series(values: [Double(bytes) / count]), goal: goal)
    }
    var report = Report()
    report.figures = [
      figure(
        "resident memory of an idle connection, of \(connections)",
        after.ownBytes - before.ownBytes,
        .atMost(16)),
      figure(
        "the kernel's for its two sockets", after.socketBytes - before.socketBytes),
      figure("in slabs", after.sharedBytes - before.sharedBytes),
    ]
    print(report.table)
  }
}
