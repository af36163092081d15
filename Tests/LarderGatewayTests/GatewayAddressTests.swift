import Testing

@testable import LarderGateway

@Suite("Where the gateway listens")
struct GatewayAddressTests {
  @Test(
    "is a port or a socket",
    arguments: [
      ("7717", GatewayAddress.port(host: "127.0.0.1", 7_717)),
      ("0", .port(host: "127.0.0.1", 0)),
      ("localhost:80", .port(host: "127.0.0.1", 80)),
      ("127.0.0.1:65535", .port(host: "127.0.0.1", 65_535)),
      ("[::1]:7717", .port(host: "::1", 7_717)),
      ("0.0.0.0:80", .port(host: "0.0.0.0", 80)),
      ("/run/larder/http.sock", .socket(path: "/run/larder/http.sock")),
    ])
  func read(_ text: String, _ address: GatewayAddress) {
    #expect(GatewayAddress(text) == address)
  }

  @Test(
    "is nothing else",
    arguments: [
      "", ":", "80:", "65536", "-1", "example.com:80", "127.0.0.1", "127.0.0.1:", "127.0.0:80",
      "127.0.0.256:80", "1.2.3.4.5:80", "::1:80", "[::1]", "[::1]80", "[x]:80", "[]:80",
      "/" + String(repeating: "x", count: 107), "relative.sock",
    ])
  func refused(_ text: String) {
    #expect(GatewayAddress(text) == nil)
  }

  @Test("is this machine's own, or is not")
  func isLocal() {
    let local = ["7717", "127.9.9.9:1", "[::1]:1", "/tmp/x.sock"]
    #expect(local.allSatisfy { GatewayAddress($0)?.isLocal == true })
    #expect(
      ["0.0.0.0:1", "[::]:1", "10.0.0.1:1"].allSatisfy { GatewayAddress($0)?.isLocal == false })
  }
}
