import Foundation
import Glibc
import LarderClient
import LarderCore
import LarderMessages
import LarderWire
import MetricsRig
import OriginRig
import Testing

@Suite("larderd --operations")
struct OperationsTests {
  /// A page's text and status, asked for by curl.
  private static func curl(_ words: String...) throws -> (status: Int, text: String) {
    let outcome = try Outcome.of(
      "/usr/bin/curl", ["--silent", "--show-error", "--write-out", "\n%{http_code}"] + words)
    try #require(outcome.status == 0, "\(outcome)")
    let end = try #require(outcome.text.lastIndex(of: "\n"))
    let status = Int(outcome.text[outcome.text.index(after: end)...]) ?? 0
    return (status, String(outcome.text[..<end]))
  }

  /// Where the daemon said that it tells operators.
  private static func url(of daemon: DaemonProcess) throws -> String {
    // The socket listens first.
    while true {
      if let line = daemon.logged.split(separator: "\n").first(where: {
        $0.hasSuffix("operations open")
      }) {
        let address = try #require(
          line.split(separator: " ").first { $0.hasPrefix("address=") }?.dropFirst(8))
        return "http://\(address)"
      }
      try daemon.connect().ping()
    }
  }

  private static func metrics(_ url: String) throws -> ScrapedPage {
    let page = try curl("\(url)/metrics")
    #expect(page.status == 200)
    return try ScrapedPage(page.text)
  }

  /// The rows of docs/metrics.md: names with type and labels.
  private static func documented() throws -> [String: (type: String, labels: Set<String>)] {
    let root = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let text = try String(contentsOf: root.appending(path: "docs/metrics.md"), encoding: .utf8)
    let row = #/(?m)^\| `(larder_\w+)` \| (\w+) \|([^|]*)\| .+ \|$/#
    var rows: [String: (type: String, labels: Set<String>)] = [:]
    for match in text.matches(of: row) {
      let labels = match.3.matches(of: #/`(\w+)`/#).map { String($0.1) }
      #expect(rows[String(match.1)] == nil, "\(match.1) is documented twice")
      rows[String(match.1)] = (String(match.2), Set(labels))
    }
    return rows
  }

  @Test("tells each metric that docs/metrics.md documents, and no other")
  func documentation() async throws {
    try await blocking {
      let folder = try Scratch()
      let daemon = try DaemonProcess.start(
        in: folder,
        options: [
          "--operations", "0", "--gateway", "0", "--gateway-log", folder.path("access.log"),
        ])
      let url = try Self.url(of: daemon)
      let client = try daemon.connect()
      #expect(throws: ClientError.self) {
        let _: RemoteMessage.Remote = try client.control(
          .remote, RemoteMessage.Request(op: .show, name: "none"))
      }
      let page = try Self.metrics(url)
      let rows = try Self.documented()
      #expect(rows.count > 50)
      for family in page.families {
        let row = try #require(rows[family.name], "\(family.name) is in no table")
        #expect(family.type == row.type, "\(family.name)")
        if !family.samples.isEmpty { #expect(family.labels == row.labels, "\(family.name)") }
      }
      let told = Set(page.families.map(\.name))
      #expect(Set(rows.keys).subtracting(told) == [])
      #expect(
        page.value("larder_socket_errors_total", ["verb": "remote", "code": "unknownRemote"]) == 1)
      #expect(page.value("larder_metrics_dropped_series") == 0)
    }
  }

  @Test("counts what clients did")
  func counts() async throws {
    try await blocking {
      let daemon = try DaemonProcess.start(in: try Scratch(), options: ["--operations", "0"])
      let url = try Self.url(of: daemon)
      let client = try daemon.connect()
      let bytes = [UInt8](repeating: 7, count: 1_000)
      let digest = try client.put(bytes).digest
      for _ in 0..<3 { #expect(try client.get(digest) == bytes) }
      let page = try Self.metrics(url)
      #expect(page.value("larder_socket_requests_total", ["verb": "get"]) == 3)
      #expect(page.value("larder_socket_requests_total", ["verb": "put"]) == 1)
      #expect(page.value("larder_realm_blobs", ["realm": "default"]) == 1)
      #expect(page.value("larder_realm_logical_bytes", ["realm": "default"]) == 1_000)
      #expect((page.value("larder_socket_sent_bytes_total") ?? 0) > 3_000)
      #expect((page.value("larder_process_resident_bytes") ?? 0) > 1_048_576)
      #expect((page.value("larder_process_threads") ?? 0) >= 4.0)
      let descriptors = try #require(page.value("larder_process_open_descriptors"))
      let counted = try ProcessFootprint(of: daemon.id).descriptors.count
      #expect(descriptors >= Double(counted - 4))
      #expect(page.families.first { $0.name == "larder_gateway_requests_total" } == nil)
    }
  }

  @Test("is ready until a signal comes, and says so while what was begun is answered")
  func drain() async throws {
    try await blocking {
      let gate = Gate()
      defer { gate.open() }
      let origin = try ScriptedOrigin { _ in
        ScriptedOrigin.Answer(
          headers: ["Content-Type": "text/javascript"], steps: [.wait(gate), .bytes([1])])
      }
      defer { origin.stop() }
      let folder = try Scratch()
      let daemon = try DaemonProcess.start(in: folder, options: ["--operations", "0"])
      let url = try Self.url(of: daemon)
      #expect(try Self.curl("\(url)/health/live").status == 200)
      let ready = try Self.curl("\(url)/health/ready")
      #expect(ready.status == 200)
      #expect(ready.text == #"{"degraded":false,"ready":true,"reasons":[]}"# + "\n")
      let asking = Thread {
        // It ends with the daemon, or with the file.
        _ = try? daemon.larder("fetch", origin.url + "slow.js")
      }
      asking.start()
      while try Self.metrics(url).value("larder_origin_flights") != 1 {}
      daemon.terminate()
      while try Self.curl("\(url)/health/ready").status == 200 {}
      let draining = try Self.curl("\(url)/health/ready")
      #expect(draining.status == 503 && draining.text.contains("the daemon is about to end"))
      #expect(try Self.curl("\(url)/health/live").status == 200)
      #expect(try Self.metrics(url).value("larder_draining") == 1)
      gate.open()
      #expect(daemon.wait() == 0)
    }
  }

  @Test("answers three paths, to programs of this machine, and no page")
  func strangers() async throws {
    try await blocking {
      let folder = try Scratch()
      let daemon = try DaemonProcess.start(in: folder, options: ["--operations", "0"])
      let url = try Self.url(of: daemon)
      #expect(try Self.curl("\(url)/").status == 404)
      #expect(try Self.curl("\(url)/remotes/nav/remoteEntry.js").status == 404)
      #expect(try Self.curl("\(url)/metrics", "-d", "x").status == 405)
      #expect(try Self.curl("\(url)/metrics", "-H", "Host: evil.example").status == 421)
      #expect(try Self.curl("\(url)/metrics", "-H", "Origin: http://localhost:3000").status == 403)
      #expect(
        try Self.curl("\(url)/metrics", "-H", "Sec-Fetch-Site: cross-site").status == 403)
      #expect(try Self.curl("\(url)/metrics", "--head").status == 200)
    }
  }

  @Test("is nowhere on the gateway's addresses")
  func apart() async throws {
    try await blocking {
      let daemon = try DaemonProcess.start(
        in: try Scratch(), options: ["--operations", "0", "--gateway", "0"])
      _ = try Self.url(of: daemon)
      try daemon.settle { $0.gateways != nil }
      let statistics: StatisticsMessage = try daemon.connect().control(.stats)
      let gateway = try #require(statistics.gateways?.first)
      let port = try #require(URL(string: gateway)?.port)
      for base in [gateway, "http://127.0.0.1:\(port)/"] {
        for path in ["metrics", "health/live", "health/ready"] {
          #expect(try Self.curl(base + path).status == 404)
        }
      }
    }
  }

  @Test("answers on a Unix socket, too")
  func socket() async throws {
    try await blocking {
      let folder = try Scratch()
      try FileManager.default.createDirectory(
        atPath: folder.path("http"), withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700])
      let path = folder.path("http/operations.sock")
      let daemon = try DaemonProcess.start(in: folder, options: ["--operations", path])
      _ = try Self.url(of: daemon)
      let page = try Self.curl("--unix-socket", path, "http://localhost/metrics")
      #expect(page.status == 200 && page.text.contains("larder_build_info"))
    }
  }

  @Test(
    "does not start where it would be told to others unasked",
    arguments: ["--operations 0.0.0.0:0", "--operations-exposed", "--operations example.com:80"])
  func refused(_ options: String) async throws {
    try await blocking {
      let options = options.split(separator: " ").map(String.init)
      let ended = #expect(throws: DaemonProcess.Ended.self) {
        try DaemonProcess.start(in: try Scratch(), options: options)
      }
      #expect(ended?.status == 64, "\(ended?.log ?? "")")
    }
  }
}
