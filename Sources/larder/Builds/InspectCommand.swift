import ArgumentParser
import Glibc
import LarderClient
import LarderFederation
import LarderMessages
import LarderWire
import SystemPackage

/// `larder inspect`: the facts of a build's containers; nothing is stored.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect", abstract: "Show what the containers of a build offer and need.",
    discussion: """
      A folder or file is read here and needs no daemon; a URL is read by the daemon. Without a \
      stats.json the code of the entry tells, and what it leaves open is said.
      """)

  @Argument(
    help: "The output folder of a build, the file of its entry, or the URL where one is deployed.")
  var place: String

  @OptionGroup var connection: ConnectionOptions

  func run() throws {
    let inspection: RemoteMessage.Inspection
    if place.hasPrefix("http://") || place.hasPrefix("https://") {
      inspection = try connection.connect().control(
        .remote, RemoteMessage.Request(op: .inspect, urls: [place]))
    } else {
      inspection = RemoteMessage.Inspection(variants: try InspectCommand.containers(at: place))
    }
    if connection.json {
      try Console.write(json: inspection)
    } else {
      try Console.write(inspection.variants.map(FactsText.lines).joined(separator: "\n"))
    }
  }

  private static func containers(at place: String) throws(ClientError) -> [ContainerFacts] {
    let path = FilePath(place)
    var status = stat()
    guard stat(path.string, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      let name = path.lastComponent?.string
    else { return try BuildFolder(path: path).containers() }
    var folder = path.removingLastComponent()
    if folder.isEmpty { folder = "." }
    return try BuildFolder(path: folder).containers(at: name)
  }
}
