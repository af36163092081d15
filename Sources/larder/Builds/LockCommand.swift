import ArgumentParser
import LarderClient
import LarderFederation
import LarderMessages
import LarderWire
import SystemPackage

/// `larder lock`: writes down what a build is.
struct LockCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lock", abstract: "Write larder-lock.json into the output folders of builds.",
    discussion: """
      The lockfile has the facts of each container and the digest of each file. Where one is, \
      nothing that differs from it is published, inspected or fetched. The releases of the remotes \
      that the build refers to are noted if a daemon answers; no origin is asked.
      """)

  @Argument(help: ArgumentHelp("Output folders of builds.", valueName: "dir"))
  var folders: [String]

  @Flag(help: "Write nothing; fail if a lockfile is not what would be written.")
  var frozen = false

  @Flag(help: "Ask no daemon.")
  var offline = false

  @Option(
    help: ArgumentHelp(
      "The statistics of the build, if they are not in its folder.", valueName: "file"))
  var stats: String?

  @OptionGroup var connection: ConnectionOptions

  func validate() throws {
    if stats != nil, folders.count > 1 {
      throw ValidationError("--stats is about one folder; lock the others by themselves")
    }
  }

  func run() throws {
    var outcomes: [Outcome] = []
    for folder in folders {
      let build = try BuildFolder(path: FilePath(folder))
      var lock = try build.lockfile(statistics: stats.map { FilePath($0) })
      // One that cannot be read is replaced, and differs.
      let old = try? build.presentLockfile()
      lock.remotes = try remotes(of: lock, before: old)
      outcomes.append(Outcome(folder: folder, lock: lock, old: old))
      if !frozen {
        try OutputFile.write(
          JSONText.document(lock), to: build.path.appending(Lockfile.fileName))
      }
    }
    try report(outcomes)
    let stale = outcomes.filter(\.differs)
    if frozen, let first = stale.first {
      throw ClientError(
        code: .integrityMismatch,
        message: "\(Lockfile.fileName) of '\(stale.map(\.folder).joined(separator: "', '"))'"
          + " is not what would be written",
        remedy: "write it where the build is made, and keep it with the build: larder lock"
          + " \(first.folder)", subject: first.folder)
    }
  }

  private func report(_ outcomes: [Outcome]) throws(ClientError) {
    if connection.json { return try Console.write(json: Report(outcomes)) }
    for outcome in outcomes {
      if frozen {
        if outcome.differs { try Console.write("\(outcome.folder)\n\(outcome.text)") }
      } else {
        let word = outcome.differs ? "locked" : "unchanged"
        try Console.write("\(word) \(outcome.folder), \(outcome.lock.files.count) files\n")
      }
    }
  }

  /// What remotes are at now; without a daemon, what was noted before.
  private func remotes(
    of lock: Lockfile, before: Lockfile?
  ) throws(ClientError) -> [String: String]? {
    let names = lock.remoteNames
    var found = (before?.remotes ?? [:]).filter { names.contains($0.key) }
    // That no daemon answers is no error: a build needs none.
    if !offline, !names.isEmpty, let client = try? connection.connect() {
      let list = try client.control(
        .remote, RemoteMessage.Request(op: .list), as: RemoteMessage.List.self)
      for remote in list.remotes where names.contains(remote.name) {
        found[remote.name] = remote.current?.release
      }
    }
    return found.isEmpty ? nil : found
  }
}

/// One folder's lockfile, as it is and as it was.
private struct Outcome {
  let folder: String
  let lock: Lockfile
  let old: Lockfile?

  var differs: Bool { lock != old }

  var differences: [ContainerDifference] {
    .between(old?.checked ?? [], lock.checked)
  }

  /// The differences for people.
  var text: String {
    guard let old else { return "  there is no \(Lockfile.fileName) that can be read\n" }
    let changed = differences.filter { !$0.isOfBytesAlone || !$0.files.isEmpty }
    var table = Table(indentation: 2)
    for name in Set(lock.remotes.map { Array($0.keys) } ?? []).union(
      old.remotes.map { Array($0.keys) } ?? []
    ).sorted()
    where lock.remotes?[name] != old.remotes?[name] {
      table.add(name, "\(old.remotes?[name] ?? "none") -> \(lock.remotes?[name] ?? "none")")
    }
    if changed.isEmpty, table.lines.isEmpty { return "  its facts are written otherwise now\n" }
    return DiffText.lines(of: changed) + table.lines
  }
}

extension Lockfile {
  fileprivate var checked: [CheckedContainer] {
    containers.map { facts in
      CheckedContainer(
        name: facts.name, facts: facts,
        files: files.map { .init(path: $0.path, digest: $0.digest, size: $0.size) })
    }
  }
}

/// What `--json` prints.
private struct Report: Encodable {
  struct Folder: Encodable {
    let folder: String
    let changed: Bool
    let files: Int
    let remotes: [String: String]?
    let variants: [ContainerDifference]
  }

  let folders: [Folder]

  init(_ outcomes: [Outcome]) {
    folders = outcomes.map { outcome in
      Folder(
        folder: outcome.folder, changed: outcome.differs, files: outcome.lock.files.count,
        remotes: outcome.lock.remotes, variants: outcome.differs ? outcome.differences : [])
    }
  }
}
