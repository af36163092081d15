import LarderClient
import LarderCore
import LarderFederation
import LarderMessages
import LarderWire
import SystemPackage

/// Output folders of builds on their way into one release.
struct Publication {
  private struct Build {
    let stats: BuildFolder.File?
    /// What tells of the build, where that is not its statistics.
    let description: String?
    let files: [BuildFolder.File]
  }

  private let name: String
  private let builds: [Build]

  /// Reads the builds and holds their files to what they say; sends nothing.
  init(name: String, folders: [String]) throws(ClientError) {
    self.name = name
    builds = try folders.map { (folder) throws(ClientError) in
      let build = try BuildFolder(path: FilePath(folder))
      let containers = try build.containers()
      let files = try build.files()
      try build.check(files, against: containers)
      let reading = containers.first?.reading
      let stats = files.first { $0.path == StatsImporter.fileName }
      let isByStatistics = stats != nil && reading?.source != .lockfile
      return Build(
        stats: isByStatistics ? stats : nil,
        description: isByStatistics ? nil : reading?.file,
        files: files.filter { $0 != stats })
    }
  }

  /// Stores the files and makes the release.
  ///
  /// - Parameter isValid: asked when all files are sent; false makes no release.
  /// - Returns: the release; nil if the files were not valid any more.
  func send(
    to client: BlockingClient, ifStill isValid: () throws(ClientError) -> Bool = { true }
  ) throws(ClientError) -> ReleaseMessage? {
    var variants: [PublishMessage.Variant] = []
    for build in builds {
      var files: [PublishMessage.File] = []
      for file in build.files {
        let stored = try Publication.put(file, to: client)
        files.append(.init(path: file.path, digest: stored.digest, size: stored.size))
      }
      let stats = try build.stats.map { (file) throws(ClientError) in
        try Publication.put(file, to: client).digest
      }
      variants.append(.init(stats: stats, entry: build.description, files: files))
    }
    guard try isValid() else { return nil }
    return try client.control(.publish, PublishMessage.Request(name: name, variants: variants))
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
