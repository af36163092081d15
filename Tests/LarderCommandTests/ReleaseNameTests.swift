import Testing

@testable import larder

@Suite("A release as people name it")
struct ReleaseNameTests {
  @Test(
    "The release or channel is what follows the last '@'",
    arguments: [
      ("nav", "nav", nil, nil), ("nav@current", "nav", "current", nil),
      ("@shop/cart", "@shop/cart", nil, nil), ("@shop/cart@next", "@shop/cart", "next", nil),
      ("a@b@c", "a@b", "c", nil),
      ("nav@0123456789abcdef0123456789abcdef", "nav", nil, "0123456789abcdef0123456789abcdef"),
    ] as [(String, String, String?, String?)])
  func parts(text: String, remote: String, channel: String?, release: String?) throws {
    let name = try #require(ReleaseName(argument: text))
    #expect(name.remote == remote && name.channel == channel && name.release == release)
  }

  @Test("A text without a name is none", arguments: ["nav@", "@", "", "@@x"])
  func refused(text: String) {
    #expect(ReleaseName(argument: text) == nil)
  }
}
