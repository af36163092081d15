import Glibc
import LarderClient
import LarderFederation
import LarderMessages

/// `larder publish --watch`: publishes each finished build of a bundler that watches its sources.
struct PublishWatch {
  /// Between two looks: a hundredth of a processor for a folder of 1,000 files.
  static let pauseMicroseconds: UInt32 = 100_000
  /// Equal looks, one after the other, that make a folder one at rest: bundlers write their files in
  /// one go, and half a second is too short to be noticed.
  static let restLooks = 5

  let name: String
  let folders: [String]
  let connect: () throws(ClientError) -> BlockingClient
  let print: (ReleaseMessage) throws(ClientError) -> Void

  /// Runs until it is interrupted.
  ///
  /// - Throws: what no build to come would mend.
  func run() throws(ClientError) -> Never {
    var last: FolderLook?
    var equal = 0
    var done: FolderLook?
    var said: String?
    while true {
      usleep(Self.pauseMicroseconds)
      // A folder may be gone for a moment while it is made anew.
      let look = try? FolderLook(at: folders)
      equal = look == last ? equal + 1 : 0
      last = look
      guard let look, look != done, equal >= Self.restLooks else { continue }
      do throws(ClientError) {
        if try publish(look) {
          done = look
          said = nil
        }
      } catch {
        switch error.code {
        case .invalidBuild, .truncated, .integrityMismatch, .notFound, .notJavaScript:
          // Not a whole build, or none that can be published: the next one may be.
          done = look
        case .noDaemon, .connectionLost, .busy, .shuttingDown: break
        default: throw error
        }
        if said != error.message { Console.report(error, asJSON: false) }
        said = error.message
      }
    }
  }

  /// False if somebody wrote meanwhile.
  private func publish(_ look: FolderLook) throws(ClientError) -> Bool {
    if let file = look.newerThanStatistics {
      throw ClientError(
        code: .invalidBuild,
        message: "'\(file)' is newer than \(StatsImporter.fileName): waiting for that",
        remedy: "let each build write it, or remove it", subject: file)
    }
    let publication = try Publication(name: name, folders: folders)
    let release = try publication.send(to: try connect()) { () throws(ClientError) in
      try FolderLook(at: folders) == look
    }
    guard let release else { return false }
    try print(release)
    return true
  }
}
