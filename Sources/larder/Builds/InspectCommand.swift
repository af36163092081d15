import ArgumentParser
import LarderClient
import LarderFederation
import LarderMessages
import LarderWire
import SystemPackage

/// `larder inspect`: the facts of a build's containers; nothing is stored.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect", abstract: "Show what the containers of a build offer and need.",
    discussion: "A folder is read here and needs no daemon; a URL is read by the daemon.")

  @Argument(help: "The output folder of a build, or the URL where one is deployed.")
  var place: String

  @OptionGroup var connection: ConnectionOptions

  func run() throws {
    let inspection: RemoteMessage.Inspection
    if place.hasPrefix("http://") || place.hasPrefix("https://") {
      inspection = try connection.connect().control(
        .remote, RemoteMessage.Request(op: .inspect, urls: [place]))
    } else {
      inspection = RemoteMessage.Inspection(
        variants: try BuildFolder(path: FilePath(place)).containers())
    }
    if connection.json {
      try Console.write(json: inspection)
    } else {
      try Console.write(inspection.variants.map(FactsText.lines).joined(separator: "\n"))
    }
  }
}
