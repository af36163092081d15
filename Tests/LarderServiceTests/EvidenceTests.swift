import Testing

@testable import LarderService

@Suite("Evidence and paths")
struct EvidenceTests {
  @Test(
    "a script that begins with a tag is no script",
    arguments: [
      ("a.js", "<!doctype html>", true), ("a.mjs", " \n\t<html>", true),
      ("https://x.example/a.js?v=1", "\u{feff}<p>", true),
      ("a.js", "module.exports = '<p>'", false),
      ("a.js", "", false), ("a.html", "<p>", false), ("a.css", "<p>", false), ("js", "<p>", false),
    ])
  func html(_ path: String, _ text: String, _ isRefused: Bool) {
    #expect((CodeEvidence.against(Array(text.utf8), path: path) != nil) == isRefused)
  }

  @Test("a script that is sent as a page is no script")
  func contentType() {
    #expect(CodeEvidence.against(contentType: "text/HTML; charset=utf-8", path: "a.js") != nil)
    #expect(CodeEvidence.against(contentType: "text/plain", path: "a.js") == nil)
    #expect(CodeEvidence.against(contentType: nil, path: "a.js") == nil)
    #expect(CodeEvidence.against(contentType: "text/html", path: "a.html") == nil)
  }

  @Test(
    "a path stays below its folder",
    arguments: [
      ("a.js", true), ("a/b.js", true), ("..a/b..", true), ("", false), ("/a", false),
      ("a/", false),
      ("a//b", false), ("./a", false), ("a/../b", false), ("..", false), ("a\\b", false),
      ("a\0b", false), ("a\nb", false),
    ])
  func paths(_ path: String, _ isPlain: Bool) {
    #expect(AssetPath.isPlain(path) == isPlain)
  }

  @Test("a URL below a base has its path encoded")
  func urls() {
    #expect(Description.base(of: "http://a/b") == "http://a/b/")
    #expect(Description.base(of: "http://a/b/") == "http://a/b/")
    #expect(
      Description.url(of: "x/a b%#?é.js", below: "http://a/")
        == "http://a/x/a%20b%25%23%3F%C3%A9.js")
    #expect(Description.url(of: "@s/a_b-c.~1.js", below: "http://a/") == "http://a/@s/a_b-c.~1.js")
  }

  @Test("a file's media type follows its ending")
  func types() {
    #expect(MediaType.of("a/b.JS") == "text/javascript")
    #expect(MediaType.of("x.svg") == "image/svg+xml")
    #expect(MediaType.of("LICENSE") == "application/octet-stream")
  }
}
