import LarderOrigin
import Testing

@testable import LarderService

@Suite("Sharing rules of a realm") struct SharingRulesTests {
  private func place(_ text: String) throws -> SharingRules.Place {
    switch text {
    case "host": .host
    case "published": .published
    default: .origin(try OriginURL(text).origin)
    }
  }

  @Test(
    "say whose packages may serve whom",
    arguments: [
      ("http://a", "http://a", true), ("http://a", "http://b", false),
      ("http://a:81", "http://a", false), ("published", "published", true),
      ("published", "http://a", false), ("http://a", "host", false),
      ("https://design.test", "http://a", true), ("https://design.test", "published", true),
      ("https://design.test", "host", true), ("http://a", "https://design.test", false),
      ("https://x.shop.test", "https://y.shop.test", true),
      ("https://x.shop.test", "published", false), ("published", "https://x.shop.test", true),
      ("https://x.shop.test", "host", false),
    ])
  func table(provider: String, consumer: String, isPermitted: Bool) throws {
    let rules = try SharingRules([
      (from: ["https://design.test"], to: ["*"]),
      (from: ["https://*.shop.test", "published"], to: ["https://*.shop.test"]),
    ])
    let (provider, consumer) = (try place(provider), try place(consumer))
    #expect(rules.permits([provider], [consumer]) == isPermitted)
    #expect(SharingRules.all.permits([provider], [consumer]))
    #expect(SharingRules.sameOrigin.permits([provider], [consumer]) == (provider == consumer))
  }

  @Test("A remote that may be from several origins needs leave for all of them")
  func several() throws {
    let (a, b) = (try place("http://a"), try place("http://b"))
    let rules = try SharingRules([(from: ["http://a"], to: ["http://b"])])
    #expect(rules.permits([a], [b]) && !rules.permits([a, b], [b, a]))
    #expect(rules.permits([a], [a, b]) && !rules.permits([b], [a, b]))
    #expect(!rules.permits([], [a]) && !rules.permits([a], []))
    #expect(throws: OriginError.self) { try SharingRules([(from: ["design"], to: ["*"])]) }
  }
}
