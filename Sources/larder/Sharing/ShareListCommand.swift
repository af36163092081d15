import ArgumentParser
import LarderClient
import LarderCore
import LarderMessages
import LarderWire

/// `larder share list`: what the daemon knows of shared packages.
struct ShareListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Tell who provides which version of a package with which bytes, and who uses it.",
    discussion: """
      Providers are the current releases; uses are those of hosts with a session since the daemon's \
      start, by their plans.
      """)

  @Argument(help: "A package; all if it is left out.") var key: String?
  @OptionGroup var connection: ConnectionOptions

  func run() throws {
    let shares: SharesMessage = try connection.connect().control(
      .remote, RemoteMessage.Request(op: .shares, key: key))
    if connection.json {
      try Console.write(json: shares)
    } else {
      try Console.write(ShareListText.lines(of: shares, at: UTCTime.now))
    }
  }
}

/// The share registry for people.
enum ShareListText {
  /// A block for each version of each package.
  ///
  /// - Parameter now: seconds since 1970.
  static func lines(of shares: SharesMessage, at now: Int64) -> String {
    if shares.packages.isEmpty { return "no remote provides it, and no host uses it\n" }
    return shares.packages.flatMap { package in
      package.versions.map { version in
        "\(package.key) \(version.version ?? "of unknown version")\n"
          + providers(of: version) + uses(of: version, at: now)
      }
    }.joined(separator: "\n")
  }

  private static func providers(of version: SharesMessage.Version) -> String {
    var table = Table(indentation: 2)
    for provider in version.providers {
      let size = provider.files.map(\.size).reduce(ByteCount.zero, +)
      let bytes =
        provider.eager
        ? "eager, in its entry"
        : "\(size), "
          + provider.files.map { String($0.digest.hex.prefix(12)) }
          .joined(separator: " ")
      table.add(
        "provided by", provider.realm.map { "\(provider.remote) of \($0)" } ?? provider.remote,
        provider.target, provider.scope == "default" ? "" : "scope \(provider.scope)", bytes)
    }
    return table.lines
  }

  private static func uses(of version: SharesMessage.Version, at now: Int64) -> String {
    var table = Table(indentation: 2)
    for use in version.uses {
      let times = use.count == 1 ? "1 session" : "\(use.count) sessions"
      let ago = StatusDocument.duration(seconds: max(now - use.lastAt, 0))
      table.add(
        "used by", use.consumer == use.host ? use.host : "\(use.consumer) in \(use.host)",
        use.ownCopy ? "its own copy" : "from \(use.from ?? "unknown")", "\(times), \(ago) ago")
    }
    return table.lines
  }
}
