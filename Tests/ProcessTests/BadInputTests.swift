import Crypto
import Foundation
import LarderClient
import LarderFederation
import LarderMessages
import LarderWire
import Testing

/// Each ends in a typed error and leaves the daemon serving, with nothing half stored.
@Suite("Bad input")
struct BadInputTests {
  @Test("a remote that nobody registered")
  func unknownRemote() async throws {
    try await blocking {
      let daemon = try DaemonProcess.start(in: try Scratch())
      for command in [["show"], ["update"], ["remove"], ["rollback"]] {
        let failure = try Failure.of(["remote"] + command + ["nav"], daemon)
        failure.expect("unknownRemote", 66, names: "nav")
      }
      let (status, error) = try Self.failedPlan("nav/Header", daemon)
      #expect(status == 66 && error.kind.rawValue == "unknownRemote" && error.container == "nav")
      #expect(error.remedy.contains("larder remote add nav"))
    }
  }

  @Test("a module that the container does not expose")
  func unknownExpose() async throws {
    try await blocking {
      let daemon = try DaemonProcess.start(in: try Scratch())
      try FrameCountTests.publishGraph(to: daemon)
      let (status, error) = try Self.failedPlan("b/Nowhere", daemon)
      #expect(status == 66 && error.kind == .unknownExpose)
      #expect(error.container == "b" && error.message.contains("./Nowhere"))
      #expect(!error.remedy.isEmpty)
      #expect(try Self.planned("b/B", daemon).0 == 0)
    }
  }

  @Test("a remote whose origin is down")
  func originDown() async throws {
    try await blocking {
      let daemon = try DaemonProcess.start(in: try Scratch())
      let origin = try ScriptedOrigin { _ in .missing }
      origin.stop()
      for arguments in [["remote", "add", "nav", origin.url], ["fetch", origin.url + "a.js"]] {
        try Failure.of(arguments, daemon).expect("originUnavailable", 69, names: origin.url)
      }
      try Self.expectNothing(in: daemon)
    }
  }

  @Test("a download that ends too soon")
  func truncated() async throws {
    try await blocking {
      let daemon = try DaemonProcess.start(in: try Scratch())
      let origin = try ScriptedOrigin { _ in
        ScriptedOrigin.Answer(
          announced: 500_000, steps: [.bytes(Array(repeating: 1, count: 400_000))])
      }
      defer { origin.stop() }
      let url = origin.url + "cut.js"
      try Failure.of(["fetch", url], daemon).expect("truncated", 65, names: url)
      try Self.expectNothing(in: daemon)
    }
  }

  @Test("content with another digest than its integrity value")
  func integrity() async throws {
    try await blocking {
      let daemon = try DaemonProcess.start(in: try Scratch())
      let right = Array("export default 1".utf8)
      let origin = try ScriptedOrigin { _ in .body(right) }
      defer { origin.stop() }
      let url = origin.url + "a.js"
      let wrong = "sha384-\(Data(SHA384.hash(data: Data("other".utf8))).base64EncodedString())"
      try Failure.of(["fetch", url, "--integrity", wrong], daemon)
        .expect("integrityMismatch", 65, names: url)
      try Self.expectNothing(in: daemon)
      let value = "sha384-\(Data(SHA384.hash(data: Data(right))).base64EncodedString())"
      #expect(try daemon.larder("fetch", url, "--integrity", value).status == 0)
    }
  }

  @Test("HTML where a script was asked for")
  func page() async throws {
    try await blocking {
      let daemon = try DaemonProcess.start(in: try Scratch())
      let origin = try ScriptedOrigin { _ in .page }
      defer { origin.stop() }
      let url = origin.url + "a.js"
      try Failure.of(["fetch", url], daemon).expect("notJavaScript", 65, names: url)
      try Self.expectNothing(in: daemon)
    }
  }

  /// One file of a deploy that is not what it should be.
  struct BadFile: Sendable, CustomTestStringConvertible {
    let path: String
    let answer: ScriptedOrigin.Answer
    let code: String
    let status: Int32
    let what: String

    var testDescription: String { "\(path) \(what)" }
  }

  static let badFiles = [
    BadFile(
      path: "stats.json", answer: .body("{\"version\":".utf8), code: "invalidBuild", status: 65,
      what: "is cut, with an honest length"),
    BadFile(
      path: "remoteEntry.js", answer: .page, code: "notJavaScript", status: 65, what: "is HTML"),
    BadFile(
      path: "remoteEntry.js",
      answer: .body("<!doctype html>".utf8), code: "notJavaScript", status: 65,
      what: "is HTML that says it is a script"),
    BadFile(
      path: "src_C_js.js", answer: .page, code: "notJavaScript", status: 65, what: "is HTML"),
    BadFile(
      path: "src_C_js.js", answer: .body("exports.ids = [];".utf8), code: "truncated", status: 65,
      what: "is of another build"),
    BadFile(
      path: "src_C_js.js",
      answer: ScriptedOrigin.Answer(announced: 630, steps: [.bytes([0x20])]), code: "truncated",
      status: 65, what: "ends too soon"),
    BadFile(
      path: "src_C_js.js", answer: .missing, code: "originUnavailable", status: 69,
      what: "is missing"),
  ]

  @Test(
    "a deploy with one bad file becomes no release, and is one once it is whole",
    arguments: badFiles)
  func badDeploy(_ bad: BadFile) async throws {
    try await blocking {
      let daemon = try DaemonProcess.start(in: try Scratch())
      let folder = try BuiltGraph.nested().container("c")
      let gate = Gate()
      let origin = try ScriptedOrigin { request in
        request.path == bad.path && !gate.isOpened
          ? bad.answer : ScriptedOrigin.answer(to: request, from: folder)
      }
      defer { origin.stop() }
      let added = try daemon.larder("remote", "add", "c", origin.url, "--json")
      let failing =
        added.status == 0 ? ["remote", "update", "c"] : ["remote", "add", "c", origin.url]
      let failure = try Failure.of(failing, daemon)
      #expect(failure.code == bad.code && failure.exitStatus == bad.status, "\(failure)")
      #expect((failure.message + (failure.subject ?? "")).contains(origin.url), "\(failure)")
      let list = try daemon.larder("remote", "list", "--json").json(RemoteMessage.List.self)
      #expect(list.remotes.count == (added.status == 0 ? 1 : 0))
      #expect(list.remotes.allSatisfy { $0.current == nil && $0.releases.isEmpty })
      gate.open()
      #expect(try daemon.larder("remote", "add", "c", origin.url).status == 0)
      #expect(try daemon.larder("remote", "update", "c").status == 0)
      #expect(try Self.planned("c/C", daemon).0 == 0)
    }
  }

  static let folders = ["not there", "a file", "a loop of links", "not ours to read"]

  @Test("a folder that cannot be published", arguments: folders)
  func unreadableFolder(_ what: String) async throws {
    try await blocking {
      let folder = try Scratch()
      let daemon = try DaemonProcess.start(in: folder)
      let path = folder.path("build")
      switch what {
      case "a file": try folder.write("text".utf8, to: "build")
      case "a loop of links":
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: path)
      case "not ours to read":
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        chmod(path, 0)
      default: break
      }
      // Root reads what it may not: then the folder is empty, which is no build either.
      let failure = try Failure.of(["publish", "nav", path], daemon)
      #expect([64, 65, 66, 74].contains(failure.exitStatus), "\(failure)")
      failure.expect(failure.code, failure.exitStatus, names: path)
      try Self.expectNothing(in: daemon)
    }
  }

  // MARK: - Helpers of these tests

  /// What `larder plan --json` exits with and prints.
  static func planned(_ module: String, _ daemon: DaemonProcess) throws -> (Int32, Plan) {
    let outcome = try daemon.larder("plan", module, "--json")
    try daemon.connect().ping()
    return (outcome.status, try outcome.json(Plan.self))
  }

  /// Exit status and first error of a plan that has one.
  static func failedPlan(_ module: String, _ daemon: DaemonProcess) throws -> (Int32, PlanError) {
    let (status, plan) = try planned(module, daemon)
    return (status, try #require(plan.errors.first))
  }

  /// Neither a blob nor a remote.
  static func expectNothing(
    in daemon: DaemonProcess, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let client = try daemon.connect()
    let statistics: StatisticsMessage = try client.control(.stats)
    #expect(statistics.store.blobs == 0, sourceLocation: sourceLocation)
    let list: RemoteMessage.List = try client.control(.remote, RemoteMessage.Request(op: .list))
    #expect(list.remotes.isEmpty, sourceLocation: sourceLocation)
  }
}
