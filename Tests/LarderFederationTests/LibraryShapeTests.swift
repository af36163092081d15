import Testing

@testable import LarderFederation

@Suite("The ends of an entry")
struct LibraryShapeTests {
  private func shape(_ text: String) throws -> LibraryShape {
    LibraryShape(try #require(JavaScriptCode(text)))
  }

  @Test(
    "tell name and place where several containers share one global",
    arguments: [
      ("var all;(()=>{var w=1;(all=void 0===all?{}:all).shop=w})();", "var", ["all", "shop"]),
      (
        "var all;(() => {(all = typeof all === \"undefined\" ? {} : all)[\"shop\"] = e;\n})()\n;",
        "var", ["all", "shop"]
      ),
      (
        "var all;(()=>{((all=void 0===all?{}:all).here=all.here||{}).shop=w})();", "var",
        ["all", "here", "shop"]
      ),
      ("(()=>{(self.all=self.all||{}).shop=w})();", "self", ["all", "shop"]),
      (
        "(() => {(window[\"all\"] = window[\"all\"] || {})[\"shop\"] = e;})();", "window",
        ["all", "shop"]
      ),
      ("(()=>{(all=void 0===all?{}:all).shop=w})();", "assign", ["all", "shop"]),
    ])
  func nested(_ text: String, _ type: String, _ path: [String]) throws {
    let shape = try shape(text)
    #expect(shape.type == type && shape.name == "shop" && shape.path == path)
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
    let isGlobal = ["var", "assign"].contains(type)
    #expect(shape.path == (isGlobal ? ["shop"] : nil))
  }
}
