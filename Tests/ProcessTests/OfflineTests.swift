import Foundation
import LarderClient
import LarderFederation
import LarderMessages
import LarderWire
import Testing

/// What a daemon that was killed knows when it comes back without its origins.
@Suite("A restart")
struct OfflineTests {
  @Test("with the origins stopped serves the releases that were complete")
  func offline() async throws {
    try await blocking {
      let folder = try Scratch()
      let graph = try BuiltGraph.nested()
      let origins = try ["b", "c"].map { try ScriptedOrigin.files(of: graph.container($0)) }
      defer { for origin in origins { origin.stop() } }
      let first = try DaemonProcess.start(in: folder)
      for (name, origin) in zip(["b", "c"], origins) {
        #expect(try first.larder("remote", "add", name, origin.url).status == 0)
        #expect(try first.larder("remote", "update", name).status == 0)
      }
      let (status, before) = try BadInputTests.planned("b/B", first)
      #expect(status == 0)
      first.kill()
      for origin in origins { origin.stop() }
      let asked = origins.map(\.requests.count)

      let second = try DaemonProcess.start(in: folder)
      let (again, after) = try BadInputTests.planned("b/B", second)
      #expect(again == 0 && after.files == before.files && after.errors.isEmpty)
      try Self.expectRightBytes(after, second, graph)
      #expect(origins.map(\.requests.count) == asked)
      let statistics: StatisticsMessage = try second.connect().control(.stats)
      #expect(statistics.origin == StatisticsMessage.Origin())
    }
  }

  @Test("after a kill within a fetch fetches that release anew, and lists no part of it before")
  func cutCandidate() async throws {
    try await blocking {
      let folder = try Scratch()
      let graph = try BuiltGraph.nested()
      let build = graph.container("c")
      let reached = Gate()
      let gate = Gate()
      defer { gate.open() }
      let origin = try ScriptedOrigin { request in
        var answer = ScriptedOrigin.answer(to: request, from: build)
        guard request.path == "src_C_js.js", !gate.isOpened else { return answer }
        reached.open()
        answer.steps.insert(.wait(gate), at: 0)
        return answer
      }
      defer { origin.stop() }
      let first = try DaemonProcess.start(in: folder)
      #expect(try first.larder("remote", "add", "c", origin.url).status == 0)
      let update = DispatchGroup()
      update.enter()
      Thread.detachNewThread {
        // The daemon's death is what it is told of.
        let outcome = try? first.larder("remote", "update", "c")
        #expect(outcome?.status == 69)
        update.leave()
      }
      reached.wait()
      first.kill()
      update.wait()
      gate.open()

      let second = try DaemonProcess.start(in: folder)
      let remote = try second.larder("remote", "show", "c", "--json").json(
        RemoteMessage.Remote.self)
      #expect(remote.releases.isEmpty && remote.current == nil && remote.state == .announced)
      let requests = origin.requests.count
      #expect(try second.larder("remote", "update", "c").status == 0)
      #expect(origin.requests.count > requests)
      let (status, plan) = try BadInputTests.planned("c/C", second)
      #expect(status == 0)
      try Self.expectRightBytes(plan, second, graph)
    }
  }

  /// Reads each file of a plan and compares it with the build's.
  private static func expectRightBytes(
    _ plan: Plan, _ daemon: DaemonProcess, _ graph: BuiltGraph
  ) throws {
    let client = try daemon.connect()
    #expect(!plan.files.isEmpty)
    for file in plan.files {
      let digest = try #require(file.digest)
      let bytes = try client.get(digest)
      let expected = try graph.files(of: file.container)[file.path]
      #expect(bytes == expected, "\(file.container)/\(file.path)")
    }
  }
}
