import ArgumentParser
import LarderClient
import LarderCore
import LarderWire

/// `larder put`: files become blobs.
struct PutCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "put", abstract: "Store files and print their digests.",
    discussion: """
      Prints the digest alone for one file, and 'digest  file' lines for several, as sha256sum does.
      """)

  @Argument(help: ArgumentHelp("The files; '-' is standard input.", valueName: "file"))
  var files: [String] = ["-"]

  @Flag(help: "Wait until the bytes would survive a power cut.")
  var durable = false

  @OptionGroup var connection: ConnectionOptions

  func run() throws {
    let client = try connection.connect()
    var stored: [Stored] = []
    for name in files {
      var file = try InputFile(path: name)
      let blob = try client.put(
        ack: durable ? .durable : .accepted, size: file.sizeBytes.map { ByteCount($0) }
      ) { (buffer) throws(ClientError) in try file.read(into: buffer)
      }
      stored.append(Stored(file: name, blob))
      // Each line as it is known: an error in a later file does not take it back.
      if !connection.json {
        try Console.write(files.count == 1 ? "\(blob.digest)\n" : "\(blob.digest)  \(name)\n")
      }
    }
    if connection.json {
      try Console.write(
        json: Document(acknowledgement: durable ? "durable" : "accepted", blobs: stored))
    }
  }

  private struct Document: Encodable {
    let acknowledgement: String
    let blobs: [Stored]
  }

  private struct Stored: Encodable {
    let file: String
    let digest: String
    let size: Int64
    let existed: Bool

    init(file: String, _ blob: PutAnswer) {
      self.file = file
      digest = blob.digest.hex
      size = blob.size.value
      existed = blob.existed
    }
  }
}
