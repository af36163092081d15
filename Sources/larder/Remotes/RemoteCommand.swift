import ArgumentParser
import LarderClient
import LarderMessages
import LarderWire

/// `larder remote …`: the remotes that this realm knows.
struct RemoteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remote",
    abstract: "Add, update, list and remove remotes, and move their channels.",
    subcommands: [
      Add.self, Update.self, List.self, Show.self, Remove.self, Channel.self, Switch.self,
      Rollback.self,
      Watch.self,
    ])

  struct Add: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Register a remote by the URLs of its builds.",
      discussion: """
        Each URL is a folder that holds a stats.json, or the entry of a build, which ends in .js; \
        name one for each variant.
        """)

    @Argument(help: "The name under which hosts ask for it.") var name: String
    @Argument(help: ArgumentHelp("Base URLs of its builds.", valueName: "url")) var urls: [String]
    @Option(help: UpdateInterval.help) var every: UpdateInterval?
    @OptionGroup var connection: ConnectionOptions

    func run() throws {
      try connection.printRemote(
        .init(op: .add, name: name, urls: urls, everySeconds: every?.seconds))
    }
  }

  struct Update: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Look for a new deploy of a remote and fetch it.",
      discussion: "The channel moves only when the new release is complete and good.")

    @Argument(help: "A remote's name.") var name: String
    @Option(help: UpdateInterval.help) var every: UpdateInterval?
    @OptionGroup var connection: ConnectionOptions

    func run() throws {
      try connection.printRemote(
        .init(op: .update, name: name, everySeconds: every?.seconds))
    }
  }

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List the remotes.")

    @OptionGroup var connection: ConnectionOptions

    func run() throws {
      try connection.printRemotes(try connection.connect().remote(.init(op: .list)))
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show a remote, its channels and its releases.")

    @Argument(help: "A remote's name.") var name: String
    @OptionGroup var connection: ConnectionOptions

    func run() throws { try connection.printRemote(.init(op: .show, name: name)) }
  }

  struct Remove: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Forget a remote, its channels and its releases.")

    @Argument(help: "A remote's name.") var name: String
    @OptionGroup var connection: ConnectionOptions

    func run() throws {
      let client = try connection.connect()
      let reply: EmptyMessage = try client.remote(.init(op: .remove, name: name))
      if connection.json {
        try Console.write(json: reply)
      } else {
        try Console.write("removed \(name)\n")
      }
    }
  }

  struct Channel: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Point a channel of a remote at one of its releases.")

    @Argument(help: "A remote's name.") var name: String
    @Argument(help: "The channel, such as 'current'.") var channel: String
    @Argument(help: "The release, 32 hexadecimal digits.") var release: String
    @OptionGroup var connection: ConnectionOptions

    func run() throws {
      try connection.printRemote(
        .init(op: .channel, name: name, channel: channel, release: release))
    }
  }

  struct Switch: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Point a channel of several remotes at releases, of all or of none.",
      discussion: "'larder remote switch current nav@next cart@next' makes what is next current.")

    @Argument(help: "The channel, such as 'current'.") var channel: String
    @Argument(
      help: ArgumentHelp(
        "Remotes, each with the release or the other channel that it takes.",
        valueName: "name@release|name@channel"))
    var releases: [ReleaseName]
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
      if let name = releases.first(where: { ($0.channel ?? $0.release) == nil }) {
        throw ValidationError("say where '\(name.remote)' goes: '\(name.remote)@next'")
      }
    }

    func run() throws {
      let client = try connection.connect()
      var ids: [String: String] = [:]
      for name in releases { ids[name.remote] = try name.id(from: client) }
      try connection.printRemotes(
        try client.remote(.init(op: .switch, channel: channel, releases: ids)))
    }
  }

  struct Rollback: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Point 'current' of remotes at the release before, of all or of none.")

    @Argument(help: "Names of remotes.") var names: [String]
    @OptionGroup var connection: ConnectionOptions

    func run() throws {
      if names.count == 1 {
        return try connection.printRemote(.init(op: .rollback, name: names[0]))
      }
      try connection.printRemotes(
        try connection.connect().remote(.init(op: .rollback, names: names)))
    }
  }
}

extension ReleaseName {
  /// The release's 32 digits; a channel is looked up.
  fileprivate func id(from client: BlockingClient) throws(ClientError) -> String {
    if let release { return release }
    let remote: RemoteMessage.Remote = try client.remote(.init(op: .show, name: self.remote))
    guard let channel, let id = remote.channels[channel] else {
      throw ClientError(
        code: .notFound, message: "'\(self.remote)' has no channel '\(channel ?? "")'",
        remedy: "'larder remote show \(self.remote)' lists its channels", subject: self.remote)
    }
    return id
  }
}

extension ConnectionOptions {
  fileprivate func printRemotes(_ list: RemoteMessage.List) throws(ClientError) {
    if json {
      try Console.write(json: list)
    } else {
      try Console.write(RemoteText.lines(of: list.remotes, at: UTCTime.now))
    }
  }

  /// Sends a request whose answer is a remote, and prints that.
  fileprivate func printRemote(_ request: RemoteMessage.Request) throws(ClientError) {
    let client = try connect()
    let remote: RemoteMessage.Remote = try client.remote(request)
    if json {
      try Console.write(json: remote)
    } else {
      try Console.write(RemoteText.lines(of: remote, at: UTCTime.now))
    }
  }
}

extension BlockingClient {
  /// Sends a REMOTE request; an error about a name that nobody has says which names are near.
  fileprivate func remote<Reply: Decodable>(
    _ request: RemoteMessage.Request
  ) throws(ClientError) -> Reply {
    do {
      return try control(.remote, request)
    } catch {
      guard error.code == .unknownRemote, let name = request.name,
        // The names only improve the message of the error that is thrown in any case.
        let list = try? control(
          .remote, RemoteMessage.Request(op: .list), as: RemoteMessage.List.self),
        let near = NearName.find(name, among: list.remotes.map(\.name))
      else { throw error }
      throw ClientError(
        code: error.code, message: error.message,
        remedy: "did you mean '\(near)'? "
          + (error.remedy ?? "'larder remote list' shows all names"),
        subject: error.subject)
    }
  }
}
