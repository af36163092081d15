import Testing

@testable import LarderService

@Suite struct AssetPathTests {
  @Test(
    "A path below a folder is taken",
    arguments: [
      "a", "remoteEntry.js", "static/js/1.js", "a b.js", "..a", "a..", ".hidden", "ä/ü.js",
    ])
  func plain(path: String) { #expect(AssetPath.isPlain(path)) }

  @Test(
    "A path that leaves it, or that a file name or URL cannot carry, is not",
    arguments: [
      "", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/..", "a/../b", "./a", "a\\b", "a\nb",
      "a\0b", "a\u{7f}",
    ])
  func other(path: String) { #expect(!AssetPath.isPlain(path)) }
}
