import Foundation
import LarderCore
import LarderMessages
import Testing

@Suite("A private origin")
struct CredentialTests {
  private static let token = "t0k3n-that-nobody-prints"

  /// An origin that gives its files to who has the token alone.
  private static func origin(_ token: @escaping @Sendable () -> String) throws -> ScriptedOrigin {
    let files = try BuiltGraph.nested().files(of: "c")
    return try ScriptedOrigin { request in
      guard request.headers["authorization"] == "Bearer \(token())" else {
        return ScriptedOrigin.Answer(status: 401)
      }
      guard let bytes = files[request.path] else { return .missing }
      return .body(
        bytes, type: request.path == "stats.json" ? "application/json" : "text/javascript")
    }
  }

  private static func write(_ text: String, to name: String, in folder: Scratch, mode: Int) throws {
    try folder.write(text.utf8, to: name)
    try FileManager.default.setAttributes(
      [.posixPermissions: mode], ofItemAtPath: folder.path(name))
  }

  @Test("gives its files to a daemon that has its token, which is told to nobody")
  func file() async throws {
    try await blocking {
      let origin = try Self.origin { Self.token }
      defer { origin.stop() }
      let folder = try Scratch()
      try Self.write(
        #"{"\#(origin.url.dropLast())": {"token": "\#(Self.token)"}}"#, to: "credentials",
        in: folder, mode: 0o600)
      let daemon = try DaemonProcess.start(
        in: folder, options: ["--credentials", folder.path("credentials"), "--log-level", "trace"])
      var printed = ""
      for command in [
        ["remote", "add", "c", origin.url], ["remote", "update", "c", "--every", "1h"],
        ["remote", "list", "--json"], ["plan", "c/C", "--json"], ["fetch", origin.url + "nowhere"],
      ] {
        let outcome = try Outcome.larder(command, socket: daemon.socket)
        #expect((outcome.status == 0) == (command[0] != "fetch"), "\(command): \(outcome)")
        printed += outcome.text + outcome.errors
      }
      #expect(!printed.contains(Self.token) && !daemon.logged.contains(Self.token))
      #expect(daemon.end() == 0)
      #expect(!daemon.logged.contains(Self.token))
      let files = FileManager.default.enumerator(atPath: folder.path("store"))
      for case let name as String in try #require(files) {
        guard let bytes = FileManager.default.contents(atPath: folder.path("store/" + name)) else {
          continue
        }
        #expect(bytes.range(of: Data(Self.token.utf8)) == nil, "\(name)")
      }
    }
  }

  @Test("is asked with what a program says for it, again when that has ended")
  func program() async throws {
    try await blocking {
      let token = Locked("one")
      let origin = try Self.origin { token.withLock { $0 } }
      defer { origin.stop() }
      let folder = try Scratch()
      // By its interpreter: another test that starts a program at this moment may hold the script
      // open for writing.
      try folder.write(
        "echo \"$*\" >> \"$0.asked\"\ncat \"$0.token\"\necho not for the log >&2\n".utf8,
        to: "helper")
      try folder.write("one\n".utf8, to: "helper.token")
      let pattern = origin.url.dropLast()
      try Self.write(
        #"{"\#(pattern)": {"helper": ["/bin/sh", "\#(folder.path("helper"))", "get"]}}"#,
        to: "credentials", in: folder, mode: 0o600)
      let daemon = try DaemonProcess.start(
        in: folder, options: ["--credentials", folder.path("credentials")])
      let added = try daemon.larder("remote", "add", "c", origin.url)
      #expect(added.status == 0, "\(added)")
      token.withLock { $0 = "two" }
      try folder.write("Authorization: Bearer two".utf8, to: "helper.token")
      let updated = try daemon.larder("remote", "update", "c")
      #expect(updated.status == 0, "\(updated)")
      let asked = try String(contentsOfFile: folder.path("helper.asked"), encoding: .utf8)
      #expect(asked == "get \(pattern)\nget \(pattern)\n")
      // One that says nothing of use is an error that names it, and no word of it.
      token.withLock { $0 = "three" }
      try folder.write("word one\nword two\n".utf8, to: "helper.token")
      let refused = try daemon.larder("fetch", origin.url + "remoteEntry.js", "--json")
      #expect(refused.status == 77, "\(refused)")
      let told = refused.text + refused.errors + daemon.logged
      #expect(told.contains("'/bin/sh' has no authorization for \(pattern)"))
      #expect(!told.contains("word one") && !told.contains("not for the log"))
    }
  }

  @Test("does without credentials that others could read, or that cannot be used")
  func refusals() async throws {
    try await blocking {
      let good = #"{"http://127.0.0.1:1": {"token": "a"}}"#
      func ended(
        _ text: String, mode: Int = 0o600, environment: [String: String] = [:]
      ) throws -> DaemonProcess.Ended? {
        let folder = try Scratch()
        try Self.write(text, to: "credentials/origins", in: folder, mode: mode)
        do {
          _ = try DaemonProcess.start(
            in: folder, options: ["--credentials", folder.path("credentials/origins")],
            environment: environment.mapValues { $0 == "here" ? folder.path("credentials") : $0 })
          return nil
        } catch let ended as DaemonProcess.Ended { return ended }
      }
      #expect(try ended(good) == nil)
      for mode in [0o644, 0o640, 0o604] {
        let refused = try #require(try ended(good, mode: mode))
        #expect(refused.status == 77 && refused.log.contains("chmod 600"), "\(refused)")
      }
      // Where systemd puts them the group's bits are another thing's.
      #expect(try ended(good, mode: 0o440, environment: ["CREDENTIALS_DIRECTORY": "here"]) == nil)
      #expect(
        try ended(good, mode: 0o444, environment: ["CREDENTIALS_DIRECTORY": "here"])?.status == 77)
      #expect(try ended(good, mode: 0o440, environment: ["CREDENTIALS_DIRECTORY": "/run"]) != nil)
      for text in [
        "s3cret", #"{"*": {"token": "s3cret"}}"#, #"{"http://a": {"token": "s3cret\n"}}"#,
        #"{"http://a": {"tokens": "s3cret"}}"#, #"{"http://a": {"username": "s3cret"}}"#,
        #"{"http://a": {"token": "s3cret", "helper": ["/bin/true"]}}"#,
        #"{"http://a/path": {"token": "s3cret"}}"#, #"{"http://a": {"helper": ["s3cret"]}}"#,
        #"{"http://a": {"helper": ["/nowhere/s"]}}"#,
      ] {
        let refused = try #require(try ended(text), "\(text)")
        #expect(refused.status == 78 && !refused.log.contains("s3cret"), "\(refused)")
      }
    }
  }
}
