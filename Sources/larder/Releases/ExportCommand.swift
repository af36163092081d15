import ArgumentParser
import LarderClient
import LarderCore
import LarderFederation
import LarderMessages
import LarderWire

/// `larder export`: releases with all their bytes become one file.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write releases with all their bytes into one file.",
    discussion: """
      The file is a tar archive: larder.json, then blobs/sha256/DIGEST for each blob. \
      'larder import' makes the releases again on another machine.
      """)

  @Argument(help: ArgumentHelp("Releases.", valueName: "remote[@channel|@release]"))
  var releases: [ReleaseName]

  @Option(
    name: [.short, .customLong("output")],
    help: ArgumentHelp("Where to write it to; '-' is standard output.", valueName: "file"))
  var output: String

  @OptionGroup var connection: ConnectionOptions

  func validate() throws {
    guard !releases.isEmpty else { throw ValidationError("name a release") }
    guard !connection.json || !OutputFile.isStandardOutput(output) else {
      throw ValidationError("--json needs -o FILE: without it standard output is the archive")
    }
  }

  func run() throws {
    let client = try connection.connect()
    let archive = ReleaseArchive(
      try releases.map { (name) throws(ClientError) in
        ExportCommand.release(try name.contents(from: client))
      })
    let sizes = try ExportCommand.sizes(of: archive, from: client)
    var file = try TarOutput(path: output)
    try file.add(ReleaseArchive.headName, Array(JSONText.document(archive).utf8))
    for (digest, size) in sizes {
      try file.begin(ReleaseArchive.blobFolder + digest.hex, sizeBytes: size)
      try client.get(digest) { (bytes) throws(ClientError) in try file.write(bytes) }
    }
    try file.commit()
    if connection.json {
      try Console.write(json: ArchiveReport(archive, bytes: sizes.reduce(0) { $0 + $1.size }))
    } else if !OutputFile.isStandardOutput(output) {
      try Console.write(ArchiveReport.lines(archive, "exported"))
    }
  }

  /// Builds of one statistics file are one variant of what is published.
  private static func release(
    _ contents: RemoteMessage.Contents
  ) -> ReleaseArchive.Release {
    var variants: [PublishMessage.Variant] = []
    for variant in contents.variants {
      guard let stats = variant.stats else {
        variants.append(.init(stats: nil, entry: variant.facts.entry, files: variant.files))
        continue
      }
      if variants.contains(where: { $0.stats == stats }) { continue }
      variants.append(.init(stats: stats, files: variant.files))
    }
    return .init(
      release: contents.release, content: .init(name: contents.name, variants: variants))
  }

  /// In the order of the archive; the statistics' sizes are not among the facts of a release.
  private static func sizes(
    of archive: ReleaseArchive, from client: BlockingClient
  ) throws(ClientError) -> [(digest: Digest, size: Int64)] {
    let files = archive.releases.flatMap(\.content.variants).flatMap(\.files)
    let known = Dictionary(files.map { ($0.digest, $0.size.value) }) { first, _ in first }
    return try archive.blobs.map { (digest) throws(ClientError) in
      if let size = known[digest] { return (digest, size) }
      var size: Int64 = 0
      try client.get(digest) { (bytes) throws(ClientError) in size += Int64(bytes.count) }
      return (digest, size)
    }
  }
}
