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
