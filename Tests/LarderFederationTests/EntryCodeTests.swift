import Testing

@testable import LarderFederation

@Suite("Reading of entry code")
struct EntryCodeTests {
  @Test(
    "The unique name is found in every form that builds have",
    arguments: [
      "var uniqueName = \"shop\";\nversions[version] = { get: factory, from: uniqueName };",
      "var a=o.S[t],u=\"shop\",f=()=>{r[e]={get:t,from:u,eager:!!n}}",
      "au=\"no\",u='shop';x={get:t,from:u}", "t[\"1.0.0\"]={get:()=>e,from:\"shop\",eager:!1}",
    ])
  func uniqueName(_ text: String) {
    #expect(EntryCode(text).uniqueName == "shop")
  }

  @Test(
    "Code that names none gives none",
    arguments: ["", "from:", "from:u", "u=3;from:u", "from:\"a\\\"b\""])
  func noName(_ text: String) {
    #expect(EntryCode(text).uniqueName == nil)
  }

  @Test(
    "The way of loading chunks tells the target",
    arguments: [
      ("s.runInThisContext(f)", ContainerTarget.asyncNode),
      ("self.webpackChunkshop||[];createElement(", .web),
      ("self.webpackChunkshop;importScripts(x)", .webworker), ("require(\"./\"+u(e))", .node),
    ])
  func target(_ text: String, _ target: ContainerTarget) {
    #expect(EntryCode(text).target == target)
  }

  @Test(
    "The library's type shows at the ends of the file",
    arguments: [
      ("/*\n * built\n */\nvar nav;\n/******/ (() => {", "var"),
      ("(()=>{var e=a(130);module.exports=e})();", "commonjs-module"),
      ("/******/ (() => {\nvar moduleMap = {};\nmodule.exports = x;\n})();\n", "commonjs-module"),
      ("import a;export{b as get}", "module"), ("(() => {\nvar moduleMap = {};})()", nil),
    ] as [(String, String?)])
  func library(_ text: String, _ type: String?) {
    #expect(EntryCode(text).libraryType == type)
  }
}
