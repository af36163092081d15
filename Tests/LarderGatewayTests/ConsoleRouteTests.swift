import HTTPTypes
import LarderFederation
import Testing

@testable import LarderGateway

@Suite("A target below the console's key")
struct ConsoleRouteTests {
  private static let digits = String(repeating: "fedcba9876543210", count: 2)
  private let key: GatewayKey

  init() throws { key = try #require(GatewayKey(Self.digits)) }

  private func route(_ path: String) throws -> ConsoleRoute? {
    try ConsoleRoute("/\(key.text)/console\(path)", key: key)
  }

  @Test(
    "names what it leads to",
    arguments: [
      ("/", ConsoleRoute.page), ("/?x", .page), ("/console.js", .file(path: "console.js")),
      ("/views/graph.js", .file(path: "views/graph.js")), ("/events", .events),
      ("/data/remotes", .data(.remotes)), ("/data/remotes/nav", .data(.remote("nav"))),
      ("/data/remotes/%40shop%2Fnav", .data(.remote("@shop/nav"))),
      ("/data/federation", .data(.federation)), ("/data/shares", .data(.shares)),
      ("/data/differences", .data(.differences)), ("/data/usage", .data(.usage)),
      ("/data/statistics", .data(.statistics)), ("/data/history", .data(.history)),
      ("/data/plan/nav/.%2FX", .data(.plan(remote: "nav", expose: "./X", target: .web))),
      (
        "/data/plan/nav/.%2FX?target=async-node",
        .data(.plan(remote: "nav", expose: "./X", target: .asyncNode))
      ),
      ("/switch/nav/\(digits)", .switch(remote: "nav", release: digits)),
      ("/rollback/%40shop%2Fnav", .rollback(remote: "@shop/nav")),
    ])
  func leads(_ path: String, _ route: ConsoleRoute) throws {
    #expect(try self.route(path) == route)
  }

  @Test(
    "leads nowhere if it is another",
    arguments: [
      "", "x", "/data/", "/data/other", "/data/remotes/a/b", "/data/plan/nav",
      "/data/plan/nav/X?target=mars", "/data/plan/nav/X/Y", "/%", "/data/%ff",
    ])
  func nowhere(_ path: String) {
    let error = #expect(throws: Refusal.self) { try route(path) }
    #expect(error?.status == .notFound)
  }

  @Test(
    "is none of the console's without its key",
    arguments: [
      "/", "/console/", "/\(digits.dropLast())/console/", "/\(digits)0/console/",
      "/\(digits.uppercased())/console/", "//\(digits)/console/", "/x/\(digits)/console/",
    ])
  func keyless(_ target: String) throws {
    #expect(try ConsoleRoute(target, key: key) == nil)
  }

  @Test("is for POST if it changes something, and for nothing else")
  func writes() throws {
    for (path, isWrite) in [
      ("/switch/nav/x", true), ("/rollback/nav", true), ("/", false), ("/events", false),
      ("/data/remotes", false), ("/switch/nav", false), ("/rollback/nav/x", false),
      ("/publish/nav", false),
    ] {
      let target = "/\(key.text)/console\(path)"
      #expect(ConsoleRoute.isWrite(target, key: key) == isWrite, "\(path)")
      #expect(!ConsoleRoute.isWrite(target.replacing("fedc", with: "0000"), key: key))
    }
  }
}
