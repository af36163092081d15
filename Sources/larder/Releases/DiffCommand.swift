import ArgumentParser
import LarderClient
import LarderFederation
import LarderMessages
import LarderWire

/// `larder diff`: what one release has otherwise than another.
struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "Compare two releases: modules, shares, files and bytes.")

  @Argument(
    help: ArgumentHelp("The older release.", valueName: "remote[@channel|@release]"))
  var old: ReleaseName

  @Argument(
    help: ArgumentHelp("The newer release.", valueName: "remote[@channel|@release]"))
  var new: ReleaseName

  @OptionGroup var connection: ConnectionOptions

  func run() throws {
    let client = try connection.connect()
    let before = try old.contents(from: client)
    let after = try new.contents(from: client)
    let differences = [ContainerDifference].between(
      CheckedContainer.all(in: before), CheckedContainer.all(in: after))
    if connection.json {
      try Console.write(json: DiffReport(old: before.release, new: after.release, differences))
    } else {
      try Console.write(
        "\(before.name)@\(before.release)\n\(after.name)@\(after.release)\n"
          + DiffText.lines(of: differences))
    }
  }
}

/// What `--json` prints.
private struct DiffReport: Encodable {
  let old: String
  let new: String
  let variants: [ContainerDifference]

  init(old: String, new: String, _ variants: [ContainerDifference]) {
    self.old = old
    self.new = new
    self.variants = variants
  }
}
