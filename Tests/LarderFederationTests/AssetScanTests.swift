import Testing

@testable import LarderFederation

@Suite("A scan for the files of a build")
struct AssetScanTests {
  private func whole(_ files: [String: String], entry: String = "remoteEntry.js") throws
    -> ContainerFacts
  {
    try #require(try BuildImport(BuildFiles(files)).wholeContainers(at: entry).first)
  }

  private static let entry = EntrySnippets.inlined

  @Test(
    "follows what code names",
    arguments: [
      ("n.e(12).then(n.bind(n,3))", "12.js"), ("Promise.all([n.e(12),n.e(13)]).then(f)", "13.js"),
      ("e.exports=n.p+\"assets/a.svg\"", "assets/a.svg"),
      ("new Worker(new URL(n.p+n.u(14),n.b))", "14.js"),
      ("var t={\"./a.js\":[7,15]};n.e(t[e][1]),r=t[e],n.e(r[1]).then(f)", "15.js"),
      ("var t={\"./a.js\":[7,9,16]};Promise.all(t[e].slice(2).map(n.e)).then(f)", "16.js"),
      ("new URL(\"./img/b.png\",import.meta.url)", "img/b.png"), ("import(\"./c.mjs\")", "c.mjs"),
      ("eval(\"n.e(17).then(f);\\n//# sourceURL=x\")", "17.js"),
      ("1\n//# sourceMappingURL=379.js.map", "379.js.map"),
    ])
  func names(_ code: String, _ file: String) throws {
    var files = ["remoteEntry.js": Self.entry, "379.js": code, "429.js": "", "12.js": ""]
    files[file] = ""
    let facts = try whole(files)
    #expect(facts.assets.map(\.name).contains(file))
    #expect(facts.reading?.completeness == .closed, "\(facts.reading?.openEnds ?? [])")
  }

  @Test("reads style sheets, beside which their files lie")
  func styles() throws {
    let entry = EntrySnippets.inlined.replacing(
      "_.u=e=>e+\".js\"",
      with: "_.u=e=>e+\".js\",_.miniCssF=e=>\"css/\"+e+\".css\",_.f.miniCss=(e,t)=>{({379:1})[e]}")
    let style = "@import \"base.css\";.a{background:url('../i/a.png?x#y')}.b{c:url(data:x)}"
    let facts = try whole([
      "remoteEntry.js": entry, "379.js": "", "429.js": "", "css/379.css": style,
      "css/base.css": ".d{e:url(//cdn/f.png)}", "i/a.png": "",
    ])
    #expect(
      Set(facts.assets.map(\.name)).isSuperset(of: ["css/379.css", "css/base.css", "i/a.png"]))
    #expect(facts.reading?.completeness == .closed)
  }

  @Test(
    "says what only running would tell",
    arguments: [
      "n.e(t).then(f)", "e.exports=n.p+t+\".svg\"", "n.v(t,e.id,\"ab12\")", "import(name)",
      "n.e(99).then(f)",
    ])
  func open(_ code: String) throws {
    let facts = try whole(["remoteEntry.js": Self.entry, "379.js": code, "429.js": ""])
    #expect(facts.reading?.completeness == .open)
    #expect(facts.reading?.openEnds?.count == 1)
  }

  @Test("does without a source map that was not deployed, and without nothing else")
  func missing() throws {
    let files = ["remoteEntry.js": Self.entry, "379.js": "//# sourceMappingURL=379.js.map"]
    let facts = try whole(files)
    #expect(facts.assets.map(\.name).sorted() == ["379.js", "remoteEntry.js"])
    #expect(facts.reading?.openEnds == ["'429.js' is named and not there"])
  }

  @Test("tells which chunk opens which")
  func opens() throws {
    let facts = try whole([
      "remoteEntry.js": Self.entry, "379.js": "n.e(12).then(f)", "429.js": "", "12.js": "",
    ])
    #expect(facts.chunks.first { $0.id == "379" }?.opens == ["12"])
    #expect(facts.chunks.first { $0.id == "12" }?.files == ["12.js"])
  }
}
