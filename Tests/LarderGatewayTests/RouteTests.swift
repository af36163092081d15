import HTTPTypes
import LarderCore
import LarderFederation
import Testing

@testable import LarderGateway

@Suite("A request's target")
struct RouteTests {
  private static let digits = String(repeating: "0123456789abcdef", count: 2)
  private static let hex = String(repeating: "0123456789abcdef", count: 4)
  private let key: GatewayKey

  init() throws { key = try #require(GatewayKey(Self.digits)) }

  private func route(_ path: String) throws(Refusal) -> Route {
    try Route("/\(key.text)\(path)", mount: .key(key))
  }

  @Test(
    "names what it leads to",
    arguments: [
      ("/remotes/nav/remoteEntry.js", Route.shim(remote: "nav")),
      ("/remotes/@shop/nav/remoteEntry.js", .shim(remote: "@shop/nav")),
      ("/remotes/%40shop%2Fnav/remoteEntry.js", .shim(remote: "@shop/nav")),
      ("/remotes/nav@\(digits)/a/b.js", .file(remote: "nav", release: digits, path: "a/b.js")),
      ("/remotes/nav@\(digits)/a.js?x=1", .file(remote: "nav", release: digits, path: "a.js")),
      (
        "/remotes/@shop/nav@\(digits)/a.js",
        .file(remote: "@shop/nav", release: digits, path: "a.js")
      ),
      ("/remotes/nav@\(digits)/%C3%A9.js", .file(remote: "nav", release: digits, path: "é.js")),
      (
        "/remotes/nav@\(digits)/\(digits)@x.js",
        .file(remote: "nav", release: digits, path: "\(digits)@x.js")
      ),
      ("/plan/nav/Header", .plan(remote: "nav", expose: "./Header", target: .web)),
      (
        "/plan/nav/a/b?target=module", .plan(remote: "nav", expose: "./a/b", target: .module)
      ),
      ("/plan/@shop/nav/X", .plan(remote: "@shop/nav", expose: "./X", target: .web)),
      ("/plan/%40shop%2Fnav/X", .plan(remote: "@shop/nav", expose: "./X", target: .web)),
      ("/plan/a%2Fb/X?a=b&target=web", .plan(remote: "a/b", expose: "./X", target: .web)),
      ("/importmap.json", .importMap),
      ("/larder/lib/browser/host.js", .library(path: "lib/browser/host.js")),
    ])
  func leads(_ path: String, _ route: Route) throws {
    #expect(try self.route(path) == route)
  }

  @Test("names a blob by its digest")
  func blob() throws {
    #expect(try route("/blobs/sha256/\(Self.hex)") == .blob(try #require(Digest(hex: Self.hex))))
  }

  @Test(
    "leads nowhere if it is another",
    arguments: [
      "", "/", "/remotes", "/remotes/", "/remotes/nav", "/remotes/remoteEntry.js",
      "/remotes/nav/other.js", "/remotes/nav@\(digits)", "/remotes/nav@\(digits)/",
      "/remotes/nav@\(digits)//a.js", "/remotes/nav@\(digits)/a%2Fb.js",
      "/remotes/nav@\(digits.uppercased())/a.js", "/remotes/nav@\(digits)0/a.js", "/plan",
      "/plan/nav", "/plan/nav/", "/plan/@shop/nav", "/blobs/\(hex)", "/blobs/md5/\(hex)",
      "/blobs/sha256/\(hex)/x", "/importmap.json/x", "/larder", "/larder/", "/admin", "/LARDER/x",
    ])
  func nowhere(_ path: String) {
    let error = #expect(throws: Refusal.self) { try route(path) }
    #expect(error?.status == .notFound)
  }

  @Test(
    "is refused where it is no name",
    arguments: [
      "/remotes/nav@\(digits)/../a.js", "/remotes/nav@\(digits)/%2e%2e/a.js",
      "/remotes/nav@\(digits)/./a.js", "/remotes/nav@\(digits)/%2E/a.js",
      "/remotes/nav@\(digits)/a%00.js", "/remotes/nav@\(digits)/a%0a.js",
      "/remotes/nav@\(digits)/a%5c.js", "/remotes/nav@\(digits)/a%7f.js",
      "/remotes/nav@\(digits)/%", "/remotes/nav@\(digits)/%2", "/remotes/nav@\(digits)/%zz",
      "/remotes/nav@\(digits)/%ff.js", "/remotes/nav@\(digits)/%c0%ae", "/plan/nav/X?target=node",
      "/plan/nav/X?target=", "/blobs/sha256/\(hex.uppercased())", "/blobs/sha256/x",
    ])
  func refused(_ path: String) {
    let error = #expect(throws: Refusal.self) { try route(path) }
    #expect(error?.status == .badRequest)
  }

  @Test(
    "without the key says no more than that there is nothing",
    arguments: [
      "/", "", "/remotes/nav/remoteEntry.js", "//remotes/nav/remoteEntry.js",
      "/\(digits.dropLast())/importmap.json", "/\(digits)0/importmap.json",
      "/1123456789abcdef0123456789abcdef/importmap.json",
      "/\(digits.uppercased())/importmap.json",
      "/%30123456789abcdef0123456789abcdef/importmap.json",
      "/x/../\(digits)/importmap.json", "/?/\(digits)/importmap.json",
    ])
  func keyless(_ target: String) {
    let error = #expect(throws: Refusal.self) { try Route(target, mount: .key(key)) }
    #expect(error?.status == .notFound)
    #expect(error?.message == Refusal.notFound.message)
  }

  @Test(
    "stands below the path that a gateway is mounted at",
    arguments: [
      ("/", "/importmap.json"), ("/larder", "/larder/importmap.json"),
      ("/larder/", "/larder/importmap.json"), ("/a/b-c/d.e~f", "/a/b-c/d.e~f/importmap.json"),
    ])
  func mounted(_ base: String, _ target: String) throws {
    let mount = try #require(Mount(path: base))
    #expect(try Route(target, mount: mount) == .importMap)
    #expect(target == mount.prefix + "importmap.json")
    for other in ["/x\(target)", "/x/importmap.json", "/%6C\(target)", "/", ""] {
      #expect(throws: Refusal.self) { try Route(other, mount: mount) }
    }
  }

  @Test(
    "is mounted at plain paths only",
    arguments: [
      "", "larder", "//", "/a//b", "/..", "/a/./b", "/a b", "/%61", "/a?b", "/a#b", "/ü",
      String(repeating: "/a", count: Mount.segmentsMax + 1),
    ])
  func unmounted(_ base: String) { #expect(Mount(path: base) == nil) }

  @Test("has a key that is random")
  func keys() {
    var random = SystemRandomNumberGenerator()
    let keys = Set((0..<100).map { _ in GatewayKey(using: &random) })
    #expect(keys.count == 100)
    #expect(keys.allSatisfy { GatewayKey($0.text) == $0 && $0.text.count == 32 })
    #expect(GatewayKey("0123") == nil && GatewayKey(String(repeating: "g", count: 32)) == nil)
  }
}
