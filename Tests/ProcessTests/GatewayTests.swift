import Foundation
import Glibc
import LarderClient
import LarderMessages
import LarderWire
import OriginRig
import Testing

@Suite("larderd --gateway")
struct GatewayTests {
  /// What curl got: the fields by lower-case name, and the body.
  private struct Answer: CustomStringConvertible {
    let status: Int
    let fields: [String: String]
    let body: String

    var description: String { "\(status) \(fields) \(body.prefix(200))" }
  }

  private static func curl(_ words: String...) throws -> Answer {
    let outcome = try Outcome.of(
      "/usr/bin/curl", ["--silent", "--show-error", "--max-time", "60", "--include"] + words)
    try #require(outcome.status == 0, "\(outcome)")
    let parts = outcome.text.components(separatedBy: "\r\n\r\n")
    let lines = parts[0].components(separatedBy: "\r\n")
    var fields: [String: String] = [:]
    for line in lines.dropFirst() {
      let pair = line.split(separator: ":", maxSplits: 1)
      fields[pair[0].lowercased()] = pair[1].trimmingCharacters(in: .whitespaces)
    }
    let status = Int(lines[0].split(separator: " ")[1]) ?? 0
    return Answer(
      status: status, fields: fields, body: parts.dropFirst().joined(separator: "\r\n\r\n"))
  }

  /// Where `larder status` says that pages reach the daemon; it may listen a moment after the socket.
  private static func url(of daemon: DaemonProcess) throws -> String {
    try daemon.settle { $0.gateways != nil }
    let statistics: StatisticsMessage = try daemon.connect().control(.stats)
    let url = try #require(statistics.gateways?.first)
    #expect(try daemon.larder("status").text.contains(url))
    return url
  }

  private static func publish(
    _ deploy: Deploy, in folder: Scratch, to daemon: DaemonProcess
  ) throws -> String {
    for (path, bytes) in deploy.served { try folder.write(bytes, to: "build/\(path)") }
    let published = try daemon.larder("publish", deploy.name, folder.path("build"), "--json")
    return try published.json(ReleaseMessage.self).release
  }

  @Test("says of each file what caches and browsers have to know")
  func fields() async throws {
    try await blocking {
      let folder = try Scratch()
      let daemon = try DaemonProcess.start(
        in: folder, options: ["--gateway", "0", "--gateway-origin", "https://shop.example"])
      let url = try Self.url(of: daemon)
      let deploy = Deploy(name: "nav", loading: "jsonp")
      let release = try Self.publish(deploy, in: folder, to: daemon)

      let file = "\(url)remotes/nav@\(release)/route.js"
      let answer = try Self.curl(file, "-H", "Origin: https://shop.example")
      #expect(answer.status == 200)
      #expect(Array(answer.body.utf8) == deploy.files["route.js"])
      let tag = try #require(answer.fields["etag"])
      let expected = [
        "content-type": "text/javascript; charset=utf-8", "accept-ranges": "bytes",
        "cache-control": "private, max-age=31536000, immutable",
        "content-length": "\(answer.body.utf8.count)", "x-content-type-options": "nosniff",
        "cross-origin-resource-policy": "cross-origin", "vary": "Origin",
        "access-control-allow-origin": "https://shop.example",
        "timing-allow-origin": "https://shop.example",
        "access-control-expose-headers": "ETag, Server-Timing",
      ]
      for (name, value) in expected { #expect(answer.fields[name] == value, "\(name)") }
      #expect(answer.fields["server"]?.hasPrefix("larderd/") == true)
      #expect(answer.fields["server-timing"]?.contains(#/^file;dur=\d+\.\d{3}$/#) == true)
      #expect(tag.contains(#/^"[0-9a-f]{64}"$/#))

      let known = try Self.curl(file, "-H", "If-None-Match: \(tag)")
      #expect(known.status == 304 && known.body.isEmpty && known.fields["etag"] == tag)
      let part = try Self.curl(file, "-r", "1-3")
      #expect(part.status == 206 && part.body == String(answer.body.dropFirst().prefix(3)))
      #expect(part.fields["content-range"] == "bytes 1-3/\(answer.body.utf8.count)")
      let head = try Self.curl(file, "--head")
      #expect(head.status == 200 && head.fields["etag"] == tag && head.body.isEmpty)

      let entry = try Self.curl("\(url)remotes/nav/remoteEntry.js")
      #expect(entry.fields["cache-control"] == "private, no-cache")
      #expect(entry.body.contains("nav@\(release)/remoteEntry.js"))
      let plan = try Self.curl("\(url)plan/nav/Header")
      #expect(plan.status == 200 && plan.body.contains(release))
      #expect(try Self.curl("\(url)larder/browser.js").body.contains("createHost"))
      #expect(
        try Self.curl("\(url)importmap.json").fields["content-type"] == "application/importmap+json"
      )

      #expect(try Self.curl(file, "-H", "Origin: https://evil.example").status == 403)
      #expect(try Self.curl(file, "-H", "Host: evil.example").status == 421)
      let post = try Self.curl(file, "-d", "x")
      #expect(post.status == 405 && post.fields["allow"] == "GET, HEAD")
      let missing = try Self.curl("\(url)remotes/none/remoteEntry.js")
      #expect(missing.status == 404 && missing.body.contains(#""code":"unknownRemote""#))
      #expect(missing.fields["cache-control"] == "no-store")
      #expect(daemon.end() == 0)
    }
  }

  @Test("keeps its key in the store, for the daemon's user alone, and in no log")
  func key() async throws {
    try await blocking {
      let folder = try Scratch()
      let first = try DaemonProcess.start(
        in: folder, options: ["--gateway", "0", "--log-level", "trace"])
      let key = try #require(URL(string: try Self.url(of: first))?.path)
      #expect(first.end() == 0)
      #expect(!first.logged.contains(key.dropFirst()))
      let second = try DaemonProcess.start(in: folder, options: ["--gateway", "[::1]:0"])
      #expect(URL(string: try Self.url(of: second))?.path == key)
      var status = stat()
      #expect(stat(folder.path("store/gateway.key"), &status) == 0)
      #expect(status.st_mode & 0o777 == 0o600)
      let other = try DaemonProcess.start(in: try Scratch(), options: ["--gateway", "0"])
      #expect(URL(string: try Self.url(of: other))?.path != key)
    }
  }

  @Test("tells its URL only to those who have its realm")
  func realms() async throws {
    try await blocking {
      let daemon = try DaemonProcess.start(
        in: try Scratch(), realms: ["jobs"],
        options: ["--gateway", "0", "--gateway-realm", "jobs"])
      try daemon.settle("jobs") { $0.gateways?.count == 1 }
      let statistics: StatisticsMessage = try daemon.connect().control(.stats)
      #expect(statistics.gateways == nil)
    }
  }

  @Test("answers on a Unix socket, too")
  func socket() async throws {
    try await blocking {
      let folder = try Scratch()
      try FileManager.default.createDirectory(
        atPath: folder.path("http"), withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700])
      let path = folder.path("http/gateway.sock")
      let daemon = try DaemonProcess.start(
        in: folder, options: ["--gateway", path, "--gateway", "0"])
      let url = try Self.url(of: daemon)
      let answer = try Self.curl(
        "--unix-socket", path, "--retry", "50", "--retry-connrefused", "\(url)larder/browser.js")
      #expect(answer.status == 200)
    }
  }

  @Test(
    "does not start where it cannot listen as it is told",
    arguments: [
      "--gateway 0.0.0.0:0", "--gateway [::]:0", "--gateway example.com:80", "--gateway-host x",
      "--gateway 0 --gateway-base larder", "--gateway 0 --gateway-certificate /no/such.pem",
      "--gateway 0 --gateway-origin shop.example", "--gateway 0 --gateway-host shop.example:80",
    ])
  func refused(_ options: String) async throws {
    try await blocking {
      let options = options.split(separator: " ").map(String.init)
      let ended = #expect(throws: DaemonProcess.Ended.self) {
        try DaemonProcess.start(in: try Scratch(), options: options)
      }
      #expect(ended?.status == 64, "\(ended?.log ?? "")")
    }
  }

  @Test(
    "speaks HTTP/2 and HTTP/1.1 under TLS, and says so", .enabled(if: TestCertificate.isPossible))
  func secure() async throws {
    try await blocking {
      let folder = try Scratch()
      let certificate = try TestCertificate()
      let daemon = try DaemonProcess.start(
        in: folder,
        options: [
          "--gateway", "0", "--gateway-certificate", certificate.file, "--gateway-private-key",
          certificate.keyFile,
        ])
      let url = try Self.url(of: daemon)
      #expect(url.hasPrefix("https://localhost:"))
      let release = try Self.publish(Deploy(name: "nav", loading: "jsonp"), in: folder, to: daemon)
      let file = "\(url)remotes/nav@\(release)/route.js"
      for (version, option) in [("2", "--http2"), ("1.1", "--http1.1")] {
        let outcome = try Outcome.of(
          "/usr/bin/curl",
          [
            "--silent", "--show-error", "--max-time", "60", "--cacert", certificate.file, option,
            "--write-out",
            "%{http_version} %{response_code}", "--output", "/dev/null", file,
          ])
        #expect(outcome.text == "\(version) 200", "\(outcome)")
      }
      let answer = try Self.curl("--cacert", certificate.file, "-X", "POST", file)
      #expect(answer.status == 405)
      // Nobody speaks in the clear there.
      let clear = try Outcome.of(
        "/usr/bin/curl", ["--silent", file.replacing("https://", with: "http://")])
      #expect(clear.status != 0)
      #expect(daemon.end() == 0)
    }
  }

  @Test("does not start with a certificate that is none", .enabled(if: TestCertificate.isPossible))
  func wrongCertificate() async throws {
    try await blocking {
      let (one, other) = (try TestCertificate(), try TestCertificate())
      for (chain, key) in [
        (one.file, other.keyFile), (one.keyFile, one.keyFile), ("/no/such.pem", one.keyFile),
      ] {
        let ended = #expect(throws: DaemonProcess.Ended.self) {
          try DaemonProcess.start(
            in: try Scratch(),
            options: [
              "--gateway", "0", "--gateway-certificate", chain, "--gateway-private-key", key,
            ])
        }
        #expect(ended?.status == 78 && ended?.log.contains("the certificate \(chain)") == true)
      }
    }
  }

  @Test("ends with a daemon's usual status where its port is taken")
  func taken() async throws {
    try await blocking {
      let first = try DaemonProcess.start(in: try Scratch(), options: ["--gateway", "0"])
      let port = try #require(URL(string: try Self.url(of: first))?.port)
      let folder = try Scratch()
      let outcome = try Outcome.of(
        ChildProcess.programs.appending(path: "larderd").path,
        [
          "--store", folder.path("store"), "--socket", folder.path("run/s"), "--gateway", "\(port)",
        ])
      #expect(outcome.status == 75, "\(outcome)")
      #expect(outcome.errors.contains("127.0.0.1:\(port)"), "\(outcome)")
    }
  }
}
