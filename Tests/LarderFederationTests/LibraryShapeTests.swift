import Testing

@testable import LarderFederation

@Suite("The ends of an entry")
struct LibraryShapeTests {
  private func shape(_ text: String) throws -> LibraryShape {
    LibraryShape(try #require(JavaScriptCode(text)))
  }

  @Test(
    "tell the name where several containers share one global",
    arguments: [
      ("var all;(()=>{var w=1;(all=void 0===all?{}:all).shop=w})();", "var"),
      (
        "var all;(() => {(all = typeof all === \"undefined\" ? {} : all)[\"shop\"] = e;\n})()\n;",
        "var"
      ),
      ("var all;(()=>{((all=void 0===all?{}:all).here=all.here||{}).shop=w})();", "var"),
      ("(()=>{(self.all=self.all||{}).shop=w})();", "self"),
      ("(() => {(window[\"all\"] = window[\"all\"] || {})[\"shop\"] = e;})();", "window"),
      ("(()=>{(all=void 0===all?{}:all).shop=w})();", "assign"),
    ])
  func nested(_ text: String, _ type: String) throws {
    let shape = try shape(text)
    #expect(shape.type == type && shape.name == "shop")
  }

  @Test(
    "tell type and name",
    arguments: [
      ("var shop;(()=>{var w=1;shop=w})();", "var", "shop"),
      ("(()=>{var w=1;shop=w})();", "assign", "shop"),
      ("(()=>{exports.shop=w})();", "commonjs", "shop"),
      ("(()=>{var w=1,t=exports;for(var n in w)t[n]=w[n]})();", "commonjs", nil),
      ("(()=>{(self.webpackChunkshop=self.webpackChunkshop||[]).push([[7],{}])})();", nil, nil),
      (
        "(self.webpackChunka=self.webpackChunka||[]).push([[7],{},e=>{shop=e(e.s=396)}]);", nil, nil
      ),
    ])
  func plain(_ text: String, _ type: String?, _ name: String?) throws {
    let shape = try shape(text)
    #expect(shape.type == type && shape.name == name)
  }
}
