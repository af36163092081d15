import LarderRegistry
import Testing

@Suite struct NamesTests {
  @Test(
    "A remote's name takes what webpack and npm use",
    arguments: [
      "nav", "_nav", "$nav", "@scope/nav", "nav-2.app", String(repeating: "a", count: 64),
    ]
  )
  func accepted(_ text: String) {
    #expect(RemoteName(text)?.description == text)
  }

  @Test(
    "A remote's name refuses what could be a path, a flag or two names",
    arguments: [
      "", ".nav", "-nav", "/nav", "nav/", "a//b", "a/../b", "a/./b", "a b", "a\u{0}b", "a\nb", "é",
      "a?b", "a%2e", String(repeating: "a", count: 65),
    ])
  func refused(_ text: String) {
    #expect(RemoteName(text) == nil)
    #expect(throws: RegistryError.self) { try RemoteName(checking: text) }
  }

  @Test("A realm's name also takes a colon, a channel's no slash")
  func others() {
    #expect(RealmName("job:pr/nav") != nil)
    #expect(RealmName("") == nil)
    #expect(ChannelName("next-1") != nil)
    #expect(ChannelName("a/b") == nil)
    #expect(ChannelName("current") == .current)
  }

  @Test(
    "A release id is 32 lower-case hexadecimal digits",
    arguments: [
      String(repeating: "A", count: 32), String(repeating: "a", count: 31),
      String(repeating: "a", count: 33), String(repeating: "g", count: 32), "",
    ])
  func releaseIDs(_ text: String) {
    #expect(ReleaseID(text) == nil)
    #expect(ReleaseID(String(repeating: "0f", count: 16)) != nil)
  }
}
