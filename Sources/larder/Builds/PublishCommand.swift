import ArgumentParser
import LarderClient
import LarderCore
import LarderFederation
import LarderMessages
import LarderWire
import SystemPackage

/// `larder publish`: the output folders of a build become a release.
struct PublishCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "publish", abstract: "Make a release of builds on this machine.",
    discussion: """
      Each folder is one variant. It is read by the stats.json of its build, else by the code of \
      its entry. The release appears whole or not at all, and 'current' moves to it.
      """)

  @Argument(help: "The remote's name; it is registered if it is new.")
  var name: String

  @Argument(help: ArgumentHelp("Output folders of the builds.", valueName: "dir"))
  var folders: [String]

  @OptionGroup var connection: ConnectionOptions

  func run() throws {
    // All that this machine can tell is told before a byte is sent.
    var builds: [(stats: BuildFolder.File?, entry: String?, files: [BuildFolder.File])] = []
    for folder in folders {
      let build = try BuildFolder(path: FilePath(folder))
      let containers = try build.containers()
      let files = try build.files()
      try build.check(files, against: containers)
      let stats = files.first { $0.path == StatsImporter.fileName }
      let entry = stats == nil ? containers.first?.reading?.file : nil
      builds.append((stats, entry, files.filter { $0 != stats }))
    }
    let client = try connection.connect()
    var variants: [PublishMessage.Variant] = []
    for build in builds {
      var files: [PublishMessage.File] = []
      for file in build.files {
        let stored = try PublishCommand.put(file, to: client)
        files.append(.init(path: file.path, digest: stored.digest, size: stored.size))
      }
      let stats = try build.stats.map { (file) throws(ClientError) in
        try PublishCommand.put(file, to: client).digest
      }
      variants.append(.init(stats: stats, entry: build.entry, files: files))
    }
    let release: ReleaseMessage = try client.control(
      .publish, PublishMessage.Request(name: name, variants: variants))
    if connection.json {
      try Console.write(json: release)
    } else {
      try Console.write("published \(release.name)\n" + RemoteText.lines(of: release))
    }
  }

  private static func put(
    _ file: BuildFolder.File, to client: BlockingClient
  ) throws(ClientError) -> PutAnswer {
    var source = try InputFile(regularFileAt: FilePath(file.location))
    guard source.sizeBytes == file.sizeBytes else {
      throw BuildFolder.changed(file.location)
    }
    return try client.put(ack: .durable, size: ByteCount(file.sizeBytes)) {
      (buffer) throws(ClientError) in try source.read(into: buffer)
    }
  }
}
