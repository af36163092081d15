import ArgumentParser
import FoundationEssentials
import Glibc
import LarderClient
import LarderMessages
import LarderPlatform
import SystemPackage

/// `larder override`: what this user's hosts take from somewhere else than everybody's.
struct OverrideCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "override",
    abstract: "Let this user's hosts take a remote from a dev server or a folder.",
    discussion: """
      Hosts load it straight from there, nothing of it is stored, and its current release takes its \
      place where it does not answer. Without arguments what is overridden is listed.
      """)

  @Argument(help: "A remote's name.")
  var name: String?

  @Argument(
    help: ArgumentHelp(
      "The URL, or the folder, of its build for Node, or the entry there.", valueName: "url|dir"))
  var place: String?

  @Flag(help: "Let it come from its release again; without a name all of them.")
  var remove = false

  @Flag(help: "Print one JSON document; errors become JSON as well.")
  var json = false

  func validate() throws {
    if remove, place != nil {
      throw ValidationError("--remove takes a name, and no place")
    }
    if !remove, name != nil, place == nil {
      throw ValidationError("name the URL or the folder, or give --remove")
    }
  }

  func run() throws {
    var overrides = try OverridesFile.read()
    if remove {
      if let name, overrides.remotes[name] == nil {
        throw ClientError(
          code: .notFound, message: "'\(name)' is not overridden", remedy: "see 'larder override'",
          subject: name)
      }
      overrides.remotes = name.map { name in overrides.remotes.filter { $0.key != name } } ?? [:]
      try overrides.write()
    } else if let name, let place {
      overrides.remotes[name] = try OverridesFile.located(place)
      try overrides.write()
    }
    if json { return try Console.write(json: overrides) }
    var table = Table()
    for (name, place) in overrides.remotes.sorted(by: { $0.key < $1.key }) {
      table.add(name, place)
    }
    try Console.write(table.lines)
  }
}

extension OverridesFile {
  /// As `LARDER_OVERRIDES` names it, or beside the user's store.
  static func path() throws(ClientError) -> FilePath {
    let environment = ProcessEnvironment.current()
    if let named = environment["LARDER_OVERRIDES"], !named.isEmpty, named != "off" {
      return FilePath(named)
    }
    guard let data = SocketPath.userData(environment: environment) else {
      throw .usage(
        "cannot tell where this user's data is kept: neither XDG_DATA_HOME nor HOME is set",
        remedy: "set one of them, or LARDER_OVERRIDES")
    }
    return data.appending("overrides.json")
  }

  /// Those that are written down; none where there is no file.
  static func read() throws(ClientError) -> OverridesFile {
    let path = try path()
    guard access(path.string, F_OK) == 0 else { return OverridesFile() }
    let bytes = try InputFile(path: path.string).readAll(sizeMax: bytesMax)
    guard let found = try? JSONDecoder().decode(OverridesFile.self, from: Data(bytes)),
      found.format == formatCurrent
    else {
      throw ClientError(
        code: .invalidInput, message: "'\(path)' is nothing that 'larder override' wrote",
        remedy: "remove it", subject: path.string)
    }
    return found
  }

  func write() throws(ClientError) {
    let path = try OverridesFile.path()
    if !path.removingLastComponent().isEmpty {
      try FolderPath.create(path.removingLastComponent())
    }
    try OutputFile.write(JSONText.document(self), to: path)
  }

  /// A URL as it is; of a folder or file the absolute path.
  static func located(_ place: String) throws(ClientError) -> String {
    if place.hasPrefix("http://") || place.hasPrefix("https://") { return place }
    guard let real = realpath(place, nil) else {
      throw .file("find", .last("realpath", on: place))
    }
    defer { free(real) }
    return String(cString: real)
  }
}
