import Foundation
import LarderClient
import LarderFederation
import LarderMessages
import LarderWire
import Testing

/// What a graph of three levels costs on the wire: a host, a remote, and the remote's remote.
@Suite("Frames of a three-level graph")
struct FrameCountTests {
  @Test("'larder plan' takes one PLAN frame and knows all digests")
  func plan() async throws {
    try await blocking {
      let folder = try Scratch()
      let daemon = try DaemonProcess.start(in: folder)
      try Self.publishGraph(to: daemon)
      let proxy = try FrameProxy(at: folder.path("run/proxy"), to: daemon.socket)
      defer { proxy.stop() }
      let outcome = try Outcome.larder(["plan", "b/B", "--json"], socket: proxy.socket)
      #expect(outcome.status == 0, "\(outcome)")
      #expect(proxy.counts.requests == [.hello: 1, .plan: 1])
      #expect(proxy.counts.replies == [.hello: 1, .plan: 1])
      let plan = try outcome.json(Plan.self)
      #expect(plan.entries.map(\.container) == ["b", "c"])
      let graph = try BuiltGraph.nested()
      let client = try daemon.connect()
      #expect(
        Set(plan.files.map { "\($0.container)/\($0.path)" })
          == ["b/remoteEntry.js", "b/src_B_js.js", "c/remoteEntry.js", "c/src_C_js.js"])
      for file in plan.files {
        let digest = try #require(file.digest)
        #expect(try client.get(digest) == graph.files(of: file.container)[file.path])
      }
    }
  }

  @Test("a Node host's load takes at most six frames, both directions counted")
  func load() async throws {
    try await blocking {
      let folder = try Scratch()
      let daemon = try DaemonProcess.start(in: folder)
      try Self.publishGraph(to: daemon)
      let proxy = try FrameProxy(at: folder.path("run/proxy"), to: daemon.socket)
      defer { proxy.stop() }
      let library = BuiltGraph.root.appending(path: "Sources/JavaScript/index.js").absoluteString
      let script = """
        import { createHost } from '\(library)';
        const host = createHost({ name: 'host', strict: true, remotes: ['b'] });
        const { default: text } = await host.load('b/B');
        console.log(text());
        await host.close();
        """
      let outcome = try Outcome.of(
        "/usr/bin/env", ["node", "--input-type=module", "--eval", script],
        environment: ["LARDER_SOCKET": proxy.socket])
      #expect(outcome.status == 0 && outcome.text == "B(C)\n", "\(outcome)")
      #expect(proxy.counts.total <= 6, "\(proxy.counts)")
    }
  }

  static func publishGraph(to daemon: DaemonProcess) throws {
    let graph = try BuiltGraph.nested()
    for name in ["b", "c"] {
      let outcome = try daemon.larder("publish", name, graph.container(name).path)
      try #require(outcome.status == 0, "\(outcome)")
    }
  }
}
