import Testing

@testable import larder

@Suite("The name of an exposed module")
struct ExposeNameTests {
  @Test(
    "splits after the remote's name, which has two parts if it begins with @",
    arguments: [
      ("nav/Header", "nav", "./Header"),
      ("nav/./Header", "nav", "./Header"),
      ("nav/widgets/Header", "nav", "./widgets/Header"),
      ("nav/.", "nav", "."),
      ("@shop/cart/Summary", "@shop/cart", "./Summary"),
      ("@shop/cart/a/b", "@shop/cart", "./a/b"),
    ])
  func splits(_ text: String, _ remote: String, _ expose: String) throws {
    let name = try #require(ExposeName(text))
    #expect(name.remote == remote)
    #expect(name.expose == expose)
  }

  @Test(
    "needs both parts",
    arguments: ["", "nav", "nav/", "/Header", "@shop/cart", "@shop/cart/", "@/x"])
  func refuses(_ text: String) {
    #expect(ExposeName(text) == nil)
  }
}

@Suite("The name of a host's package")
struct HostShareNameTests {
  @Test(
    "splits at the first equals sign",
    arguments: [
      ("react=18.2.0", "react", "18.2.0"), ("@shop/ui=1.0.0-a=b", "@shop/ui", "1.0.0-a=b"),
    ])
  func hostShares(_ text: String, _ key: String, _ version: String) {
    #expect(HostShareName(text)?.key == key)
    #expect(HostShareName(text)?.version == version)
  }

  @Test("needs both parts", arguments: ["react", "react=", "=1.0.0", ""])
  func refuses(_ text: String) {
    #expect(HostShareName(text) == nil)
  }
}
