import Testing

@testable import LarderGateway

@Suite("Requests that a page makes a browser send")
struct ForgeryTests {
  struct Case: Sendable, CustomStringConvertible {
    let host: String
    let fields: [String]
    let status: Int

    var description: String { "\(host) \(fields) -> \(status)" }
  }

  private static let goodOrigins = [
    "http://localhost", "http://localhost:3000", "https://localhost:8443", "http://127.0.0.1:8080",
    "http://[::1]:3000", "http://app.localhost:5173", TestGateway.origin,
  ]

  private static let badOrigins = [
    "null", "", "http://evil.example", "https://evil.example", "http://localhost.evil.example",
    "http://evil-localhost", "http://localhost@evil.example", "http://localhost:3000@evil.example",
    "http://127.0.0.1.evil.example", "http://127.0.0.2", "http://0.0.0.0", "http://[::]",
    "http://2130706433", "http://0x7f000001", "http://127.1", "http://localhost/", "file://",
    "file:///", "chrome-extension://abcdef", "http://localhost:0x50", "http://localhost:99999",
    "http://localhost:", "HTTP://LOCALHOST", "http://LOCALHOST", "http://.localhost",
    "http://evil..localhost", "https://shop.example.evil.example", "https://xshop.example",
    "http://shop.example", "https://shop.example:444", "https://shop.example/", "ws://localhost",
    "http://localhost http://evil.example", "http://10.0.0.1", "http://169.254.169.254",
    "http://[::ffff:127.0.0.1]", "http://localhost\u{ff0e}evil.example", "localhost", "//localhost",
  ]

  private static let badHosts = [
    "", "evil.example", "evil.example:80", "localhost.evil.example", "localhost@evil.example",
    "evil.example@localhost", "127.0.0.1.evil.example", "127.0.0.2", "127.1", "2130706433",
    "0x7f.1", "0.0.0.0", "[::]", "[::1", "::1", "[::1]x", "[::1]:x", "[::ffff:127.0.0.1]",
    "localhost:", "localhost:x", "localhost:99999", "localhost:-1", "localhost:80:80", "localhost/",
    "localhost?", "localhost#", "local host", "localhost,evil.example", "localhost;x", ".localhost",
    "a..localhost", "169.254.169.254", "larder.example.evil.example", "xlarder.example",
    "http://localhost", "localhost.", "10.0.0.1:80",
  ]

  static let cases: [Case] = {
    var cases: [Case] = []
    let good = [
      "localhost", "localhost:7717", "LOCALHOST", "127.0.0.1:1", "[::1]:7717",
      "x.localhost:80", TestGateway.host, "\(TestGateway.host):443",
    ]
    // Programs say no more than the host.
    cases += good.map { Case(host: $0, fields: [], status: 200) }
    cases += badHosts.map { Case(host: $0, fields: [], status: 421) }
    // A name that leads here by DNS rebinding is the same site to its page.
    cases += badHosts.prefix(6).map {
      Case(host: $0, fields: ["Sec-Fetch-Site: same-origin"], status: $0.isEmpty ? 421 : 421)
    }
    for origin in goodOrigins {
      for site in [[], ["same-origin"], ["same-site"], ["cross-site"]] {
        cases.append(
          Case(
            host: "localhost", fields: ["Origin: \(origin)"] + site.map { "Sec-Fetch-Site: \($0)" },
            status: 200))
      }
      cases.append(
        Case(
          host: "localhost", fields: ["Sec-Fetch-Site: cross-site", "Referer: \(origin)/a?b#c"],
          status: 200))
    }
    for origin in badOrigins {
      for site in [[], ["same-origin"], ["cross-site"], ["none"]] {
        cases.append(
          Case(
            host: "localhost", fields: ["Origin: \(origin)"] + site.map { "Sec-Fetch-Site: \($0)" },
            status: 403))
      }
      // What a page withholds or makes up about itself opens nothing.
      cases.append(
        Case(
          host: "localhost", fields: ["Sec-Fetch-Site: cross-site", "Referer: \(origin)/"],
          status: ["http://localhost/", "https://shop.example/"].contains(origin) ? 200 : 403))
    }
    cases.append(Case(host: "localhost", fields: ["Sec-Fetch-Site: cross-site"], status: 403))
    for site in ["", "x", "CROSS-SITE", "same-origin, cross-site", "null", "same origin", "?1"] {
      cases.append(Case(host: "localhost", fields: ["Sec-Fetch-Site: \(site)"], status: 403))
    }
    for site in ["same-origin", "same-site", "none"] {
      cases.append(Case(host: "localhost", fields: ["Sec-Fetch-Site: \(site)"], status: 200))
    }
    // What proxies add is nobody's word.
    for field in [
      "X-Forwarded-Host: localhost", "Forwarded: host=localhost", "X-Host: localhost",
      "X-Original-URL: /", "X-Rewrite-URL: /", "X-Forwarded-Server: localhost",
      "X-HTTP-Method-Override: DELETE",
    ] {
      cases.append(Case(host: "evil.example", fields: [field], status: 421))
    }
    return cases
  }()

  @Test("are at least a hundred and fifty")
  func count() {
    #expect(Self.cases.count { $0.status != 200 } >= 150)
  }

  @Test("are answered for pages of this machine and those that were named, and for nobody else")
  func admitted() async throws {
    try await TestGateway.run { gateway in
      for one in Self.cases {
        let text = gateway.head(
          "/importmap.json", host: one.host, one.fields + ["Connection: close"])
        let replies = try await gateway.exchange(text)
        guard replies.count == 1, let reply = replies.first else {
          Issue.record("\(one): \(replies)")
          continue
        }
        #expect(reply.status == one.status, "\(one): \(reply)")
        // Nobody is led anywhere, and only who may read is told so.
        #expect(reply.fields["location"] == nil && reply.fields["set-cookie"] == nil)
        let origin = one.fields.first { $0.hasPrefix("Origin: ") }.map { String($0.dropFirst(8)) }
        #expect(
          reply.fields["access-control-allow-origin"] == (reply.status == 200 ? origin : nil),
          "\(one)")
        #expect(reply.fields["access-control-allow-credentials"] == nil)
        if reply.status != 200 {
          #expect(!reply.text.contains(gateway.key.text) && !reply.text.contains("imports"))
          #expect(reply.fields["cache-control"] == "no-store")
        }
      }
    }
  }

  @Test(
    "never reach what changes anything, whatever the method",
    arguments: ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"])
  func verbs(_ method: String) async throws {
    try await TestGateway.run { gateway in
      for path in [
        "/admin", "/publish", "/remote", "/purge", "/evict", "/scrub", "/stats", "/keyed",
      ] {
        let reply = try await gateway.exchange(
          gateway.head(path, method, ["Connection: close"]), isHead: method == "HEAD")
        #expect([404, 405].contains(reply.first?.status), "\(method) \(path)")
      }
    }
  }
}
