import ArgumentParser
import LarderClient
import LarderCore
import LarderFederation
import LarderMessages
import LarderWire
import SystemPackage

/// `larder types`: the declarations of remotes.
struct TypesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "types",
    abstract: "Bring the type declarations of remotes to those who import them.",
    subcommands: [Sync.self])

  /// Where Module Federation's tools put the declarations of remotes, one folder for each.
  static let folder = "@mf-types"
  /// The archive of declarations among the files of a release.
  static let archive = "@mf-types.zip"
  /// Says which release the folder is of.
  static let stamp = ".larder-release"

  struct Sync: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Unpack the declarations of remotes' releases into @mf-types.",
      discussion: """
        Without names, of the remotes in the configuration of webpack or rspack in the folder. The \
        declarations are files of the release: they are those of the code that hosts get.
        """)

    @Argument(help: ArgumentHelp("Remotes.", valueName: "remote[@channel|@release]"))
    var remotes: [ReleaseName] = []

    @Option(name: .customLong("in"), help: ArgumentHelp("The project's folder.", valueName: "dir"))
    var folder = "."

    @OptionGroup var connection: ConnectionOptions

    func run() throws {
      let wanted = remotes.isEmpty ? try configured() : remotes
      let client = try connection.connect()
      var outcomes: [Outcome] = []
      for name in wanted { outcomes.append(try sync(name, from: client)) }
      if connection.json { return try Console.write(json: ["remotes": outcomes]) }
      var table = Table()
      for outcome in outcomes {
        table.add(outcome.name, outcome.release, outcome.text)
      }
      try Console.write(table.lines)
    }

    /// The remotes of the configuration in the folder.
    private func configured() throws(ClientError) -> [ReleaseName] {
      let path = try BundlerConfiguration.path(at: FilePath(folder))
      let names = try BundlerConfiguration.read(path).0.federations.flatMap(\.remotes).map(\.name)
      return Set(names).sorted().compactMap { ReleaseName($0) }
    }

    private func sync(
      _ name: ReleaseName, from client: BlockingClient
    ) throws(ClientError) -> Outcome {
      let contents = try name.contents(from: client)
      let place = FilePath(folder).appending(TypesCommand.folder).appending(contents.name)
      let file = contents.variants.lazy.flatMap(\.files)
        .first { $0.path.split(separator: "/").last.map(String.init) == TypesCommand.archive }
      guard let file else {
        return Outcome(name: contents.name, release: contents.release, files: nil, changed: false)
      }
      let stamp = place.appending(TypesCommand.stamp)
      let mark = file.digest.hex
      // Without a mark that can be read they are unpacked anew.
      let known = try? String(
        decoding: InputFile(regularFileAt: stamp).readAll(sizeMax: 1_024), as: UTF8.self)
      if known == mark {
        return Outcome(name: contents.name, release: contents.release, files: 0, changed: false)
      }
      var bytes: [UInt8] = []
      try client.get(file.digest) { (piece) throws(ClientError) in
        bytes.append(contentsOf: piece)
        guard bytes.count <= ZipArchive.bytesMax else {
          throw ClientError(
            code: .tooLarge, message: "the declarations of '\(contents.name)' are too large",
            subject: contents.name)
        }
      }
      let title = "\(TypesCommand.archive) of \(contents.name)@\(contents.release)"
      let entries = try ZipArchive(bytes, named: title).entries()
      try TypesFolder(place).replace(
        with: entries + [.init(path: TypesCommand.stamp, bytes: Array(mark.utf8))])
      return Outcome(
        name: contents.name, release: contents.release, files: entries.count, changed: true)
    }
  }

  /// What became of one remote's declarations.
  fileprivate struct Outcome: Encodable {
    let name: String
    let release: String
    /// Nil where the release has no declarations; 0 where they were there.
    let files: Int?
    let changed: Bool

    var text: String {
      guard let files else { return "has no \(TypesCommand.archive)" }
      return changed ? "\(files) files" : "unchanged"
    }
  }
}
