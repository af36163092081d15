import Testing

@testable import LarderFederation

@Suite("A public path that is written into a build")
struct EntryRelocationTests {
  private func entry(_ publicPath: String) -> String {
    """
    var stall;(()=>{var e={396:(e,t,r)=>{}};function r(t){return e[t]}r.m=e,r.d=(e,t)=>{},r.f={},\
    r.e=e=>1,r.u=e=>e+".js",r.o=(e,t)=>1,r.l=(e,t)=>1,r.p=\(publicPath),r.g=1;stall=r(396)})();
    """
  }

  @Test(
    "is replaced by the place of the script",
    arguments: [
      "\"\"", "'/'", "\"https://cdn.example/shop/\"", "\"/a\"+\"/b/\"",
      "\"https:\\u002f\\u002fcdn.example/\"",
    ])
  func fixed(_ publicPath: String) {
    let here = "new URL(\"./\",document.currentScript.src).href"
    #expect(
      EntryRelocation.relocated(entry(publicPath), path: "remoteEntry.js", isModule: false)
        == entry(here))
  }

  @Test("is the root of the build where the script is in a folder of it")
  func folder() {
    let root = "new URL(\"./../../\",document.currentScript.src).href"
    #expect(
      EntryRelocation.relocated(entry("\"/x/\""), path: "a/b/remoteEntry.js", isModule: false)
        == entry(root))
  }

  @Test("is that of the module in an ECMAScript module")
  func module() {
    let here = "new URL(\"./\",import.meta.url).href"
    #expect(
      EntryRelocation.relocated(entry("\"/x/\""), path: "entry.mjs", isModule: true) == entry(here))
  }

  @Test(
    "is nothing to replace where the build finds it when it runs",
    arguments: ["window.somewhere", "t", "n.replace(/x/,\"\")+\"../\"", "f(\"/x/\")"])
  func found(_ publicPath: String) {
    #expect(
      EntryRelocation.relocated(entry(publicPath), path: "remoteEntry.js", isModule: false) == nil)
  }

  @Test("leaves a file without a runtime as it is")
  func chunk() {
    let text = "(self.webpackChunkstall=self.webpackChunkstall||[]).push([[37],{2:()=>{}}]);"
    #expect(EntryRelocation.relocated(text, path: "37.js", isModule: false) == nil)
  }
}
