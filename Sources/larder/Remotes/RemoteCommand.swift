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
      Add.self, Update.self, List.self, Show.self, Remove.self, Channel.self, Rollback.self,
      Watch.self,
    ])

  struct Add: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Register a remote by the URLs of its builds.",
      discussion: "Each URL is a folder that holds a stats.json; name one for each variant.")

    @Argument(help: "The name under which hosts ask for it.") var name: String
    @Argument(help: ArgumentHelp("Base URLs of its builds.", valueName: "url")) var urls: [String]
    @OptionGroup var connection: ConnectionOptions

    func run() throws { try connection.printRemote(.init(op: .add, name: name, urls: urls)) }
  }

  struct Update: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Look for a new deploy of a remote and fetch it.",
      discussion: "The channel moves only when the new release is complete and good.")

    @Argument(help: "A remote's name.") var name: String
    @OptionGroup var connection: ConnectionOptions

    func run() throws { try connection.printRemote(.init(op: .update, name: name)) }
  }

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List the remotes.")

    @OptionGroup var connection: ConnectionOptions

    func run() throws {
      let client = try connection.connect()
      let list: RemoteMessage.List = try client.control(
        .remote, RemoteMessage.Request(op: .list))
      if connection.json {
        try Console.write(json: list)
      } else {
        try Console.write(RemoteText.lines(of: list.remotes))
      }
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

  struct Rollback: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Point 'current' of a remote at the release before.")

    @Argument(help: "A remote's name.") var name: String
    @OptionGroup var connection: ConnectionOptions

    func run() throws { try connection.printRemote(.init(op: .rollback, name: name)) }
  }
}

extension ConnectionOptions {
  /// Sends a request whose answer is a remote, and prints that.
  fileprivate func printRemote(_ request: RemoteMessage.Request) throws(ClientError) {
    let client = try connect()
    let remote: RemoteMessage.Remote = try client.remote(request)
    if json {
      try Console.write(json: remote)
    } else {
      try Console.write(RemoteText.lines(of: remote))
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
