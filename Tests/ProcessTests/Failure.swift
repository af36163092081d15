import Foundation
import LarderClient
import Testing

/// What `larder --json` prints when it fails.
struct Failure: Decodable {
  var code: String
  var message: String
  var remedy: String?
  var subject: String?
  var exitStatus: Int32

  /// Runs `larder … --json`, which has to fail, and sees that the daemon serves on.
  static func of(_ arguments: [String], _ daemon: DaemonProcess) throws -> Failure {
    let outcome = try Outcome.larder(arguments + ["--json"], socket: daemon.socket)
    try #require(outcome.status > 0, "\(arguments): \(outcome)")
    let failure = try JSONDecoder().decode(Failure.self, from: Data(outcome.errors.utf8))
    #expect(outcome.status == failure.exitStatus && outcome.output.isEmpty, "\(outcome)")
    try daemon.connect().ping()
    return failure
  }

  /// Holds an error to its code and status.
  func expectCode(
    _ code: String, _ status: Int32, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(self.code == code && exitStatus == status, "\(self)", sourceLocation: sourceLocation)
  }

  /// As `expectCode`, and to naming the thing and what to do about it.
  func expect(
    _ code: String, _ status: Int32, names thing: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    expectCode(code, status, sourceLocation: sourceLocation)
    #expect(
      (message + (subject ?? "")).contains(thing), "\(self)", sourceLocation: sourceLocation)
    #expect(remedy?.isEmpty == false, "\(self)", sourceLocation: sourceLocation)
  }
}
