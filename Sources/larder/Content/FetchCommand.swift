import ArgumentParser
import LarderClient
import LarderMessages

/// `larder fetch`: a URL becomes a blob, and on request a file.
struct FetchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fetch", abstract: "Make a URL's content present and print its digest.",
    discussion: """
      With an integrity value, content that is stored already is not fetched again. Without one, \
      the content is what the origin gives now, or what it gave last if the origin is down.
      """)

  /// The longest authorization that is read: origins refuse header fields beyond 8 KiB or so.
  static let authorizationBytesMax = 16 << 10

  @Argument(help: "An http or https URL.")
  var url: String

  @Option(
    help: ArgumentHelp(
      "What the content has to match: sha256-, sha384- or sha512- and base 64.",
      valueName: "sri"))
  var integrity: String?

  @Option(
    name: [.short, .customLong("output")],
    help: ArgumentHelp(
      "Write the content there as well; '-' is standard output.", valueName: "file"))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "A file with the value of an Authorization header for the URL's origin, such as 'Bearer …'.",
      valueName: "path"))
  var authorizationFile: String?

  @OptionGroup var connection: ConnectionOptions

  private var writesContent: Bool { output.map(OutputFile.isStandardOutput) ?? false }

  func validate() throws {
    guard !connection.json || !writesContent else {
      throw ValidationError("--json and '-o -' both want standard output")
    }
  }

  func run() throws {
    var request = EnsureMessage.Request(url: url, integrity: integrity)
    if let authorizationFile { request.authorization = try authorization(in: authorizationFile) }
    let client = try connection.connect()
    let reply: EnsureMessage.Reply
    if let output {
      request.bytes = true
      var file = try OutputFile(path: output)
      reply = try client.ensure(request) { (bytes) throws(ClientError) in try file.write(bytes) }
      try file.commit()
    } else {
      reply = try client.ensure(request)
    }
    if reply.stale {
      Console.note("warning: the origin of \(url) is down: this is what it gave last")
    }
    if connection.json {
      try Console.write(json: reply)
    } else if !writesContent {
      try Console.write("\(reply.digest)\n")
    }
  }

  /// The one line of the file; a file, since arguments are shown to every user of the machine.
  private func authorization(in path: String) throws(ClientError) -> String {
    let bytes = try InputFile(path: path).readAll(sizeMax: Self.authorizationBytesMax)
    let text = String(decoding: bytes, as: UTF8.self)
    let lines = text.split(whereSeparator: \.isNewline)
    guard lines.count == 1, let line = lines.first else {
      throw ClientError(
        code: .badRequest, message: "'\(path)' has \(lines.count) lines that are not empty",
        remedy: "write the header's value into it, in one line", subject: path)
    }
    return String(line)
  }
}
