import Testing

@testable import LarderFederation

@Suite("What the files of ECMAScript modules import")
struct ModuleImportsTests {
  private func facts(_ code: [String: String]) throws -> ContainerFacts {
    let remote = """
      {"name":"nav","exposes":[{"key":"./A","outFileName":"a.js"},{"key":"./B","outFileName":"b.js"}],"shared":\
      [{"packageName":"lit","outFileName":"lit.js","version":"3.1.0"}]}
      """
    let files = ["a.js": "", "b.js": "", "lit.js": "", "remoteEntry.json": remote]
    return try #require(
      BuildImport(BuildFiles(files.merging(code) { $1 })).wholeContainers().first)
  }

  private func chunk(_ id: String, _ code: [String: String]) throws -> ChunkFacts {
    try #require(facts(code).chunks.first { $0.id == id })
  }

  @Test(
    "is loaded with a module, however far away and in whatever circle",
    arguments: [
      "import\"./c.js\";", "import{x as y}from\"./c.js\";", "export*from'./c.js';",
      "import d,{e}from\"./c.js?v=1\";",
    ])
  func atOnce(_ code: String) throws {
    let chunk = try chunk(
      "./A", ["a.js": code, "c.js": "import './sub/d.js'", "sub/d.js": "import '../a.js'"])
    #expect(chunk.files == ["a.js", "c.js", "sub/d.js"] && chunk.opens.isEmpty)
  }

  @Test("is opened by a module, and opens more, each with what it imports at once")
  func later() throws {
    let code = [
      "a.js": "import './c.js'", "c.js": "export const f=()=>import(\"./d.js\");",
      "d.js": "import './e.js';import('./f.js')", "e.js": "", "f.js": "import('./d.js')",
    ]
    #expect(try chunk("./A", code).opens == ["d.js"])
    #expect(
      try chunk("d.js", code) == ChunkFacts(id: "d.js", files: ["d.js", "e.js"], opens: ["f.js"]))
    #expect(try chunk("f.js", code).opens == ["d.js"])
    #expect(try facts(code).reading?.leavesOpen(.opens) == false)
  }

  @Test("is no file of its own where it is an exposed module, and no copy of a package is opened")
  func known() throws {
    let code = ["a.js": "import('./b.js');import('./lit.js')"]
    #expect(try chunk("./A", code).opens == ["./B"])
    #expect(try facts(code).chunks.map(\.id) == ["remoteEntry.json", "./A", "./B", "shared lit"])
  }

  @Test("of an entry belongs to the entry, which opens nothing, and comes with it in a plan")
  func entry() throws {
    let entry = """
      import{e}from"./assets/exposes.js";const m={"./A":()=>e("./a.js")};async function l(n){return import(n)}\
      const c=(p)=>{import.meta.url;l("./a.js")};\
      const g=e=>m[e](),i=s=>{globalThis.__federation_shared__=s};export{c as dynamicLoadingCss,g as get,i as init};
      """
    let files = [
      "remoteEntry.js": entry, "a.js": "",
      "assets/exposes.js": "export const e=n=>import('../a.js');",
    ]
    let facts = try #require(BuildImport(BuildFiles(files)).wholeContainers().first)
    let chunk = try #require(facts.chunks.first { $0.id == "remoteEntry.js" })
    #expect(
      chunk == ChunkFacts(id: "remoteEntry.js", files: ["remoteEntry.js", "assets/exposes.js"]))
    let plan = Planner { _ in facts }
      .plan([PlanRequest(remote: "nav", expose: "./A")], for: HostFacts(name: "host"))
    #expect(plan.files.map(\.path) == ["remoteEntry.js", "assets/exposes.js", "a.js"])
  }
}
