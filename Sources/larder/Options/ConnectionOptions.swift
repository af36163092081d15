import ArgumentParser
import LarderClient
import LarderCore

/// The options that every command takes.
struct ConnectionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The daemon's socket. Without it LARDER_SOCKET, the user's place and the machine's count.",
      valueName: "path"))
  var socket: String?

  @Flag(help: "Print one JSON document; errors become JSON as well.")
  var json = false

  /// A connection to the daemon that the options or the environment name.
  func connect() throws(ClientError) -> BlockingClient {
    let path = try Places.current().connectingSocket(named: socket)
    return try BlockingClient(path: path, options: .init(name: "larder/\(LarderVersion.current)"))
  }
}
