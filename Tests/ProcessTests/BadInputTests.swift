import Foundation
import LarderClient
import Testing

/// Each leaves the daemon serving, and nothing half stored.
@Suite("Bad input")
struct BadInputTests {
  /// What `larder` prints with `--json` when it fails.
  struct Failure: Decodable {
    var code: String
    var message: String
    var remedy: String?
    var subject: String?
    var exitStatus: Int32
  }

  @Test("a remote that nobody registered")
  func unknownRemote() async throws {
    try await blocking {
      let folder = try Scratch()
      let daemon = try DaemonProcess.start(in: folder)
      let shown = try Self.failure(daemon, "remote", "show", "nav")
      #expect(shown.code == "unknownRemote" && shown.exitStatus == 66)
      #expect(shown.message.contains("'nav'") && shown.remedy?.contains("remote add nav") == true)
    }
  }

  /// Runs `larder … --json`, which has to fail, and holds what it says to the rules for errors.
  static func failure(_ daemon: DaemonProcess, _ arguments: String...) throws -> Failure {
    let outcome = try Outcome.larder(arguments + ["--json"], socket: daemon.socket)
    let failure = try JSONDecoder().decode(Failure.self, from: Data(outcome.errors.utf8))
    #expect(outcome.status != 0 && outcome.status == failure.exitStatus, "\(outcome)")
    try daemon.connect().ping()
    return failure
  }
}
