import Testing

@testable import larder

@Suite struct PinnedReleaseTests {
  @Test(
    "The release is what follows the last '@'",
    arguments: [
      ("nav@current", "nav", "current"), ("@shop/cart@0123", "@shop/cart", "0123"),
      ("a@b@c", "a@b", "c"),
    ])
  func parts(text: String, name: String, release: String) throws {
    let pinned = try #require(PinnedRelease(argument: text))
    #expect(pinned.name == name && pinned.release == release)
  }

  @Test("A text without name or release is none", arguments: ["nav", "@nav", "nav@", "@", ""])
  func refused(text: String) {
    #expect(PinnedRelease(argument: text) == nil)
  }
}
