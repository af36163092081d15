import LarderCore
import LarderMessages
import LarderService
import OriginRig
import Testing

@testable import LarderGateway

@Suite("The edge")
struct EdgeTests {
  /// An edge with one site for two of three remotes, whose origin a test deploys to.
  private static func run(
    freshness: Freshness = Freshness(), pages: Set<String>? = nil, sourceMaps: Bool = false,
    _ body: @escaping @Sendable (TestEdge, DeployOrigin) async throws -> Void
  ) async throws {
    let origin = try await DeployOrigin(Deploy(name: "nav", loading: "jsonp"), at: "/nav/")
    origin.deploy(Deploy(name: "cart", loading: "jsonp"), at: "/cart/")
    origin.deploy(Deploy(name: "secret", loading: "jsonp"), at: "/secret/")
    let urls = { (name: String) in [origin.http.url("/\(name)/")] }
    try await TestEdge.run(
      remotes: ["nav": urls("nav"), "cart": urls("cart"), "secret": urls("secret")],
      shown: ["nav", "cart", "stall"], freshness: freshness, pages: pages,
      showsSourceMaps: sourceMaps
    ) { edge in try await body(edge, origin) }
  }

  @Test("answers everybody, under its names alone, so that shared caches may keep it")
  func answers() async throws {
    try await Self.run { edge, _ in
      let entry = try await edge.get("/remotes/nav/remoteEntry.js")
      #expect(entry.status == 200 && entry.fields["cache-control"] == "public, no-cache")
      let release = try #require(
        entry.text.firstMatch(of: #/nav@([0-9a-f]{32})\/remoteEntry/#)?.1)
      for fields in [
        [], ["Origin: https://any.example"], ["Sec-Fetch-Site: cross-site"], ["Origin: null"],
      ] {
        // Twice: made, and as it was sent before.
        for _ in 0..<2 {
          let file = try await edge.get("/remotes/nav@\(release)/route.js", fields)
          #expect(file.status == 200, "\(file)")
          #expect(file.fields["cache-control"] == "public, max-age=31536000, immutable")
          #expect(file.fields["access-control-allow-origin"] == "*")
          #expect(file.fields["timing-allow-origin"] == "*")
          #expect(file.fields["vary"] == nil)
        }
      }
      for host in ["localhost", "127.0.0.1", "other.example", "remotes.example.evil.example"] {
        let path = "/remotes/nav@\(release)/route.js"
        #expect(try await edge.get(path, host: host).status == 421, "\(host)")
      }
      #expect(
        try await edge.get("/remotes/nav@\(release)/route.js", host: "WWW.remotes.example:8443")
          .status == 200)
    }
  }

  @Test("has nothing but the remotes that it is to show")
  func scope() async throws {
    try await Self.run { edge, _ in
      let hidden = try await edge.publish(Deploy(name: "hidden", loading: "jsonp")).release
      #expect(try await edge.get("/remotes/cart/remoteEntry.js").status == 200)
      for path in [
        "/remotes/secret/remoteEntry.js", "/remotes/secret/mf-manifest.json",
        "/plan/secret/Header", "/remotes/hidden@\(hidden)/route.js",
        "/remotes/none/remoteEntry.js", "/admin", "/console/", "/metrics",
      ] {
        let reply = try await edge.get(path)
        #expect(
          reply.status == 404 && reply.text.contains("there is nothing at this URL"), "\(path)")
      }
      let file = try await edge.put(Array("of another".utf8))
      #expect(try await edge.get("/blobs/sha256/\(file.hex)").status == 404)
      let map = try await edge.get("/importmap.json")
      #expect(map.status == 200 && !map.text.contains("hidden"))
    }
  }

  @Test("shows a new deploy with the next load, and goes on without its origin")
  func deploys() async throws {
    try await Self.run { edge, origin in
      let first = try await edge.get("/remotes/nav/remoteEntry.js")
      let tag = try #require(first.fields["etag"])
      #expect(
        try await edge.get("/remotes/nav/remoteEntry.js", ["If-None-Match: \(tag)"]).status == 304)
      origin.deploy(Deploy(name: "nav", version: "2", loading: "jsonp"), at: "/nav/")
      let second = try await edge.get("/remotes/nav/remoteEntry.js", ["If-None-Match: \(tag)"])
      #expect(second.status == 200 && second.fields["etag"] != tag)
      for mode in [DeployOrigin.Mode.down, .html] {
        origin.set(mode)
        let stale = try await edge.get("/remotes/nav/remoteEntry.js")
        #expect(stale.status == 200 && stale.body == second.body)
      }
      // A page that began with the first deploy goes on with it.
      let old = try #require(first.text.firstMatch(of: #/nav@[0-9a-f]{32}/#)).output
      let file = try await edge.get("/remotes/\(old)/header.js")
      #expect(file.status == 200 && file.text.contains("// 1 of nav"))
    }
  }

  @Test("asks no origin for what it does not know, however it is asked")
  func unknown() async throws {
    try await Self.run { edge, origin in
      let known = try await edge.get("/remotes/nav/remoteEntry.js")
      #expect(known.status == 200)
      let asked = origin.http.requests.count
      for path in [
        "/remotes/other/remoteEntry.js", "/remotes/nav@\(String(repeating: "0", count: 32))/a.js",
        "/remotes/secret/remoteEntry.js",
      ] {
        for query in ["", "?a=1", "?url=https://evil.example/"] {
          let fields = ["X-Forwarded-Host: evil.example", "X-Original-URL: /secret"]
          let reply = try await edge.get(path + query, fields)
          #expect(reply.status == 404)
        }
      }
      #expect(origin.http.requests.count == asked)
      // What the caller sends besides reaches no origin.
      let fields = ["Cookie: a=b", "Authorization: Basic eDp5", "X-Forwarded-Host: evil.example"]
      let reply = try await edge.get("/remotes/nav/remoteEntry.js", fields)
      #expect(reply.status == 200)
      for request in origin.http.requests {
        #expect(request.headers["cookie"] == nil && request.headers["authorization"] == nil)
        #expect(request.headers["x-forwarded-host"] == nil)
      }
    }
  }

  @Test("hides source maps, unless they are meant to be seen", arguments: [false, true])
  func sourceMaps(_ shown: Bool) async throws {
    try await Self.run(sourceMaps: shown) { edge, _ in
      let release = try await edge.publish(
        "stall",
        [
          "remoteEntry.js": Array(FixedBuild.entry.utf8), "37.js": Array(FixedBuild.chunk.utf8),
          "37.js.map": Array("{}".utf8),
        ]
      ).release
      let reply = try await edge.get("/remotes/stall@\(release)/37.js.map")
      #expect(reply.status == (shown ? 200 : 404))
      #expect(try await edge.get("/remotes/stall@\(release)/37.js").status == 200)
    }
  }

  @Test("may be for some pages only")
  func pages() async throws {
    try await Self.run(pages: ["https://shop.example"]) { edge, _ in
      let path = "/remotes/nav/remoteEntry.js"
      let own = try await edge.get(path, ["Origin: https://shop.example"])
      #expect(own.status == 200)
      #expect(own.fields["access-control-allow-origin"] == "https://shop.example")
      #expect(own.fields["cache-control"] == "private, no-cache")
      for origin in ["https://evil.example", "http://localhost", "null"] {
        #expect(try await edge.get(path, ["Origin: \(origin)"]).status == 403, "\(origin)")
      }
      #expect(
        try await edge.get(
          path, ["Sec-Fetch-Site: cross-site", "Referer: http://localhost:3000/"]
        ).status == 403)
    }
  }

  @Test("reads only", arguments: ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "CONNECT", "TRACE"])
  func methods(_ method: String) async throws {
    try await Self.run { edge, _ in
      let reply = try await edge.get("/remotes/nav/remoteEntry.js", method: method)
      #expect(reply.status >= 400)
    }
  }
}
