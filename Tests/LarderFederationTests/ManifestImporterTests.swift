import Testing

@testable import LarderFederation

@Suite("Manifests of Module Federation 2")
struct ManifestImporterTests {
  /// A manifest of what `EntrySnippets.rspack` is the entry of, `extra` members for statistics.
  static func manifest(
    name: String = "market", react: String = "18.2.0", range: String = "^18.0.0",
    publicPath: String = "\"publicPath\":\"auto\"", expose: String = "Home", isStats: Bool = false
  ) -> String {
    let usedIn =
      isStats ? ",\"usedIn\":[\"./Home\"],\"eager\":false,\"shareScope\":\"default\"" : ""
    return """
      {"id":"\(name)","name":"\(name)","metaData":{"name":"\(name)","type":"app","buildInfo":{"buildVersion":"1.0.0",\
      "buildName":"market"},"remoteEntry":{"name":"remoteEntry.js","path":"","type":"global"},"types":{"path":"","name"\
      :"","zip":"@mf-types.zip","api":"@mf-types.d.ts"},"globalName":"\(name)","pluginVersion":"0.11.4",\(publicPath)},\
      "shared":[{"id":"\(name):react","name":"react","version":"\(react)","singleton":true,"requiredVersion":"\(range)"\
      ,"assets":{"js":{"async":[],"sync":["static/js/async/lib.33.js"]},"css":{"async":[],"sync":[]}}\(usedIn)}],\
      "remotes":[{"federationContainerName":"stall","moduleName":"Fruit","alias":"stall","entry":\
      "https://x.example/stall/remoteEntry.js"}],"exposes":[{"id":"\(name):\(expose)","name":"\(expose)","path":\
      "./\(expose)","assets":{"js":{"sync":["static/js/async/expose_Home.3c.js"],"async":["static/js/async/later.js"]},\
      "css":{"sync":["static/css/expose_Home.4f.css"],"async":[]}}}]}
      """
  }

  private func facts(_ files: [String: String], at path: String? = nil) throws -> ContainerFacts {
    try #require(BuildImport(BuildFiles(files)).containers(at: path).first).facts
  }

  @Test("tell names, files, versions and places; what they lack is said")
  func alone() throws {
    let facts = try facts(["mf-manifest.json": Self.manifest()])
    #expect(facts.name == "market" && facts.entry == "remoteEntry.js")
    #expect(facts.reading?.source == .manifest && facts.publicPath == "auto")
    #expect(facts.exposes.map(\.name) == ["./Home"])
    #expect(
      facts.chunks.first { $0.id == "./Home" }?.files == [
        "static/js/async/expose_Home.3c.js", "static/css/expose_Home.4f.css",
      ])
    #expect(facts.provides.map { "\($0.key)@\($0.version)" } == ["react@18.2.0"])
    #expect(facts.consumes.map(\.range) == ["^18.0.0"] && facts.consumes[0].singleton)
    #expect(
      facts.remotes[0].locations == [
        .init(type: "script", location: "stall@https://x.example/stall/remoteEntry.js")
      ])
    #expect(
      Set(facts.assets.map(\.name)) == [
        "remoteEntry.js", "static/js/async/expose_Home.3c.js", "static/css/expose_Home.4f.css",
        "static/js/async/later.js", "static/js/async/lib.33.js", "@mf-types.zip", "@mf-types.d.ts",
        "mf-manifest.json",
      ])
    #expect(
      facts.reading?.unknown.map(\.fact) == [
        .uniqueName, .ruleSet, .target, .library, .shareScope, .provides, .consumes, .remotes,
        .needs, .order,
      ])
  }

  @Test("are completed by the code of the entry, with which they agree")
  func completed() throws {
    let files = [
      "mf-stats.json": Self.manifest(isStats: true), "mf-manifest.json": Self.manifest(),
      "remoteEntry.js": EntrySnippets.rspack,
    ]
    let facts = try facts(files)
    let code = try self.facts(files, at: "remoteEntry.js")
    #expect(facts.reading?.source == .federationStats)
    #expect(facts.reading?.others == [.manifest, .code])
    #expect(facts.reading?.disagreements == nil, "\(facts.reading?.disagreements ?? [])")
    #expect(facts.consumes == code.consumes && facts.provides == code.provides)
    #expect(facts.exposes == code.exposes && facts.remotes == code.remotes)
    #expect(facts.ruleSet == code.ruleSet && facts.uniqueName == "market")
    #expect(facts.chunks == code.chunks && facts.bundler == .rspackFederation2)
    #expect(facts.assets.contains { $0.name == "@mf-types.zip" })
    #expect(facts.reading?.unknown.map(\.fact) == [.order])
  }

  @Test(
    "are held against the code",
    arguments: [
      (Self.manifest(name: "bazaar"), "name: bazaar (mf-manifest), market (code)"),
      (Self.manifest(react: "17.0.2"), "provides react: 17.0.2 (mf-manifest), 18.2.0 (code)"),
      (
        Self.manifest(range: "^17.0.0"),
        "consumes react: [\"^17.0.0\"] (mf-manifest), [\"^18.0.0\"] (code)"
      ),
    ])
  func disagreement(_ manifest: String, _ line: String) throws {
    let facts = try facts(["mf-manifest.json": manifest, "remoteEntry.js": EntrySnippets.rspack])
    #expect(facts.reading?.disagreements?.map(\.description) == [line])
  }

  @Test("an exposed module that only one knows is kept, and told")
  func additional() throws {
    let facts = try facts([
      "mf-manifest.json": Self.manifest(expose: "Shop"), "remoteEntry.js": EntrySnippets.rspack,
    ])
    #expect(facts.exposes.map(\.name) == ["./Shop", "./Home"])
    #expect(facts.reading?.disagreements?.map(\.subject) == ["./Home", "./Shop"])
    let files = facts.exposes.map { facts.files(of: $0) }
    #expect(files.allSatisfy { $0.contains("static/js/async/expose_Home.3c.js") })
  }

  @Test("guesses are not taken for versions and ranges", arguments: ["*", "^18.0.0", ""])
  func guesses(_ version: String) throws {
    let facts = try facts(["mf-manifest.json": Self.manifest(react: version, range: "^undefined")])
    #expect(facts.provides.isEmpty && facts.consumes[0].range == nil)
  }

  @Test("a public path that code gives is not run, and named")
  func getPublicPath() throws {
    let code = "\"getPublicPath\":\"return window.base\""
    let facts = try facts(["mf-manifest.json": Self.manifest(publicPath: code)])
    #expect(
      facts.reading?.unknown.first { $0.fact == .publicPath }?.reason
        == "it is set at run time: return window.base")
  }

  @Test(
    "are refused where they cannot be read", arguments: ["{\"a\":", "{}", "{\"remoteEntry\":{}}"])
  func refused(_ metaData: String) {
    let text = "{\"metaData\":\(metaData),\"exposes\":[],\"shared\":[]}"
    let error = #expect(throws: ImportError.self) {
      try facts(["mf-manifest.json": text], at: "mf-manifest.json")
    }
    #expect(error?.kind == .malformed)
  }
}
