import ArgumentParser
import LarderClient
import LarderMessages

extension RemoteCommand {
  /// `larder remote watch`: a line for what a channel names now, then one for each move of it.
  struct Watch: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print where a channel of remotes points, and again whenever it moves.",
      discussion: """
        Each line is a remote and its release, or '-' where it has none. Runs until it is interrupted or the \
        daemon ends.
        """)

    @Argument(help: ArgumentHelp("Remotes, registered or not yet; at most 256.", valueName: "name"))
    var names: [String]
    @Option(help: "The channel to follow.") var channel = "current"
    @OptionGroup var connection: ConnectionOptions

    func run() throws {
      let client = try connection.connect()
      // What no channel can name, so that the first answer says how it is now.
      var known: [String: String?] = Dictionary(names.map { ($0, "") }) { first, _ in first }
      while true {
        let moved = try client.watch(known, channel: channel)
        known.merge(moved) { $1 }
        if connection.json {
          try Console.write(JSONText.line(WatchMessage.Reply(moved: moved)))
        } else {
          try Console.write(
            moved.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value ?? "-")\n" }.joined())
        }
      }
    }
  }
}
