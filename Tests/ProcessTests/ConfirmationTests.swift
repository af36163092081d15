import Foundation
import LarderClient
import LarderCore
import LarderFederation
import LarderMessages
import LarderWire
import Testing

/// Files that an origin serves have no digests: only its description says of which deploy they are.
@Suite("A deploy while another is read")
struct ConfirmationTests {
  @Test("is not hidden by an answer that the origin began before it")
  func earlyAnswer() async throws {
    try await blocking {
      let deploys = MarkedDeploys(files: try BuiltGraph.nested().files(of: "c"))
      let chunk = (reached: Gate(), gate: Gate())
      let description = (reached: Gate(), gate: Gate())
      let descriptions = Locked(0)
      defer {
        chunk.gate.open()
        description.gate.open()
      }
      let origin = try ScriptedOrigin { request in
        let asked = deploys.current
        if request.path == "src_C_js.js" {
          chunk.reached.open()
          chunk.gate.wait()
        }
        guard request.path == "stats.json" else { return deploys.answer(to: request) }
        let number = descriptions.withLock { count in
          count += 1
          return count
        }
        // After those of `add` and `update`.
        if number == 3 {
          description.reached.open()
          description.gate.wait()
        }
        return deploys.answer(to: request, from: asked)
      }
      defer { origin.stop() }
      let folder = try Scratch()
      let daemon = try DaemonProcess.start(in: folder)
      #expect(try daemon.larder("remote", "add", "c", origin.url).status == 0)

      let others = DispatchGroup()
      Self.start(others) {
        let updated = try daemon.larder("remote", "update", "c")
        #expect(updated.status == 0, "\(updated)")
      }
      chunk.reached.wait()
      Self.start(others) {
        _ = try daemon.connect().ensure(EnsureMessage.Request(url: origin.url + "stats.json"))
      }
      description.reached.wait()
      deploys.deploy()
      chunk.gate.open()
      // The update waits for the description that somebody asked for before the deploy.
      try daemon.settle { $0.origin.coalesced == 1 }
      description.gate.open()
      others.wait()

      // The update has read the origin again, and has files of the later deploy only.
      let remote = try daemon.larder("remote", "show", "c", "--json").json(
        RemoteMessage.Remote.self)
      #expect(remote.releases.count == 1 && remote.state == .complete)
      let (status, plan) = try BadInputTests.planned("c/C", daemon)
      #expect(status == 0 && plan.files.count == 2)
      for file in plan.files {
        let bytes = try daemon.connect().get(try #require(file.digest))
        let isLater = bytes == deploys.contents(deploys.current)[file.path]
        #expect(isLater, "\(file.path) is of the deploy before")
      }
    }
  }

  private static func start(_ group: DispatchGroup, _ body: @escaping @Sendable () throws -> Void) {
    group.enter()
    Thread.detachNewThread {
      do { try body() } catch { Issue.record(error) }
      group.leave()
    }
  }
}
