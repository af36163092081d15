import ArgumentParser
import Glibc
import LarderClient
import LarderMessages
import LarderPlatform
import LarderWire
import SystemPackage

/// `larder console`: the daemon in a browser.
struct ConsoleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "console", abstract: "Open the console in a browser, or tell where it is.",
    discussion: """
      Needs a daemon with --gateway at an address of this machine, and a socket that may publish. Who \
      knows the URL can switch releases: it is shown on demand only.
      """)

  @Flag(help: "Print the URL and open nothing.")
  var print = false

  @OptionGroup var connection: ConnectionOptions

  func run() throws {
    let statistics: StatisticsMessage = try connection.connect().control(.stats)
    guard let url = statistics.consoles?.first else {
      throw ClientError(
        code: .notFound,
        message: "there is no console of realm '\(statistics.realm)' for this socket",
        remedy: statistics.gateways == nil
          ? "start the daemon with a gateway: larder up --detach -- --gateway 7717"
          : "use a socket that may publish and observe, and a gateway on this machine alone",
        subject: statistics.realm)
    }
    if !print { try open(url) }
    if connection.json {
      try Console.write(json: Document(url: url, opened: !print))
    } else {
      try Console.write(print ? "\(url)\n" : "opened the console\n")
    }
  }

  private struct Document: Encodable {
    let url: String
    let opened: Bool
  }

  /// By a file that only this user reads and that leads there: other users see what programs are
  /// started with.
  private func open(_ url: String) throws(ClientError) {
    let environment = Places.current().environment
    guard let folder = SocketPath.userData(environment: environment) else {
      throw .usage(
        "cannot tell where this user's data is kept: neither XDG_DATA_HOME nor HOME is set",
        remedy: "use --print")
    }
    try FolderPath.create(folder)
    let page = folder.appending("console.html").string
    umask(0o077)
    var file = try OutputFile(path: page)
    let text = """
      <!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer">
      <meta http-equiv="refresh" content="0;url=\(url)"><title>Larder</title>

      """
    try Array(text.utf8).withUnsafeBufferPointer { (bytes) throws(ClientError) in
      try file.write(UnsafeRawBufferPointer(bytes))
    }
    try file.commit()
    try start("xdg-open", page)
  }

  /// Starts a program of the search path without waiting for it: some stay for as long as the browser.
  private func start(_ program: String, _ argument: String) throws(ClientError) {
    var copies: [UnsafeMutablePointer<CChar>?] = []
    for word in [program, argument] { copies.append(strdup(word)) }
    copies.append(nil)
    defer { for copy in copies { free(copy) } }
    var process: pid_t = 0
    let result = posix_spawnp(&process, program, nil, nil, &copies, environ)
    guard result == 0 else {
      throw ClientError(
        code: .notFound, message: "cannot start '\(program)': \(Errno(rawValue: result))",
        remedy: "use --print, and open the URL in a browser of this machine", subject: program)
    }
  }
}
