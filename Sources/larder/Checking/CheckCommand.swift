import ArgumentParser
import LarderClient
import LarderCore
import LarderFederation
import LarderMessages
import LarderWire
import SystemPackage

/// `larder check`: whether containers would get along in one host.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Tell whether containers would negotiate: versions, singletons, eager packages.",
    discussion: """
      Releases are of the daemon's realm; a candidate is the output folder of a build that is not \
      published yet, and takes the place of a release of the same name. With candidates alone no \
      daemon is needed. The exit code is 65 where a finding reaches --fail-on.
      """)

  @Argument(
    help: ArgumentHelp(
      "Remotes, in the order in which a host initialises them.",
      valueName: "remote[@channel|@release]"))
  var releases: [ReleaseName] = []

  @Option(help: ArgumentHelp("The output folder of a build; may be repeated.", valueName: "dir"))
  var candidate: [String] = []

  @Option(help: "Which findings fail the check: error, warning, note or never.")
  var failOn = FailureLevel.error

  @Flag(help: "Print a SARIF 2.1.0 log, as code hosts show it.")
  var sarif = false

  @OptionGroup var connection: ConnectionOptions

  /// EX_DATAERR.
  private static let failed: Int32 = 65

  func validate() throws {
    guard !releases.isEmpty || !candidate.isEmpty else {
      throw ValidationError("name a remote, or a folder with --candidate")
    }
    guard !(sarif && connection.json) else {
      throw ValidationError("--json and --sarif are two forms of the same: take one")
    }
  }

  func run() throws {
    let candidates = try candidate.flatMap { (folder) throws(ClientError) in
      try CheckedContainer.all(inFolder: FilePath(folder))
    }
    let replaced = Set(candidates.map(\.name))
    var containers: [CheckedContainer] = []
    if !releases.isEmpty {
      let client = try connection.connect()
      for release in releases where !replaced.contains(release.remote) {
        containers += CheckedContainer.all(in: try release.contents(from: client))
      }
    }
    let findings = FederationCheck(containers + candidates).findings()
    if connection.json {
      try Console.write(json: CheckReport(findings: findings))
    } else if sarif {
      try Console.write(json: SARIFLog(findings))
    } else {
      try Console.write(CheckText.lines(of: findings, about: containers + candidates))
    }
    if let least = failOn.level, findings.contains(where: { $0.level >= least }) {
      throw ExitCode(Self.failed)
    }
  }
}

/// What `--json` prints.
struct CheckReport: Codable {
  let findings: [Finding]
}

/// From which level on a finding fails the check.
enum FailureLevel: String, ExpressibleByArgument, CaseIterable {
  case error, warning, note, never

  var level: Finding.Level? { Finding.Level(rawValue: rawValue) }
}

extension CheckedContainer {
  /// The builds of a release.
  static func all(in contents: RemoteMessage.Contents) -> [CheckedContainer] {
    contents.variants.map { variant in
      CheckedContainer(
        name: contents.name, facts: variant.facts,
        files: variant.files.map {
          File(path: $0.path, digest: $0.digest, size: $0.size.value)
        })
    }
  }

  /// The containers of a build that is not published, under their own names.
  static func all(inFolder path: FilePath) throws(ClientError) -> [CheckedContainer] {
    let build = try BuildFolder(path: path)
    let facts = try build.containers()
    let files = try build.files()
    return try facts.map { (facts) throws(ClientError) in
      let own = Set(
        [facts.entry] + facts.entryPrerequisites + facts.chunks.flatMap(\.files))
      return CheckedContainer(
        name: facts.name, facts: facts,
        files: try files.filter { own.contains($0.path) }.map { (file) throws(ClientError) in
          File(
            path: file.path,
            digest: try InputFile(regularFileAt: FilePath(file.location)).digest(),
            size: file.sizeBytes)
        })
    }
  }
}
