import Foundation
import LarderCore
import LarderMessages
import LarderService
import OriginRig
import Testing

@testable import LarderGateway

@Suite("The console")
struct ConsoleTests {
  private static let own = [
    "Origin: http://localhost", "Sec-Fetch-Site: same-origin", "Sec-Fetch-Dest: empty",
    "Content-Length: 0", "Connection: close",
  ]

  private static func get(_ path: String, _ gateway: TestGateway) async throws -> RawReply {
    let replies = try await gateway.exchange(
      gateway.consoleHead(path, "GET", ["Connection: close"]))
    return try #require(replies.first)
  }

  private static func post(_ path: String, _ gateway: TestGateway) async throws -> RawReply {
    let replies = try await gateway.exchange(gateway.consoleHead(path, "POST", own))
    return try #require(replies.first)
  }

  private static func object<Value: Decodable>(
    _ type: Value.Type, _ path: String, _ gateway: TestGateway
  ) async throws -> Value {
    let reply = try await get(path, gateway)
    #expect(reply.status == 200 && reply.fields["content-type"] == "application/json", "\(reply)")
    return try JSONDecoder().decode(type, from: Data(reply.body))
  }

  @Test("is a page that runs its own files alone, that nobody frames, keeps or learns the URL of")
  func fields() async throws {
    try await TestGateway.run { gateway in
      for path in ["", "console.js", "data/remotes", "data/nothing"] {
        let fields = try await Self.get(path, gateway).fields
        let policy = try #require(fields["content-security-policy"])
        for part in [
          "default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'",
          "img-src 'self' data:", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'",
          "require-trusted-types-for 'script'", "trusted-types 'none'",
        ] {
          #expect(policy.components(separatedBy: "; ").contains(part), "\(path)")
        }
        #expect(!policy.contains("unsafe"))
        #expect(fields["referrer-policy"] == "no-referrer")
        #expect(fields["cross-origin-opener-policy"] == "same-origin")
        #expect(fields["cross-origin-resource-policy"] == "same-origin")
        #expect(fields["x-frame-options"] == "DENY")
        #expect(fields["x-content-type-options"] == "nosniff")
        #expect(fields["cache-control"] == "no-store")
      }
    }
  }

  @Test("is embedded whole: all that its page leads to, and nothing else")
  func files() async throws {
    try await TestGateway.run { gateway in
      var seen: Set<String> = []
      var next = ["index.html"]
      while let path = next.popLast() {
        guard seen.insert(path).inserted else { continue }
        let reply = try await Self.get(path, gateway)
        #expect(reply.status == 200, "\(path)")
        if path == "index.html" {
          #expect(reply.text == (try await Self.get("", gateway).text))
          #expect(!reply.text.contains("style=") && !reply.text.contains("<style"))
          next += reply.text.matches(of: #/(?:src|href)="([a-z.]+)"/#).map { String($0.1) }
        }
        for match in reply.text.matches(of: #/from '(\.[^']+)'/#) {
          var folder = path.split(separator: "/").dropLast().map(String.init)
          for step in match.1.split(separator: "/") where step != "." {
            if step == ".." { folder.removeLast() } else { folder.append(String(step)) }
          }
          next.append(folder.joined(separator: "/"))
        }
      }
      #expect(seen == Set(ConsoleFiles().files.keys))
      // They are no part of the host library.
      #expect(try await gateway.get("/larder/console/console.js").status == 404)
    }
  }

  @Test("tells what the service tells")
  func data() async throws {
    try await TestGateway.run { gateway in
      try await gateway.publish(Deploy(name: "cart", loading: "jsonp"))
      let nav = try await gateway.publish(
        Deploy(name: "nav", loading: "jsonp", remotes: [(container: "cart", expose: "./Header")]))
      let remotes = try await Self.object(RemoteMessage.List.self, "data/remotes", gateway)
      #expect(remotes.remotes.map(\.name) == ["cart", "nav"])
      let shown = try await Self.object(RemoteMessage.Remote.self, "data/remotes/nav", gateway)
      #expect(shown.current == nav)
      let graph = try await Self.object(FederationMessage.self, "data/federation", gateway)
      #expect(graph.containers.map(\.imports) == [[], ["cart"]])
      let plan = try await Self.get("data/plan/nav/.%2FHeader", gateway)
      #expect(plan.status == 200 && plan.text.contains("\"modules\""))
      let usage = try await Self.object(UsageMessage.self, "data/usage", gateway)
      #expect(usage.remotes.map(\.name) == ["cart", "nav"])
      let statistics = try await Self.object(StatisticsMessage.self, "data/statistics", gateway)
      #expect(statistics.store.blobs > 0 && statistics.machine != nil)
      #expect(try await Self.get("data/shares", gateway).text == "{\"packages\":[]}")
      #expect(try await Self.get("data/differences", gateway).text == "{\"differences\":[]}")
      #expect(try await Self.get("data/history", gateway).text.contains("\"residentBytes\""))
      #expect(try await Self.get("data/remotes/none", gateway).status == 404)
    }
  }

  @Test("switches a remote and rolls it back, and says why where it cannot")
  func changes() async throws {
    try await TestGateway.run { gateway in
      let first = try await gateway.publish(Deploy(name: "nav", version: "1", loading: "jsonp"))
      let second = try await gateway.publish(Deploy(name: "nav", version: "2", loading: "jsonp"))
      let back = try await Self.post("rollback/nav", gateway)
      #expect(back.status == 200)
      let remote = try JSONDecoder().decode(RemoteMessage.Remote.self, from: Data(back.body))
      #expect(remote.current?.release == first.release)
      #expect(try await Self.post("switch/nav/\(second.release)", gateway).status == 200)
      let shown = try await gateway.service.showRemote("nav", for: gateway.peer)
      #expect(shown.current?.release == second.release)
      for (path, status) in [
        ("switch/nav/\(String(repeating: "0", count: 32))", 404), ("switch/nav/x", 400),
        ("switch/none/\(first.release)", 404), ("rollback/none", 404),
      ] {
        let reply = try await Self.post(path, gateway)
        #expect(reply.status == status && reply.text.contains("\"message\""), "\(path): \(reply)")
      }
    }
  }

  @Test("hears of what happens, of what it missed, and that the daemon is another")
  func events() async throws {
    try await TestGateway.run { gateway in
      try await gateway.publish(Deploy(name: "nav", version: "1", loading: "jsonp"))
      let (port, head) = (gateway.port, gateway.consoleHead("events"))
      let first = try await blocking { () -> String in
        let connection = try RawConnection(port: port)
        connection.send(Array(head.utf8))
        return try connection.receive(until: "\"kind\":\"recorded\"")
      }
      #expect(first.contains("text/event-stream"))
      let hello = try #require(first.firstMatch(of: #/"run":"([0-9a-f]+)","last":1/#))
      #expect(first.contains("id: \(hello.1)-1\n"))
      let id = "Last-Event-ID: \(hello.1)-1"
      let again = gateway.consoleHead("events", "GET", [id])
      async let heard = blocking { () -> String in
        let connection = try RawConnection(port: port)
        connection.send(Array(again.utf8))
        return try connection.receive(until: "\"kind\":\"recorded\"")
      }
      try await gateway.publish(Deploy(name: "cart", loading: "jsonp"))
      let text = try await heard
      #expect(text.contains("\"remote\":\"cart\"") && !text.contains("\"remote\":\"nav\""))
    }
  }

  @Test("is told of to those alone who may do what it does")
  func told() async throws {
    try await TestGateway.run { gateway in
      let service = gateway.service
      #expect(service.statistics(for: gateway.peer).consoles?.count == 1)
      for rights: Rights in [[], .write, .publish, .observe, [.write, .observe]] {
        let peer = try await service.capability(realm: "default", may: rights)
        #expect(service.statistics(for: peer).consoles == nil)
        #expect(service.statistics(for: peer).gateways != nil)
      }
      let other = try await service.capability(realm: "other")
      #expect(service.statistics(for: other).consoles == nil)
      let observer = try await service.capability(realm: "default", may: .observe)
      await #expect(throws: ServiceError.self) { try await service.rollBack("nav", for: observer) }
    }
  }

  @Test("is not there where other machines reach the gateway")
  func exposed() async throws {
    try await TestGateway.run { gateway in
      let peer = try await gateway.service.capability(realm: "default", may: .console)
      for (address, isThere) in [
        ("127.0.0.1:1", true), ("[::1]:1", true), ("/tmp/x", true), ("0.0.0.0:1", false),
        ("10.0.0.1:1", false),
      ] {
        let addresses = [GatewayAddress("7717"), GatewayAddress(address)].compactMap(\.self)
        var settings = GatewaySettings(addresses: addresses, mount: .key(gateway.key))
        settings.console = Console(key: gateway.consoleKey, for: peer)
        #expect((settings.answeredConsole != nil) == isThere, "\(address)")
      }
    }
  }

  @Test("remembers the statistics of so many moments, and one more takes the place of the oldest")
  func history() async throws {
    try await TestGateway.run { gateway in
      let history = StatisticsHistory()
      let statistics = gateway.service.statistics(for: gateway.peer)
      for time in 0..<StatisticsHistory.samplesMax { history.add(statistics, at: Int64(time)) }
      #expect(history.samples.count == StatisticsHistory.samplesMax && history.samples[0].at == 0)
      history.add(statistics, at: 1_000)
      #expect(history.samples.count == StatisticsHistory.samplesMax)
      #expect(history.samples[0].at == 1 && history.samples.last?.at == 1_000)
    }
  }

  @Test("shares its origin with no document that runs scripts of a remote")
  func documents() async throws {
    try await TestGateway.run { gateway in
      let endings = [
        "html", "htm", "HTML", "xhtml", "xht", "shtml", "svg", "svgz", "SVG", "xml", "xsl", "xslt",
        "rss", "atom", "mathml", "rdf", "mht", "mhtml", "pdf", "swf", "js", "mjs", "json", "txt",
        "css", "wasm", "bin", "", "vtt", "ics",
      ]
      var files = ["remoteEntry.js": Array("exports.get=1".utf8)]
      for ending in endings { files["a.\(ending)"] = Array("<script>alert(1)</script>".utf8) }
      let deploy = Deploy(name: "nav", loading: "jsonp")
      let release = try await gateway.publish(
        "nav", files.merging(deploy.files) { $1 }, stats: deploy.stats
      ).release
      let shown: Set = [
        "text/javascript", "text/css", "text/plain", "application/json", "application/wasm",
        "application/octet-stream",
      ]
      for ending in endings {
        let reply = try await gateway.get("/remotes/nav@\(release)/a.\(ending)")
        let type = try #require(reply.fields["content-type"]).prefix { $0 != ";" }
        #expect(reply.status == 200 && reply.fields["x-content-type-options"] == "nosniff")
        // Shown as text, or saved: or of an origin that is nobody's, where no worker is made either.
        #expect(
          shown.contains(String(type)) || reply.fields["content-security-policy"] == "sandbox",
          "\(ending): \(reply)")
      }
    }
  }
}

extension RawConnection {
  /// What came until `text` did; all that came if it never does.
  fileprivate func receive(until text: String) throws -> String {
    var received = ""
    while !received.contains(text), let piece = try receive() {
      received += String(decoding: piece, as: UTF8.self)
    }
    return received
  }
}
