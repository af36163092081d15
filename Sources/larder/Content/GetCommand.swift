import ArgumentParser
import LarderClient
import LarderCore

/// `larder get`: a blob becomes a file, or standard output.
struct GetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "get", abstract: "Write a stored blob to standard output or to a file.",
    discussion: "A file appears when all its bytes are there and verified, or not at all.")

  @Argument(help: "The blob's SHA-256, 64 hexadecimal digits.")
  var digest: String

  @Option(
    name: [.short, .customLong("output")],
    help: ArgumentHelp("Where to write it to; '-' is standard output.", valueName: "file"))
  var output = "-"

  @OptionGroup var connection: ConnectionOptions

  func validate() throws {
    guard Digest(hex: digest) != nil else {
      throw ValidationError("'\(digest)' is no digest: a digest has 64 hexadecimal digits")
    }
    guard !connection.json || !OutputFile.isStandardOutput(output) else {
      throw ValidationError("--json needs -o FILE: without it standard output is the content")
    }
  }

  func run() throws {
    guard let digest = Digest(hex: digest) else {
      preconditionFailure("validate() lets only digests through")
    }
    let client = try connection.connect()
    var file = try OutputFile(path: output)
    var sizeBytes: Int64 = 0
    try client.get(digest) { (bytes) throws(ClientError) in
      sizeBytes += Int64(bytes.count)
      try file.write(bytes)
    }
    try file.commit()
    if connection.json {
      try Console.write(json: Document(digest: digest.hex, file: output, size: sizeBytes))
    }
  }

  private struct Document: Encodable {
    let digest: String
    let file: String
    let size: Int64
  }
}
