import Testing

@testable import LarderService

@Suite struct DescriptionTests {
  @Test("What a path of a URL must not carry is written in percent")
  func urls() {
    #expect(Description.base(of: "http://o.test/a") == "http://o.test/a/")
    #expect(Description.base(of: "http://o.test/a/") == "http://o.test/a/")
    for file in ["remoteEntry.js", "mf-manifest.json", "remoteEntry.js?v=1"] {
      #expect(Description.base(of: "http://o.test/a/\(file)") == "http://o.test/a/")
    }
    #expect(Description.file(in: "http://o.test/a/remoteEntry.js?v=1.2/3") == "remoteEntry.js")
    #expect(Description.file(in: "http://o.test/a.b/") == nil)
    #expect(
      Description.url(of: "js/a b?c#d%é.js", below: "http://o.test/")
        == "http://o.test/js/a%20b%3Fc%23d%25%C3%A9.js")
    #expect(Description.url(of: "a-._~@/1.js", below: "b/") == "b/a-._~@/1.js")
  }
}
