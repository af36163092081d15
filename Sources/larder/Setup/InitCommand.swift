import ArgumentParser
import LarderClient
import LarderFederation
import LarderMessages
import LarderWire
import SystemPackage

/// `larder init`: an existing build learns of Larder.
struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Put Larder's plugin into an existing configuration of webpack.",
    discussion: """
      The configuration is read and not run. What would change is shown; nothing is written without \
      --write, and no remote is registered without --register.
      """)

  @Argument(help: "The folder of the configuration, or the configuration itself.")
  var place = "."

  @Flag(help: "Write the change.")
  var write = false

  @Flag(help: "Register the remotes whose URLs it names, as 'larder remote add' does.")
  var register = false

  @OptionGroup var connection: ConnectionOptions

  func run() throws {
    let path = try BundlerConfiguration.path(at: FilePath(place))
    let (found, text) = try BundlerConfiguration.read(path)
    let isRspack = path.lastComponent?.string.hasPrefix("rspack") == true
    let edited = isRspack ? nil : found.withLarder
    if write, let edited { try OutputFile.write(edited, to: path) }
    var report = Report(path: path, found, isRspack: isRspack)
    report.diff = edited.map { UnifiedDiff.text(from: text, to: $0, named: path.string) }
    report.isWritten = write && edited != nil
    if register { report.registered = try registered(report.remotes) }
    if connection.json { try Console.write(json: report) } else { try Console.write(report.text) }
  }

  /// Registers those that have a URL and are not there yet; their names.
  private func registered(
    _ remotes: [BundlerConfiguration.Remote]
  ) throws(ClientError) -> [String] {
    let client = try connection.connect()
    let list = try client.control(
      .remote, RemoteMessage.Request(op: .list), as: RemoteMessage.List.self)
    var known = Set(list.remotes.map(\.name))
    var added: [String] = []
    for remote in remotes {
      guard let url = remote.url, known.insert(remote.name).inserted else { continue }
      // What lies beside an entry of the usual name tells more than the entry.
      let entry = "/remoteEntry.js"
      let place = url.hasSuffix(entry) ? String(url.dropLast(entry.count - 1)) : url
      _ = try client.control(
        .remote, RemoteMessage.Request(op: .add, name: remote.name, urls: [place]),
        as: RemoteMessage.Remote.self)
      added.append(remote.name)
    }
    return added
  }
}

/// What was found and done.
private struct Report: Encodable {
  let file: String
  let name: String?
  let exposes: Bool
  let remotes: [BundlerConfiguration.Remote]
  /// Why there is nothing to change; nil if there is.
  let reason: String?
  var diff: String?
  var isWritten = false
  var registered: [String] = []

  enum CodingKeys: String, CodingKey {
    case file, name, exposes, remotes, reason, diff, registered
    case isWritten = "written"
  }

  init(path: FilePath, _ found: BundlerConfiguration, isRspack: Bool) {
    file = path.string
    name = found.federations.lazy.compactMap(\.name).first
    exposes = found.federations.contains(where: \.exposes)
    var seen: Set<BundlerConfiguration.Remote> = []
    remotes = found.federations.flatMap(\.remotes).filter { seen.insert($0).inserted }
    if isRspack {
      reason = "LarderPlugin is for webpack; 'larder publish --watch' takes builds of rspack"
    } else if found.hasLarder {
      reason = "LarderPlugin is there already"
    } else if found.withLarder == nil {
      reason =
        "ModuleFederationPlugin is not made in a list of plugins: put 'new LarderPlugin()', from"
        + " 'larder/plugin', beside it"
    } else {
      reason = nil
    }
  }

  var text: String {
    var head = Table()
    head.add("configuration", file)
    head.add("container", name ?? "named at run time")
    head.add("exposes", exposes ? "yes" : "nothing")
    var table = Table(indentation: 2)
    for remote in remotes {
      let note = registered.contains(remote.name) ? "registered" : ""
      table.add(remote.name, remote.url ?? remote.written, note)
    }
    let list = remotes.isEmpty ? "" : "remotes\n\(table.lines)"
    let change = diff.map { "\n\($0)" } ?? ""
    let end = reason ?? (isWritten ? "written" : "write this with: larder init --write \(file)")
    return head.lines + list + change + "\n\(end)\n"
  }
}
