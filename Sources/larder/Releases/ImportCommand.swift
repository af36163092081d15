import ArgumentParser
import LarderClient
import LarderCore
import LarderMessages
import LarderWire

/// `larder import`: makes the releases that an archive holds.
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Make the releases that 'larder export' wrote into a file.",
    discussion: """
      Every blob is checked against its digest. Each release appears whole or not at all, and \
      'current' of its remote moves to it.
      """)

  @Argument(help: "The archive; '-' is standard input.")
  var file: String

  @OptionGroup var connection: ConnectionOptions

  func run() throws {
    var input = TarInput(try InputFile(path: file))
    guard let head = try input.next(), head.path == ReleaseArchive.headName else {
      throw ClientError.archive(file, "it does not begin with \(ReleaseArchive.headName)")
    }
    guard head.sizeBytes <= ReleaseArchive.headBytesMax else {
      throw ClientError.archive(file, "its \(ReleaseArchive.headName) is too long")
    }
    let archive = try ReleaseArchive(reading: try input.content(), of: file)
    let client = try connection.connect()
    var missing = Set(archive.blobs)
    var bytes: Int64 = 0
    while let entry = try input.next() {
      guard entry.path.hasPrefix(ReleaseArchive.blobFolder),
        let digest = Digest(hex: String(entry.path.dropFirst(ReleaseArchive.blobFolder.count))),
        missing.remove(digest) != nil
      else { throw ClientError.archive(file, "it has '\(entry.path)', which no release needs") }
      _ = try client.put(ack: .durable, digest: digest, size: ByteCount(entry.sizeBytes)) {
        (buffer) throws(ClientError) in try input.read(into: buffer)
      }
      bytes += entry.sizeBytes
    }
    if let digest = missing.first {
      throw ClientError.archive(file, "it lacks \(missing.count) blobs, such as \(digest.hex)")
    }
    for release in archive.releases {
      let made: ReleaseMessage = try client.control(.publish, release.content)
      if made.release != release.release {
        Console.note(
          "\(made.name)@\(release.release) is \(made.release) here: its build is read otherwise now"
        )
      }
    }
    if connection.json {
      try Console.write(json: ArchiveReport(archive, bytes: bytes))
    } else {
      try Console.write(ArchiveReport.lines(archive, "imported"))
    }
  }
}

/// What `export` and `import` print with `--json`.
struct ArchiveReport: Encodable {
  struct Release: Encodable {
    let name: String
    let release: String
  }

  let releases: [Release]
  let blobs: Int
  let bytes: Int64

  init(_ archive: ReleaseArchive, bytes: Int64) {
    releases = archive.releases.map { Release(name: $0.content.name, release: $0.release) }
    blobs = archive.blobs.count
    self.bytes = bytes
  }

  static func lines(_ archive: ReleaseArchive, _ verb: String) -> String {
    archive.releases.map { "\(verb) \($0.content.name)@\($0.release)\n" }.joined()
  }
}
