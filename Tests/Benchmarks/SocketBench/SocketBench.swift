import ArgumentParser

/// Measures the socket alone and beside its peers; `make bench-socket` runs `compare`.
@main
struct SocketBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "socket-bench", abstract: "Measure the native socket.",
    subcommands: [CompareCommand.self, IdleCommand.self, HostileCommand.self, CrowdCommand.self])
}
