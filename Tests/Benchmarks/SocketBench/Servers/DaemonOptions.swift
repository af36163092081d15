import ArgumentParser

/// Which daemon a command measures, and where.
struct DaemonOptions: ParsableArguments {
  @Option(help: "The daemon that is measured.")
  var larderd = ".build-bench/release/larderd"
  @Option(help: "A folder for everything.")
  var scratch = ".build-bench/socket"

  func start() throws -> LarderServer { try LarderServer(program: larderd, scratch: scratch) }
}
