import ArgumentParser
import LarderClient
import LarderMessages

/// `larder publish`: the output folders of a build become a release.
struct PublishCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "publish", abstract: "Make a release of builds on this machine.",
    discussion: """
      Each folder is one variant. It is read by the lockfile or the stats.json of its build, else by the \
      code of its entry. The release appears whole or not at all, and 'current' moves to it.
      """)

  @Argument(help: "The remote's name; it is registered if it is new.")
  var name: String

  @Argument(help: ArgumentHelp("Output folders of the builds.", valueName: "dir"))
  var folders: [String]

  @Flag(help: "Publish each finished build, until interrupted.")
  var watch = false

  @OptionGroup var connection: ConnectionOptions

  func run() throws {
    if watch {
      try PublishWatch(
        name: name, folders: folders,
        connect: { () throws(ClientError) in try connection.connect() },
        print: { (release) throws(ClientError) in
          if connection.json {
            try Console.write(JSONText.line(release))
          } else {
            try Console.write("published \(release.name)@\(release.release)\n")
          }
        }
      ).run()
    }
    // All that this machine can tell is told before a byte is sent.
    let publication = try Publication(name: name, folders: folders)
    guard let release = try publication.send(to: try connection.connect()) else { return }
    if connection.json {
      try Console.write(json: release)
    } else {
      try Console.write("published \(release.name)\n" + RemoteText.lines(of: release))
    }
  }
}
