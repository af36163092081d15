import ArgumentParser
import Glibc
import LarderClient
import LarderCore
import LarderMessages
import SystemPackage

/// `larder up`: a daemon for this user.
struct UpCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "up", abstract: "Run the daemon, unless one answers already.",
    discussion: """
      Runs the larderd that stands beside this program, else the one on PATH, in the foreground. \
      The store is kept in ${XDG_DATA_HOME:-~/.local/share}/larder/store.
      """)

  @Flag(help: "Run it in the background and return when it answers.")
  var detach = false

  @Option(help: ArgumentHelp("The folder of the store.", valueName: "path"))
  var store: String?

  @Argument(
    parsing: .postTerminator,
    help: ArgumentHelp("Further options of larderd, after '--'.", valueName: "larderd-option"))
  var further: [String] = []

  @OptionGroup var connection: ConnectionOptions

  func run() throws {
    let places = Places.current()
    let socket = try places.listeningSocket(named: connection.socket)
    if let client = try UpCommand.running(at: socket) {
      try tell(
        Document(started: false, socket: socket.string, server: client.hello.server),
        "\(client.hello.server) answers at '\(socket)' already, realm \(client.realm)")
      return
    }
    let program = DaemonProgram(
      path: try DaemonProgram.find(searchPath: places.environment["PATH"]),
      store: try store.map { FilePath($0) } ?? places.store(), socket: socket,
      further: try further + gatewayOptions(places))
    try FolderPath.create(folder(of: program.store))
    try FolderPath.create(folder(of: socket))
    var document = Document(started: true, socket: socket.string, store: program.store.string)
    if detach {
      let log = folder(of: program.store).appending("larderd.log")
      let logStart = UpCommand.length(of: log)
      let process = try program.spawn(log: log)
      let start = DaemonStart(process: process, socket: socket, log: log, logStart: logStart)
      let client = try start.wait()
      document.server = client.hello.server
      document.process = process
      document.log = log.string
      try tell(
        document,
        "\(client.hello.server) answers at '\(socket)', process \(process), log '\(log)'")
      hint(places, socket)
    } else {
      document.process = getpid()
      try tell(document, "runs '\(program.path)', store '\(program.store)', socket '\(socket)'")
      hint(places, socket)
      try program.become()
    }
  }

  /// Has pages take what this user overrides, unless it was said from where or that nothing is.
  private func gatewayOptions(_ places: Places) throws(ClientError) -> [String] {
    let option = "--gateway-overrides"
    guard further.contains(where: { $0 == "--gateway" || $0.hasPrefix("--gateway=") }),
      !further.contains(where: { $0 == option || $0.hasPrefix("\(option)=") }),
      places.environment["LARDER_OVERRIDES"] != "off", places.environment["LARDER"] != "off"
    else { return [] }
    return [option, try OverridesFile.path().string]
  }

  static func connect(to socket: FilePath) throws(ClientError) -> BlockingClient {
    try BlockingClient(path: socket.string, options: .init(name: "larder/\(LarderVersion.current)"))
  }

  /// A connection to the daemon that answers at `socket`; nil if none does.
  private static func running(at socket: FilePath) throws(ClientError) -> BlockingClient? {
    do {
      let client = try connect(to: socket)
      try client.ping()
      return client
    } catch {
      guard error.code == .noDaemon else { throw error }
      return nil
    }
  }

  /// Says how hosts find a daemon at a place where they do not look by themselves.
  private func hint(_ places: Places, _ socket: FilePath) {
    if !places.isFound(socket) {
      Console.note("hosts find this daemon with LARDER_SOCKET=\(socket)")
    }
  }

  /// The length of a file, 0 where there is none.
  private static func length(of file: FilePath) -> Int {
    var status = stat()
    return stat(file.string, &status) == 0 ? Int(status.st_size) : 0
  }

  private func folder(of path: FilePath) -> FilePath {
    let folder = path.removingLastComponent()
    return folder.isEmpty ? "." : folder
  }

  private func tell(_ document: Document, _ text: String) throws(ClientError) {
    if connection.json {
      try Console.write(json: document)
    } else {
      try Console.write("\(text)\n")
    }
  }

  private struct Document: Encodable {
    let started: Bool
    let socket: String
    var store: String?
    var server: String?
    var process: Int32?
    var log: String?
  }
}
