import LarderOrigin
import Testing

@Suite struct OriginURLTests {
  @Test(
    "A URL is written the one way that everybody reads alike",
    arguments: [
      ("http://a.test", "http://a.test/"), ("HTTP://A.Test:80/x", "http://a.test/x"),
      ("https://a.test:443/", "https://a.test/"),
      ("https://a.test:8443/a", "https://a.test:8443/a"),
      ("http://a.test/a/./b/../c", "http://a.test/a/c"), ("http://a.test/../..", "http://a.test/"),
      ("http://a.test/a/..", "http://a.test/"), ("http://a.test/a//b/", "http://a.test/a//b/"),
      ("http://a.test?x", "http://a.test/?x"), ("http://a.test/a?b?c#d", "http://a.test/a?b?c"),
      ("http://[::1]:3000/a", "http://[::1]:3000/a"), ("http://127.0.0.1:/", "http://127.0.0.1/"),
      ("http://a.test/%E2%82%AC@:!$&'()*+,;=", "http://a.test/%E2%82%AC@:!$&'()*+,;="),
    ])
  func canonical(_ text: String, _ expected: String) throws {
    #expect(try OriginURL(text).description == expected)
  }

  @Test(
    "A URL that somebody could read otherwise is refused",
    arguments: [
      "", "a", "/a", "//a.test/", "http:", "http:/a.test", "http://", "http:///a", "http://:80/",
      "file:///etc/passwd", "ftp://a.test/", "data:text/plain,x", "http+unix://x/",
      "http://u@a.test/",
      "http://u:p@a.test/", "http://a.test:0/", "http://a.test:65536/", "http://a.test:1x/",
      "http://a.test:-1/", "http://a test/", "http://a.test/a b", "http://a.test/\u{0}",
      "http://a.test/\n",
      " http://a.test/", "http://a.test/%", "http://a.test/%0", "http://a.test/%zz",
      "http://a.test/%00",
      "http://a.test/?a=%00", "http://a.test\\b/", "http://a.test/\\", "http://é.test/",
      "http://a.test/é",
      "http://a%2etest/", "http://a..test/", "http://.a.test/", "http://a.test./", "http://[::1/",
      "http://[::1]x/", "http://[fe80::1%25eth0]/", "http://[1.2.3.4]/", "http://[]/",
      "http://0x7f.0.0.1/",
      "http://0177.0.0.1/", "http://127.1/", "http://2130706433/", "http://1.2.3.4.5/",
      "http://256.1.1.1/",
      "http://127.0.0.0x1/", "http://a.test/<x>", "http://a.test/[x]", "http://a.test/?q=\"x\"",
    ])
  func refused(_ text: String) {
    #expect(throws: OriginError.self) { try OriginURL(text) }
  }

  @Test("A URL may be as long as the limit and no longer")
  func length() throws {
    let base = "http://a.test/"
    let rest = OriginURL.bytesMax - base.utf8.count
    _ = try OriginURL(base + String(repeating: "a", count: rest))
    #expect(throws: OriginError.self) {
      try OriginURL(base + String(repeating: "a", count: rest + 1))
    }
  }

  @Test(
    "A location is resolved against the URL that sent it",
    arguments: [
      ("d", "http://a.test/b/d"), ("./d", "http://a.test/b/d"), ("../d", "http://a.test/d"),
      ("/d", "http://a.test/d"), ("?d", "http://a.test/b/c?d"), ("", "http://a.test/b/c?q"),
      ("#d", "http://a.test/b/c?q"), ("//b.test/d", "http://b.test/d"),
      ("https://b.test:1/d", "https://b.test:1/d"), ("d?e=f:g/h", "http://a.test/b/d?e=f:g/h"),
      ("../../../d", "http://a.test/d"),
    ])
  func resolving(_ location: String, _ expected: String) throws {
    #expect(try OriginURL("http://a.test/b/c?q").resolving(location).description == expected)
  }

  @Test("Messages leave out the query")
  func redacted() throws {
    #expect(try OriginURL("http://a.test/b?token=1").redacted == "http://a.test/b?…")
    #expect(try OriginURL("http://a.test/b").redacted == "http://a.test/b")
  }
}
