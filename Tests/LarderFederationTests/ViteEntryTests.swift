import Testing

@testable import LarderFederation

@Suite("Entries by plugins of Vite, and what lies around them")
struct ViteEntryTests {
  private func facts(_ files: [String: String]) throws -> ContainerFacts {
    try #require(BuildImport(BuildFiles(files)).wholeContainers().first)
  }

  /// An entry that loads `file` for the exposed module `name`; `refusal` is what it says of others.
  private static func entry(_ name: String, _ file: String, refusal: String = "") -> String {
    """
    const f=new Set(["default"]);let m={"\(name)":()=>(c(["style-1.css"],!1,"\(name)"),l("\(file)").then(e=>()=>e))};\
    const c=(p,d,n)=>{const s=import.meta.url;p.forEach(h=>s+h)};async function l(n){return import(n)}const g=e=>{\
    \(refusal)return m[e]()},i=s=>{globalThis.__federation_shared__=s};export{c as dynamicLoadingCss,g as get,i as init};
    """
  }

  /// The file in which the plugin keeps what it shares.
  private static let shares = """
    const t={"react":{get:()=>()=>i(new URL("__federation_shared_react-2.js",import.meta.url).href),import:!0},"vue":\
    {get:()=>()=>i(new URL("__federation_shared_vue-3.js",import.meta.url).href),import:!1,requiredVersion:"^3.2.0"}};\
    export{r as importShared};
    """

  private static let around = [
    "assets/style-1.css": "", "assets/__federation_shared_react-2.js": "",
    "assets/__federation_shared_vue-3.js": "", "assets/share-4.js": shares,
    "assets/__federation_expose_A-5.js":
      "import{i as s}from\"./share-4.js\";const r=await s(\"react\");",
  ]

  @Test(
    "say what they expose, whatever they call it and wherever they were built for",
    arguments: [
      entry("./A", "./__federation_expose_A-5.js"), entry("A", "./__federation_expose_A-5.js"),
      entry("./A", "https://x.example/shop/assets/__federation_expose_A-5.js"),
      entry(
        "./A", "./__federation_expose_A-5.js",
        refusal: "if(!m[e])throw new Error(\"Can not find remote module \"+e);"),
    ])
  func exposes(_ entry: String) throws {
    let facts = try facts(
      Self.around.merging(["assets/remoteEntry.js": entry]) { first, _ in first })
    #expect(facts.exposes.map { $0.name.suffix(1) } == ["A"] && facts.bundler == .vite)
    #expect(
      facts.files(of: facts.exposes[0]) == [
        "assets/__federation_expose_A-5.js", "assets/style-1.css", "assets/share-4.js",
      ])
    #expect(facts.reading?.completeness == .closed, "\(facts.reading?.openEnds ?? [])")
    #expect(
      facts.consumes == [
        ConsumeFacts(
          module: "shared react", key: "react",
          fallback: FallbackFacts(version: nil, chunks: ["shared react"]),
          chunks: facts.exposes[0].chunks),
        ConsumeFacts(
          module: "shared vue", key: "vue", range: "^3.2.0", strict: true,
          chunks: facts.exposes[0].chunks),
      ])
    #expect(
      facts.chunks.first { $0.id == "shared react" }?.files == [
        "assets/__federation_shared_react-2.js"
      ])
    #expect(facts.reading?.leavesOpen(.consumes) == false)
  }

  @Test("name files beside them, also where they were built for the root of a place")
  func beside() throws {
    let entry = Self.entry("./A", "/shop/assets/__federation_expose_A-5.js").replacing(
      "const s=import.meta.url", with: "const s=import.meta.url,base='/shop/'")
    let name = "__federation_expose_A-5.js"
    for folder in ["", "assets/"] {
      let facts = try facts([
        "\(folder)remoteEntry.js": entry, "\(folder)\(name)": "", "\(folder)style-1.css": "",
      ])
      #expect(
        facts.files(of: facts.exposes[0]) == ["\(folder)\(name)", "\(folder)style-1.css"])
      #expect(facts.publicPath == "/shop/" && facts.reading?.completeness == .closed)
    }
  }

  @Test("tell what Module Federation 2 is given to share, and from where remotes are")
  func second() throws {
    // The list of preloads has a shape of webpack's: it must not be taken for that.
    let entry = """
      const __vite__mapDeps=(i,m=__vite__mapDeps,d=(m.f||(m.f=["assets/index-2.js"])))=>i.map(i=>d[i]);\
      import m from"./assets/virtualExposes-1.js";const t={"react":async()=>await import("./assets/index-2.js"),"lit":\
      async()=>{throw 1}},u={"react":{name:"react",version:"18.2.0",scope:["default"],loaded:!1,from:"shop",async get(){\
      return t.react()},shareConfig:{singleton:!0,requiredVersion:"^18.0.0"}},"lit":{name:"lit",version:"3.0.0",scope:\
      ["plain"],from:"shop",async get(){return t.lit()},shareConfig:{singleton:!1,strictVersion:!0,requiredVersion:"^3"\
      ,import:!1}}},r=[{entryGlobalName:"stall",name:"stall",type:"module",entry:"https://x.example/stall.js"}];async \
      function i(e={}){const x=n({name:"shop",remotes:r,shared:u,shareStrategy:"loaded-first"});x.initShareScopeMap(\
      "default",e)}function g(e){if(!(e in m))throw new Error(`Module ${e} does not exist in container.`);return m[e]()}\
      export{g as get,i as init};
      """
    let facts = try facts([
      "remoteEntry.js": entry, "assets/index-2.js": "",
      "assets/virtualExposes-1.js":
        "export default{\"./Home\":async()=>{let m=await import(\"./Home-3.js\");return m}};",
      "assets/Home-3.js": "",
    ])
    #expect(facts.name == "shop" && facts.uniqueName == "shop")
    #expect(facts.bundler == .viteFederation2 && facts.ruleSet == .mf2LoadedFirst)
    #expect(facts.exposes.map(\.name) == ["./Home"])
    #expect(
      facts.provides == [
        ProvideFacts(key: "react", version: "18.2.0", chunks: ["shared react"])
      ])
    #expect(facts.consumes.map(\.range) == ["^18.0.0", "^3"])
    #expect(facts.consumes.map(\.singleton) == [true, false])
    #expect(facts.consumes.map(\.strict) == [false, true])
    #expect(facts.consumes.map { $0.fallback != nil } == [true, false])
    #expect(facts.chunks.first { $0.id == "shared react" }?.files == ["assets/index-2.js"])
    #expect(
      facts.reading?.unknown.first { $0.fact == .locations }?.reason.hasSuffix(
        "stall@https://x.example/stall.js") == true)
    #expect(facts.reading?.completeness == .closed, "\(facts.reading?.openEnds ?? [])")
  }

  @Test("hand on what another file has, whose tables are in others again, under any names")
  func stub() throws {
    let core = """
      const __vite__mapDeps=(i,m=__vite__mapDeps,d=(m.f||(m.f=["assets/c2.js","assets/c3.js"])))=>i.map(i=>d[i]);import{t as \
      p}from"./c9.js";import{t as s}from"./c1.js";var k=`__mfe_internal__shop`,a,b;async function l(){return a??=p(()=>\
      import("./c2.js"),__vite__mapDeps([0]))}async function x(){return b??=p(()=>import("./c3.js").then(m=>m.default))}\
      async function i(e={}){const{usedShared:t,usedRemotes:r}=await l(),n=s({name:k,remotes:r,shared:t,shareStrategy:\
      `version-first`});n.initShareScopeMap(`default`,e);n.pin({strategy:"loaded-first"})}async function g(e){const t=await x();if(!(e in t))throw Error(\
      `Module ${e} does not exist in container.`);return t[e]()}export{i as n,g as t};
      """
    let files = [
      "remoteEntry.js": "import{n as e,t}from\"./assets/c0.js\";export{t as get,e as init};",
      "assets/c0.js": core, "assets/c1.js": "export const t=e=>e;", "assets/c9.js": "",
      "assets/c2.js": """
      var t={vue:async()=>await p(()=>import("./c4.js").then(e=>e.n),[])},n={vue:{name:`vue`,version:`3.5.17`,scope:\
      [`default`],loaded:!1,from:`__mfe_internal__shop`,async get(){n.vue.loaded=!0},shareConfig:{singleton:!0,\
      requiredVersion:`^3.5.17`}}},r=[{entryGlobalName:`stall`,name:`stall`,type:`var`,entry:`https://x.example/stall.js`,\
      shareScope:`default`}];export{r as usedRemotes,n as usedShared};
      """,
      "assets/c3.js":
        "var s={\"./Home\":[\"./home.css\"]},e={\"./Home\":async()=>{let e=await import(\"./c5.js\");return e}};export{e as default};",
      "assets/c4.js": "", "assets/c5.js": "", "assets/home.css": "",
    ]
    let facts = try facts(files)
    #expect(facts.name == "shop" && facts.uniqueName == "__mfe_internal__shop")
    #expect(facts.uniqueNameSource == .entry)
    #expect(facts.bundler == .viteFederation2 && facts.ruleSet == .mf2VersionFirst)
    #expect(facts.exposes == [ExposeFacts(name: "./Home", chunks: ["./Home"])])
    #expect(
      facts.chunks.map(\.files) == [
        [
          "remoteEntry.js", "assets/c0.js", "assets/c3.js", "assets/c2.js", "assets/c9.js",
          "assets/c1.js",
        ], ["assets/c5.js", "assets/home.css"], ["assets/c4.js"],
      ])
    #expect(
      facts.provides == [ProvideFacts(key: "vue", version: "3.5.17", chunks: ["shared vue"])])
    #expect(facts.consumes.map(\.range) == ["^3.5.17"])
    #expect(Set(facts.assets.map(\.name)) == Set(files.keys))
    #expect(facts.reading?.completeness == .closed, "\(facts.reading?.openEnds ?? [])")
    #expect(
      facts.reading?.unknown.first { $0.fact == .locations }?.reason.hasSuffix(
        "stall@https://x.example/stall.js") == true)
  }

  @Test(
    "list what an import() loads ahead, from the root or beside the file",
    arguments: [
      (
        "const __vite__mapDeps=(i,m=__vite__mapDeps,d=(m.f||(m.f=[\"assets/b.js\",\"assets/b.css\"])))=>d;",
        "assets/"
      ),
      (
        "const __vite__mapDeps=(i,m=__vite__mapDeps,d=(m.f||(m.f=[\"./b.js\",\"./b.css\"])))=>d;",
        "assets/"
      ),
      (
        "function __vite__mapDeps(i){__vite__mapDeps.viteFileDeps=[\"assets/b.js\",\"assets/b.css\"]}",
        "assets/"
      ),
      (
        "const __vite__mapDeps=(i,m=__vite__mapDeps,d=(m.f||(m.f=[\"assets/b.js\",\"assets/b.css\"])))=>d;",
        ""
      ),
    ])
  func preloads(_ code: String, _ folder: String) throws {
    let scan = [
      "\(folder)remoteEntry.js": Self.entry("./A", "./a.js") + code, "\(folder)a.js": "",
      "\(folder)style-1.css": "", "\(folder)b.js": "", "\(folder)b.css": "",
    ]
    let facts = try facts(scan)
    #expect(Set(facts.assets.map(\.name)) == Set(scan.keys))
    #expect(facts.reading?.completeness == .closed, "\(facts.reading?.openEnds ?? [])")
  }
}
