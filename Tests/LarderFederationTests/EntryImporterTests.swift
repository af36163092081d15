import Testing

@testable import LarderFederation

@Suite("The code of an entry")
struct EntryImporterTests {
  private func facts(_ text: String, at path: String = "remoteEntry.js") throws -> ContainerFacts {
    try #require(BuildImport(BuildFiles([path: text])).containers(at: path).first).facts
  }

  /// Facts that the entry alone leaves open, but for the two that need the code of the chunks.
  private func open(_ facts: ContainerFacts) -> [Fact] {
    (facts.reading?.unknown ?? []).map(\.fact).filter { $0 != .opens && $0 != .order }
  }

  @Test("tells everything where it was minified before webpack 5.93")
  func minified() throws {
    let facts = try facts(EntrySnippets.minified)
    #expect(facts.name == "shop" && facts.uniqueName == "unique-shop")
    #expect(facts.ruleSet == .webpack575 && facts.target == .web && facts.libraryType == "var")
    #expect(facts.publicPath == "auto" && facts.chunkGlobal == "webpackChunkunique_shop")
    #expect(facts.exposes.map(\.name) == ["./Cart", "./Total"])
    #expect(facts.exposes.map(\.chunks) == [["28", "84"], ["35"]])
    #expect(
      facts.provides == [
        ProvideFacts(key: "price", version: "1.7.7", chunks: ["73"]),
        ProvideFacts(key: "react", version: "18.1.0", eager: true, chunks: []),
        ProvideFacts(scope: "other", key: "price", version: "2.0.0", chunks: ["73"]),
      ])
    #expect(
      facts.consumes == [
        ConsumeFacts(
          module: "28", key: "react", range: "^18", singleton: true, eager: true,
          fallback: FallbackFacts(version: "18.1.0", chunks: []), chunks: ["28"]),
        ConsumeFacts(module: "5", key: "lodash", singleton: true, chunks: ["28"]),
        ConsumeFacts(
          module: "73", key: "price", range: ">=1.0.0 <2", strict: true,
          fallback: FallbackFacts(version: "1.7.7", chunks: ["73"]), chunks: ["84"]),
      ])
    #expect(
      facts.remotes == [
        RemoteFacts(
          module: "75", expose: "./Item",
          locations: [RemoteLocation(type: "script", location: "catalog@/catalog/remoteEntry.js")],
          chunks: ["84"])
      ])
    let files = Dictionary(facts.chunks.map { ($0.id, $0.files) }) { first, _ in first }
    #expect(
      files == [
        "77": ["remoteEntry.js"], "28": [], "84": [], "35": ["total.bb.js", "css/35.css"],
        "73": ["73.cc.js"],
      ])
    #expect(open(facts).isEmpty)
  }

  @Test("tells everything where a second pass wrote functions out in place")
  func inlined() throws {
    let facts = try facts(EntrySnippets.inlined)
    #expect(facts.ruleSet == .webpack && facts.publicPath == "https://cdn.example/basket/")
    #expect(
      facts.provides == [ProvideFacts(key: "react", version: "18.3.1", eager: true, chunks: [])])
    #expect(
      facts.consumes == [
        ConsumeFacts(
          module: "2769", key: "react", range: "^18.2.0", singleton: true, eager: true,
          fallback: FallbackFacts(version: "18.3.1", chunks: []), chunks: ["379"])
      ])
    #expect(open(facts).isEmpty)
  }

  @Test("tells everything of a development build whose modules are texts")
  func evaluated() throws {
    let facts = try facts(EntrySnippets.evaluated)
    #expect(facts.name == "garden" && facts.uniqueName == "garden-1")
    #expect(facts.target == .asyncNode && facts.libraryType == "commonjs-module")
    #expect(facts.shareScope == "green")
    #expect(facts.exposes == [ExposeFacts(name: "./Tree", chunks: ["src_Tree_js"])])
    #expect(
      facts.provides == [
        ProvideFacts(scope: "green", key: "soil", version: "0", chunks: ["vendors-soil"])
      ])
    #expect(facts.remotes.map(\.locations) == [[.init(type: "commonjs-module", location: "shed")]])
    #expect(
      facts.chunks.map(\.files) == [
        ["remoteEntry.js"], ["js/src_Tree_js.js"], ["js/vendors-soil.js"],
      ])
    #expect(open(facts).isEmpty)
  }

  @Test("tells what rspack's tables say by name")
  func rspack() throws {
    let facts = try facts(EntrySnippets.rspack)
    #expect(facts.name == "market" && facts.uniqueName == "market")
    #expect(facts.bundler == .rspackFederation2 && facts.ruleSet == .mf2LoadedFirst)
    #expect(facts.exposes == [ExposeFacts(name: "./Home", chunks: ["361", "681"])])
    #expect(facts.provides == [ProvideFacts(key: "react", version: "18.2.0", chunks: ["361"])])
    #expect(
      facts.consumes == [
        ConsumeFacts(
          module: "97", key: "react", range: "^18.0.0", singleton: true,
          fallback: FallbackFacts(version: "18.2.0", chunks: ["361"]), chunks: ["681"])
      ])
    #expect(facts.remotes.map(\.expose) == ["./Fruit"] && facts.remotes[0].chunks == ["681"])
    #expect(
      facts.remotes[0].locations.map(\.location) == ["stall@https://x.example/stall/remoteEntry.js"]
    )
    #expect(
      facts.chunks.map(\.files) == [
        ["remoteEntry.js"], ["static/js/async/lib.33.js"],
        ["static/js/async/expose_Home.3c.js", "static/css/expose_Home.4f.css"],
      ])
    #expect(open(facts).isEmpty)
  }

  @Test(
    "of rspack without Module Federation 2 has webpack's rules before 5.93, and its unique name")
  func rspackAlone() throws {
    let text = EntrySnippets.rspack.replacing("r.initContainerEntry()", with: "1").replacing(
      "__webpack_require__.p=\"/\"",
      with:
        "__webpack_require__.p=\"/\",(()=>{__webpack_require__.ruid=\"bundler=rspack@1.7.1\"})()")
    let facts = try facts(text)
    #expect(facts.webpackVersion == "1.7.1")
    #expect(facts.bundler == .rspack && facts.ruleSet == .webpack575)
    #expect(facts.uniqueName == "market-1")
  }

  @Test("tells a module of Angular's: packages strictly, no name of its own")
  func angular() throws {
    let facts = try facts(EntrySnippets.angular)
    #expect(facts.libraryType == "module" && facts.target == .web && facts.bundler == .webpack)
    #expect(facts.name == "orchard" && facts.publicPath == "auto")
    #expect(facts.exposes == [ExposeFacts(name: "./Module", chunks: ["165"])])
    #expect(
      facts.provides == [ProvideFacts(key: "@angular/core", version: "13.3.5", chunks: ["256"])])
    #expect(
      facts.consumes == [
        ConsumeFacts(
          module: "230", key: "@angular/core", range: "~13.3.0", strict: true, singleton: true,
          fallback: FallbackFacts(version: "13.3.5", chunks: ["256"]), chunks: ["165"])
      ])
    #expect(
      facts.chunks.map(\.files) == [["remoteEntry.js"], ["165.8e.js"], ["256.ef.js"]])
    #expect(open(facts) == [.name])
  }

  @Test("takes a package for eager that is in the entry, not one that is where it is needed")
  func atOnce() throws {
    let text = EntrySnippets.minified.replacing(
      "(()=>i.e(73).then((()=>()=>i(73))))),5:", with: "(()=>()=>i(74))),5:")
    try #require(text != EntrySnippets.minified)
    let consumes = try facts(text).consumes
    #expect(consumes.first { $0.key == "price" }?.eager == false)
    #expect(consumes.first { $0.key == "price" }?.fallback?.chunks == [])
    #expect(consumes.first { $0.key == "react" }?.eager == true)
  }

  @Test("tells a registration that is written out without a function")
  func writtenOut() throws {
    let text = EntrySnippets.inlined.replacing(
      "((e,t)=>{var r=u[e]=u[e]||{},n=r[t];(!n||!n.loaded&&(0!=!n.eager||a>n.from))"
        + "&&(r[t]={get:()=>()=>_(6540),from:a,eager:!0})})(\"react\",\"18.3.1\")",
      with: "(f=\"18.3.1\",(c=(b=u[k=\"react\"]=u[k]||{})[f])&&(c.loaded||!c.eager||a>c.from)"
        + "||(b[f]={get:()=>()=>_(6540),from:a,eager:!0}))")
    try #require(text != EntrySnippets.inlined)
    #expect(try facts(text).provides == facts(EntrySnippets.inlined).provides)
    #expect(try facts(text).uniqueName == "basket")
  }

  @Test("tells where a remote is whose URL gets a number for caches")
  func address() throws {
    let text = EntrySnippets.minified.replacing(
      "r.l(\"/catalog/remoteEntry.js\",",
      with:
        "var a=new URL(\"https://x.example/catalog.js\");a.searchParams.set(\"t\",1);r.l(a.href,")
    let facts = try facts(text)
    #expect(
      facts.remotes.map(\.locations) == [
        [.init(type: "script", location: "catalog@https://x.example/catalog.js")]
      ])
    #expect(!open(facts).contains(.locations))
  }

  @Test("names files without what is behind them for caches")
  func queries() throws {
    let text = EntrySnippets.minified.replacing(
      "[e]+\".js\",", with: "[e]+\".js?v=\"+{28:\"aa\",35:\"bb\",73:\"cc\"}[e],")
    try #require(text != EntrySnippets.minified)
    let files = ["remoteEntry.js": text, "total.bb.js": "", "73.cc.js": "", "css/35.css": ""]
    let facts = try #require(BuildImport(BuildFiles(files)).wholeContainers().first)
    #expect(facts.chunks.first { $0.id == "35" }?.files == ["total.bb.js", "css/35.css"])
    #expect(Set(facts.assets.map(\.name)) == Set(files.keys))
    #expect(facts.assets.allSatisfy { $0.kind != .other })
    #expect(facts.reading?.completeness == .closed)
  }

  @Test("tells what the runtime of Module Federation 2 is given in webpack")
  func federation2() throws {
    let facts = try facts(EntrySnippets.federation2)
    #expect(facts.bundler == .webpackFederation2 && facts.ruleSet == .mf2VersionFirst)
    #expect(facts.name == "plaza" && facts.uniqueName == "plaza")
    #expect(facts.provides == [ProvideFacts(key: "vue", version: "3.4.0", chunks: ["vue"])])
    #expect(
      facts.consumes == [
        ConsumeFacts(
          module: "21", key: "vue", range: "^3.3.0", strict: true, singleton: true,
          fallback: FallbackFacts(version: "3.4.0", chunks: ["vue"]), chunks: ["tile"])
      ])
    #expect(facts.remotes.map(\.locations) == [[.init(type: "window", location: "tower")]])
    #expect(open(facts).isEmpty)
  }

  @Test("names the files that Vite's plugin wrote, and what it leaves to other files")
  func vite() throws {
    let facts = try facts(EntrySnippets.vite, at: "assets/remoteEntry.js")
    #expect(facts.name == "quay" && facts.bundler == .vite && facts.target == .module)
    #expect(facts.exposes.map(\.name) == ["./Page", "./Gone"])
    #expect(
      facts.chunks.map(\.files) == [
        ["assets/remoteEntry.js"],
        ["assets/__federation_expose_Page-Dc.js", "assets/style-B60.css"], [],
      ])
    #expect(open(facts).contains(.files) && open(facts).contains(.consumes))
  }

  @Test("reads the entries of Vite with the runtime of Module Federation 2")
  func viteFederation2() throws {
    let text = """
      import { t as e } from "./dist-Dc.js";
      var o = { "./Desk": async () => {
        let e = await i("./Desk", () => import("./Desk.js")), n = {};
        return Object.assign(n, e);
      } };
      var m = "default", h = "lamp", g = [];
      async function S(t = {}, n = []) {
        let W = e({ name: h, remotes: te, shared: I, plugins: [{ name: "x" }], shareStrategy: "loaded-first" });
        W.initShareScopeMap("default", t);
      }
      function k(t) { if (!(t in o)) throw Error(`[Module Federation] Module ${t} does not exist in container.`); }
      export { k as get, S as init };
      """
    let facts = try facts(text)
    #expect(facts.name == "lamp" && facts.bundler == .viteFederation2)
    #expect(facts.ruleSet == .mf2LoadedFirst && facts.exposes.map(\.name) == ["./Desk"])
    #expect(facts.chunks.map(\.files) == [["remoteEntry.js"], ["Desk.js"]])
  }

  @Test(
    "finds where a container lies in every form of external module",
    arguments: [
      ("e.exports=window.tower", "window", "tower"),
      ("e.exports=self[\"tower\"]", "self", "tower"), ("e.exports=tower", "var", "tower"),
      ("e.exports=require(\"tower\")", "commonjs-module", "tower"),
      ("e.exports=import(\"https://x/tower.js\")", "import", "https://x/tower.js"),
      ("e.exports=new Promise((e=>e(find())))", "promise", "new Promise((e=>e(find())))"),
    ])
  func externals(_ body: String, _ type: String, _ location: String) throws {
    let text = EntrySnippets.federation2.replacing("e.exports=window.tower", with: body)
    let facts = try facts(text)
    #expect(facts.remotes.map(\.locations) == [[.init(type: type, location: location)]])
    #expect(open(facts) == (type == "promise" ? [.locations] : []))
  }

  @Test("takes the first of several places in their order")
  func alternatives() throws {
    let text = EntrySnippets.federation2.replacing(
      "8:e=>{e.exports=window.tower}",
      with: "8:(e,t,r)=>{var n,o=[18,19],i=0;e.exports=r(o[i++])},18:e=>{e.exports=a},"
        + "19:e=>{e.exports=b}")
    #expect(
      try facts(text).remotes.map(\.locations) == [
        [.init(type: "var", location: "a"), .init(type: "var", location: "b")]
      ])
  }

  @Test("says that its files are not beside it")
  func depth() throws {
    let text = EntrySnippets.minified.replacing("i.p=e})()", with: "i.p=e+\"../../\"})()")
    let path = "static/chunks/remoteEntry.js"
    let whole = try #require(BuildImport(BuildFiles([path: text])).containers().first).facts
    #expect(whole.publicPath == "auto" && whole.entry == path && open(whole).isEmpty)
    #expect(
      try facts(text).reading?.unknown.first { $0.fact == .files }?.reason
        == "the entry lies 2 folders below the root of its build, which is to be named")
  }

  @Test("says that a public path is set at run time, and how")
  func publicPath() throws {
    let text = EntrySnippets.inlined.replacing(
      "_.p=\"https://cdn.example/basket/\"", with: "_.p=window.base")
    let facts = try facts(text)
    #expect(
      facts.reading?.unknown.first { $0.fact == .publicPath }?.reason
        == "it is set at run time: window.base")
  }

  @Test("reads the runtime from its own file, and says so where that is not at hand")
  func runtimeChunk() throws {
    let entry = """
      "use strict";(self.webpackChunkbasket=self.webpackChunkbasket||[]).push([[7],{396:(e,t,r)=>{var n=\
      {"./Module":()=>r.e(379).then((()=>()=>r(2379)))},o=(e,t)=>(t=r.o(n,e)?n[e]():Promise.resolve().then((()=>{\
      throw new Error('Module "'+e+'" does not exist in container.')})),t)}},e=>{basket=e(e.s=396)}]);
      """
    let alone = try facts(entry)
    #expect(open(alone).contains(.consumes) && open(alone).contains(.files))
    let files = ["remoteEntry.js": entry, "runtime.js": EntrySnippets.inlined, "other.js": "x"]
    let whole = try #require(BuildImport(BuildFiles(files)).containers().first).facts
    #expect(whole.entryPrerequisites == ["runtime.js"] && open(whole) == [.name, .library])
    #expect(whole.exposes == [ExposeFacts(name: "./Module", chunks: ["379"])])
    #expect(whole.consumes.map(\.key) == ["react"])
  }

  @Test(
    "is refused where it is none",
    arguments: ["", "<!doctype html><p>404", "console.log(1)", "{\"a\": 1}"])
  func others(_ text: String) {
    #expect(throws: ImportError.self) { try facts(text) }
  }

  @Test("may be as long as any build makes it", arguments: ["a=/[", "({", "`${", "x.e(1),"])
  func hostile(_ piece: String) {
    let text = String(repeating: piece, count: 20_000) + "' does not exist in container.'"
    // Whatever it says, it says it at once.
    _ = try? facts(text)
  }
}
