import Foundation
import LarderClient
import LarderCore
import LarderFederation
import LarderMessages
import LarderWire
import Testing

/// Bits that turn on the disk under a daemon.
@Suite("Damage on disk")
struct DamageTests {
  @Test("is met by OPEN and mended from the origin; without it the error says what is damaged")
  func open() async throws {
    try await blocking {
      let folder = try Scratch()
      let graph = try BuiltGraph.nested()
      let origin = try ScriptedOrigin.files(of: graph.container("c"))
      defer { origin.stop() }
      // What is in memory outlives damage on disk.
      let daemon = try DaemonProcess.start(in: folder, options: ["--memory", "0"])
      #expect(try daemon.larder("remote", "add", "c", origin.url).status == 0)
      #expect(try daemon.larder("remote", "update", "c").status == 0)
      let (_, plan) = try BadInputTests.planned("c/C", daemon)
      let chunk = try #require(plan.files.first { $0.path == "src_C_js.js" }?.digest)
      let asked = origin.requests.count

      try daemon.damage(chunk, in: folder)
      #expect(try Self.opened(daemon) == Self.files(plan, of: graph))
      #expect(origin.requests.count == asked + 1 && origin.count("src_C_js.js") == 2)

      try daemon.damage(chunk, in: folder)
      origin.stop()
      let error = try #require(throws: ClientError.self) { _ = try Self.opened(daemon) }
      #expect(error.code.rawValue == "corrupt" && error.exitStatus == 74)
      #expect(error.message.contains("'src_C_js.js' of 'c'") && error.remedy != nil)
      let entry = try #require(plan.files.first { $0.path == "remoteEntry.js" }?.digest)
      #expect(try daemon.connect().get(entry) == graph.files(of: "c")["remoteEntry.js"])
      try daemon.settle { $0.machine?.damagedRecords == 2 }
      let why = try daemon.larder("store", "why", chunk.hex)
      #expect(why.status == 66 && why.text.contains("damaged") && why.text.contains("segment"))
    }
  }

  private static func files(_ plan: Plan, of graph: BuiltGraph) throws -> [[UInt8]?] {
    let files = try graph.files(of: "c")
    return plan.files.map { files[$0.path] }
  }

  /// The bytes of all that `c/C` needs, in the order of the plan.
  private static func opened(_ daemon: DaemonProcess) throws -> [[UInt8]?] {
    var received: [Digest: [UInt8]] = [:]
    let head = try daemon.connect().open(
      OpenMessage.Request(
        requests: [PlanRequest(remote: "c", expose: "./C")], include: [.required, .reachable])
    ) { (_, stat, bytes) throws(ClientError) in
      received[stat.digest, default: []] += Array(bytes)
    }
    return head.files.map { received[$0.digest] }
  }
}
