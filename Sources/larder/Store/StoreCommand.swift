import ArgumentParser
import Glibc
import LarderClient
import LarderCore
import LarderMessages

/// `larder store …`: looks after the store of the daemon, over its admin socket.
struct StoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "store", abstract: "Check the store, make room in it, and explain what it holds.",
    discussion: """
      Talks to the admin socket, which is beside the daemon's: its path with '.admin' at the end.
      """,
    subcommands: [
      Check.self, Scrub.self, Collect.self, Evict.self, Purge.self, List.self, Why.self,
    ])

  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Compare the store's files, its index and its memory.",
      discussion: "Exits with 0 if nothing is wrong, with 74 if something is.")

    @Flag(help: "Read, decode and hash every payload.") var readData = false
    @Option(
      help: ArgumentHelp("Read the n-th of t shares of the payloads.", valueName: "n/t"))
    var subset: Share?
    @OptionGroup var connection: ConnectionOptions

    func run() throws {
      var request = AdminMessage.Request(op: .check)
      request.readData = readData || subset != nil
      request.subset = subset.map { [$0.part, $0.of] }
      try connection.check(request)
    }
  }

  struct Scrub: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Read everything at a bounded rate, and mend what can be.",
      discussion: """
        Goes on where the last scrub was stopped. Exits with 0 if nothing is wrong, with 1 if all \
        was mended, with 74 if content was lost.
        """)

    @OptionGroup var connection: ConnectionOptions

    func run() throws { try connection.check(.init(op: .scrub)) }
  }

  struct Collect: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "gc", abstract: "Bring the store below its low watermark, or free more.")

    @Option(help: ArgumentHelp("Free so many MiB even where nothing is due.", valueName: "MiB"))
    var free: Int64?
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
      guard (0...16_777_216).contains(free ?? 0) else {
        throw ValidationError("--free takes 0 to 16777216 MiB")
      }
    }

    func run() throws {
      var request = AdminMessage.Request(op: .collect)
      request.freeBytes = free.map { $0 << 20 }
      let reply: AdminMessage.Collected = try connection.connectAdmin().admin(request)
      if connection.json { return try Console.write(json: reply) }
      try Console.write(StoreText.lines(of: reply))
    }
  }

  struct Evict: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make a blob a miss; its bytes go with a later collection.")

    @OptionGroup var target: BlobTarget
    @OptionGroup var connection: ConnectionOptions

    func run() throws {
      let reply: AdminMessage.Removed = try connection.connectAdmin().admin(
        target.request(.evict))
      if connection.json { return try Console.write(json: reply) }
      try Console.write("evicted \(target.digest)\n")
    }
  }

  struct Purge: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Remove a blob for good: its bytes are overwritten on disk.",
      discussion: "In every realm unless one is named. Releases and leases do not protect it.")

    @OptionGroup var target: BlobTarget
    @OptionGroup var connection: ConnectionOptions

    func run() throws {
      let reply: AdminMessage.Removed = try connection.connectAdmin().admin(
        target.request(.purge))
      if connection.json { return try Console.write(json: reply) }
      try Console.write(
        "purged \(target.digest): \(reply.records) records, \(ByteCount(reply.bytes))\n")
    }
  }

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "ls", abstract: "List the blobs of a realm.")

    @Option(help: ArgumentHelp("Another realm than the daemon's own.", valueName: "name"))
    var realm: String?
    @OptionGroup var connection: ConnectionOptions

    func run() throws {
      let client = try connection.connectAdmin()
      var request = AdminMessage.Request(op: .list, realm: realm)
      var all: AdminMessage.Listed?
      while true {
        let page: AdminMessage.Listed = try client.admin(request)
        if connection.json {
          all = AdminMessage.Listed(realm: page.realm, blobs: (all?.blobs ?? []) + page.blobs)
        } else {
          try Console.write(StoreText.lines(of: page.blobs))
        }
        guard let last = page.blobs.last else { break }
        request.after = last.digest
      }
      if let all { try Console.write(json: all) }
    }
  }

  struct Why: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Tell where a blob lies and what keeps it.",
      discussion: "Exits with 66 if the store does not have it.")

    @OptionGroup var target: BlobTarget
    @OptionGroup var connection: ConnectionOptions

    func run() throws {
      let reply: AdminMessage.Reasons = try connection.connectAdmin().admin(target.request(.why))
      if connection.json {
        try Console.write(json: reply)
      } else {
        try Console.write(StoreText.lines(of: reply))
      }
      if reply.blob == nil {
        throw ClientError(
          code: .notFound, message: "no blob \(target.digest) in realm '\(reply.realm)'",
          subject: target.digest)
      }
    }
  }
}

/// The n-th of t shares, written `n/t`.
struct Share: ExpressibleByArgument {
  let part: UInt64
  let of: UInt64

  init?(argument: String) {
    let parts = argument.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let part = UInt64(parts[0]), let of = UInt64(parts[1]), of > 0,
      (1...of).contains(part)
    else { return nil }
    self.part = part
    self.of = of
  }
}

/// A blob, and the realm where it is looked for.
struct BlobTarget: ParsableArguments {
  @Argument(help: "A SHA-256 in hexadecimal digits.") var digest: String
  @Option(help: ArgumentHelp("The realm to look in.", valueName: "name")) var realm: String?

  func request(_ op: AdminMessage.Operation) throws(ClientError) -> AdminMessage.Request {
    guard let name = Digest(hex: digest) else {
      throw .usage("'\(digest.prefix(80))' is no digest", remedy: "give 64 hexadecimal digits")
    }
    return AdminMessage.Request(op: op, realm: realm, digest: name)
  }
}

extension ConnectionOptions {
  /// A connection to the admin socket of the daemon that `connect` would find.
  func connectAdmin() throws(ClientError) -> BlockingClient {
    let path = try Places.current().connectingSocket(named: socket)
    return try BlockingClient(
      path: DaemonProgram.adminSocket(of: path),
      options: .init(name: "larder/\(LarderVersion.current)"))
  }

  /// Checks, tells how far it is if somebody watches, and exits with what was found.
  fileprivate func check(_ request: AdminMessage.Request) throws {
    let isWatched = isatty(STDERR_FILENO) == 1
    let reply: AdminMessage.Checked = try connectAdmin().admin(request) { progress in
      if isWatched { Console.status(StoreText.line(of: progress)) }
    }
    if isWatched { Console.status("") }
    if json {
      try Console.write(json: reply)
    } else {
      try Console.write(StoreText.lines(of: reply))
    }
    let left = reply.progress.findings - reply.repaired
    // 74 as for any stored bytes that are damaged; 1 says that nothing is left to do.
    if left > 0 { throw ExitCode(74) }
    if reply.repaired > 0 { throw ExitCode(1) }
  }
}
