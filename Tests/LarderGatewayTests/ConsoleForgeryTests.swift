import LarderMessages
import LarderService
import OriginRig
import Testing

@testable import LarderGateway

@Suite("Requests for the console that are not its page's")
struct ConsoleForgeryTests {
  struct Case: Sendable, CustomStringConvertible {
    let method: String
    /// Below the console's key; `RELEASE` stands for one that is not current.
    let path: String
    var host = "localhost:7717"
    let fields: [String]
    let status: Int

    var description: String { "\(method) \(path) \(host) \(fields) -> \(status)" }
  }

  private static let own = "Origin: http://localhost:7717"
  private static let same = "Sec-Fetch-Site: same-origin"
  private static let empty = "Sec-Fetch-Dest: empty"
  private static let none = "Content-Length: 0"
  private static let navigates = ["Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"]

  /// Web origins that are no gateway's own, those among them whose pages may load remotes.
  private static let foreign = [
    "null", "", "http://evil.example", "https://evil.example", "http://localhost",
    "http://localhost:3000", "https://localhost:7717", "http://127.0.0.1:7717",
    "http://[::1]:7717", "http://x.localhost:7717", "http://localhost:7717.evil.example",
    "http://localhost:77170", "http://localhost:7717/", "HTTP://LOCALHOST:7717", "file://",
    "chrome-extension://abcdef", TestGateway.origin, "http://localhost:7717 http://evil.example",
  ]

  private static let foreignHosts = [
    "evil.example", "evil.example:7717", TestGateway.host, "\(TestGateway.host):443", "0.0.0.0",
    "127.0.0.2", "localhost.evil.example", "10.0.0.1:7717", "[::]", "localhost.",
  ]

  private static let reads = ["data/remotes", "data/statistics", "data/history", "events"]
  private static let writes = ["rollback/nav", "switch/nav/RELEASE"]

  static let cases: [Case] = {
    var cases: [Case] = []
    for path in writes {
      // What a page, a form or a frame of anybody else makes a browser send.
      for origin in foreign {
        for site in ["same-origin", "same-site", "cross-site", "none"] {
          cases.append(
            Case(
              method: "POST", path: path,
              fields: ["Origin: \(origin)", "Sec-Fetch-Site: \(site)", empty, none], status: 403))
        }
      }
      for site in ["same-site", "cross-site", "none", "", "SAME-ORIGIN", "same-origin, none"] {
        cases.append(
          Case(
            method: "POST", path: path, fields: [own, "Sec-Fetch-Site: \(site)", empty, none],
            status: 403))
      }
      cases += [
        Case(method: "POST", path: path, fields: [none], status: 403),
        Case(method: "POST", path: path, fields: [own, none], status: 403),
        Case(method: "POST", path: path, fields: [same, empty, none], status: 403),
        Case(method: "POST", path: path, fields: [own, same, empty], status: 400),
      ]
      for destination in ["document", "iframe", "frame", "object", "script", "image", "worker"] {
        cases.append(
          Case(
            method: "POST", path: path,
            fields: [own, same, "Sec-Fetch-Dest: \(destination)", none], status: 403))
      }
      for type in ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain", "x/y"]
      {
        cases.append(
          Case(
            method: "POST", path: path,
            fields: [own, same, empty, none, "Content-Type: \(type)"], status: 400))
      }
      for method in ["GET", "HEAD"] {
        cases.append(Case(method: method, path: path, fields: [own, same, empty], status: 405))
      }
      for host in foreignHosts {
        cases.append(
          Case(
            method: "POST", path: path, host: host,
            fields: ["Origin: http://\(host)", same, empty, none], status: 421))
      }
    }
    for path in reads {
      for origin in foreign {
        cases.append(Case(method: "GET", path: path, fields: ["Origin: \(origin)"], status: 403))
      }
      for site in ["same-site", "cross-site", "none", "x"] {
        cases.append(
          Case(method: "GET", path: path, fields: ["Sec-Fetch-Site: \(site)"], status: 403))
      }
      for destination in [
        "document", "iframe", "frame", "embed", "object", "script", "style", "image", "worker",
        "sharedworker", "serviceworker",
      ] {
        cases.append(
          Case(
            method: "GET", path: path, fields: [same, "Sec-Fetch-Dest: \(destination)"], status: 403
          ))
      }
      cases += foreignHosts.map {
        Case(method: "GET", path: path, host: $0, fields: [], status: 421)
      }
    }
    // The page is a document of its own, and its files are loaded by it alone.
    for destination in ["iframe", "frame", "embed", "object", "script", "empty", "worker"] {
      for site in ["same-origin", "cross-site"] {
        cases.append(
          Case(
            method: "GET", path: "",
            fields: [
              "Sec-Fetch-Site: \(site)", "Sec-Fetch-Mode: navigate",
              "Sec-Fetch-Dest: \(destination)",
            ], status: 403))
      }
    }
    for mode in ["cors", "no-cors", "same-origin", "websocket"] {
      cases.append(
        Case(
          method: "GET", path: "",
          fields: ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: \(mode)"],
          status: 403))
    }
    for site in ["same-site", "cross-site", "none"] {
      cases.append(
        Case(
          method: "GET", path: "console.js",
          fields: ["Sec-Fetch-Site: \(site)", "Sec-Fetch-Dest: script"], status: 403))
    }
    for destination in ["document", "iframe", "worker", "serviceworker", "sharedworker"] {
      cases.append(
        Case(
          method: "GET", path: "console.js", fields: [same, "Sec-Fetch-Dest: \(destination)"],
          status: 403))
    }
    return cases
  }()

  @Test("change nothing, tell nothing, and may be read by nobody")
  func refused() async throws {
    #expect(Self.cases.count >= 300)
    try await TestGateway.run { gateway in
      let first = try await gateway.publish(Deploy(name: "nav", version: "1", loading: "jsonp"))
      let second = try await gateway.publish(Deploy(name: "nav", version: "2", loading: "jsonp"))
      for one in Self.cases {
        let path = one.path.replacing("RELEASE", with: first.release)
        let replies = try await gateway.exchange(
          gateway.consoleHead(path, one.method, host: one.host, one.fields + ["Connection: close"]),
          isHead: one.method == "HEAD")
        guard replies.count == 1, let reply = replies.first else {
          Issue.record("\(one): \(replies)")
          continue
        }
        #expect(reply.status == one.status, "\(one): \(reply)")
        #expect(!reply.text.contains("remotes") && !reply.text.contains(second.release), "\(one)")
        #expect(reply.fields["access-control-allow-origin"] == nil, "\(one)")
      }
      let shown = try await gateway.service.showRemote("nav", for: gateway.peer)
      #expect(shown.current?.release == second.release)
    }
  }

  @Test("are nothing at all with the gateway's own key, nor does the console's read remotes")
  func keys() async throws {
    try await TestGateway.run { gateway in
      try await gateway.publish(Deploy(name: "nav", loading: "jsonp"))
      let fields = [Self.own, Self.same, Self.empty, "Connection: close"]
      for path in ["/console/", "/console/data/remotes", "/console/console.js"] {
        #expect(try await gateway.get(path).status == 404)
      }
      let write = gateway.head("/console/rollback/nav", "POST", fields + [Self.none])
      #expect(try await gateway.exchange(write).first?.status == 405)
      for path in ["importmap.json", "remotes/nav/remoteEntry.js", "larder/browser.js"] {
        let text = gateway.consoleHead(path, "GET", [Self.same, "Connection: close"])
          .replacing("/console/\(path)", with: "/\(path)")
        #expect(try await gateway.exchange(text).first?.status == 404, "\(path)")
      }
    }
  }

  @Test("are its page's if they say so, and programs' that have the key and only look")
  func admitted() async throws {
    try await TestGateway.run { gateway in
      let cases: [(path: String, fields: [String])] = [
        ("", []), ("", ["Sec-Fetch-Site: none"] + Self.navigates),
        ("", ["Sec-Fetch-Site: cross-site"] + Self.navigates), ("console.js", []),
        ("console.js", [Self.same, "Sec-Fetch-Dest: script"]),
        ("console.css", [Self.same, "Sec-Fetch-Dest: style"]), ("data/remotes", []),
        ("data/remotes", [Self.same, Self.empty]), ("data/remotes", [Self.own, Self.same]),
      ]
      for one in cases {
        for method in ["GET", "HEAD"] {
          let reply = try await gateway.exchange(
            gateway.consoleHead(
              one.path, method, host: "localhost:7717", one.fields + ["Connection: close"]),
            isHead: method == "HEAD"
          ).first
          #expect(reply?.status == 200, "\(method) \(one)")
        }
      }
    }
  }
}
