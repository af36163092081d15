import Testing

@testable import LarderFederation

@Suite("Remotes of Native Federation, and import maps")
struct NativeFederationImporterTests {
  private func facts(_ files: [String: String]) throws -> ContainerFacts {
    try #require(BuildImport(BuildFiles(files)).wholeContainers().first)
  }

  /// `parts` is how the files that packages share are listed: version 3 or 4.
  private static func remote(bundle: String, parts: String, members: String = "") -> String {
    """
    {"name":"team/stall","exposes":[{"key":"./Fruit","outFileName":"Fruit-AB.js"}],"shared":[{"packageName":\
    "@angular/core","outFileName":"_angular_core.js","requiredVersion":"^21.0.0","singleton":true,"strictVersion":true\
    ,"version":"21.0.4"\(bundle)},{"packageName":"lit","outFileName":"lit.js","requiredVersion":false,"singleton":\
    false,"strictVersion":false,"shareScope":"plain"}\(parts)]\(members)}
    """
  }

  private static let third = remote(
    bundle: "",
    parts: """
      ,{"packageName":"@nf-internal/chunk-X","outFileName":"chunk-X.js","requiredVersion":"0.0.0",\
      "version":"0.0.0","singleton":false,"strictVersion":false}
      """)

  private static let fourth = remote(
    bundle: ",\"bundle\":\"browser-shared\"", parts: "",
    members: """
      ,"chunks":{"browser-shared":["chunk-X.js"],"mapping-or-exposed":["chunk-Y.js"]},"integrity":\
      {"Fruit-AB.js":"sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC"}
      """)

  private static let files = [
    "Fruit-AB.js": "import{a}from\"./chunk-Y.js\";", "_angular_core.js": "", "lit.js": "",
    "chunk-X.js": "import(\"./chunk-Z.js\")", "chunk-Y.js": "", "chunk-Z.js": "",
  ]

  @Test(
    "tell everything but what the code asks for at run time", arguments: [Self.third, Self.fourth])
  func remotes(_ remote: String) throws {
    let facts = try facts(Self.files.merging(["remoteEntry.json": remote]) { first, _ in first })
    #expect(facts.name == "team/stall" && facts.target == .module)
    #expect(facts.bundler == .nativeFederation && facts.entry == "remoteEntry.json")
    #expect(facts.exposes.map(\.name) == ["./Fruit"])
    #expect(facts.files(of: facts.exposes[0]) == ["chunk-Y.js", "Fruit-AB.js"])
    #expect(
      facts.provides.map { "\($0.scope) \($0.key)@\($0.version)" }
        == ["default @angular/core@21.0.4", "plain lit@0"])
    #expect(facts.consumes.map(\.range) == ["^21.0.0", nil])
    #expect(facts.consumes[0].singleton && facts.consumes[0].strict)
    #expect(Set(facts.assets.map(\.name)) == Set(Self.files.keys).union(["remoteEntry.json"]))
    #expect(facts.reading?.completeness == .closed, "\(facts.reading?.openEnds ?? [])")
  }

  @Test("integrity values go with their files, and bundles with their packages")
  func version4() throws {
    let facts = try facts(
      Self.files.merging(["remoteEntry.json": Self.fourth]) { first, _ in first })
    #expect(
      facts.assets.first { $0.name == "Fruit-AB.js" }?.integrity?.hasPrefix("sha384-oq") == true)
    #expect(facts.assets.filter { $0.integrity != nil }.count == 1)
    #expect(
      facts.chunks.first { $0.id == "shared @angular/core" }?.files
        == ["_angular_core.js", "chunk-X.js"])
  }

  @Test("an integrity value holds for a file that only code names")
  func named() throws {
    let remote = """
      {"name":"a","exposes":[{"key":"./b","outFileName":"b.js"}],"integrity":{"c.js":"sha256-AAAA"}}
      """
    let facts = try facts([
      "remoteEntry.json": remote, "b.js": "import \"./c.js\"", "c.js": "",
    ])
    #expect(facts.assets.first { $0.name == "c.js" }?.integrity == "sha256-AAAA")
    let map = "{\"imports\":{\"a\":\"./b.js\"},\"integrity\":{\"./c.js\":\"sha256-AAAA\"}}"
    let mapped = try self.facts([
      "importmap.json": map, "b.js": "import \"./c.js\"", "c.js": "",
    ])
    #expect(mapped.assets.first { $0.name == "c.js" }?.integrity == "sha256-AAAA")
  }

  @Test("a build for development has no files for what it exposes, which is said")
  func development() throws {
    let remote = "{\"name\":\"a\",\"exposes\":[{\"key\":\"./b\",\"outFileName\":\"\"}]}"
    let facts = try facts(["remoteEntry.json": remote])
    #expect(facts.reading?.leavesOpen(.files) == true && facts.reading?.completeness == .open)
  }

  @Test("an import map tells modules and where they are")
  func importMap() throws {
    let map = """
      {"imports":{"a":"./a.js","b":"/lib/b.js","c":"https://cdn.example/c.js","d/":"./d/"},"scopes":{"/x/":{"a":\
      "./a-2.js"}},"integrity":{"./a.js":"sha256-AAAA"}}
      """
    let facts = try facts(["importmap.json": map, "a.js": "", "lib/b.js": "", "a-2.js": ""])
    #expect(facts.exposes.map(\.name) == ["a", "b"])
    #expect(facts.remotes.map(\.module) == ["c", "d/"])
    #expect(facts.assets.map(\.name) == ["importmap.json", "a.js", "lib/b.js", "a-2.js"])
    #expect(facts.assets.map(\.integrity) == [nil, "sha256-AAAA", nil, nil])
    #expect(facts.reading?.leavesOpen(.name) == true)
  }

  @Test(
    "are refused where they cannot be read",
    arguments: [
      ("remoteEntry.json", "{\"name\":1,\"exposes\":[]}"), ("importmap.json", "{\"imports\":[]}"),
    ])
  func refused(_ path: String, _ text: String) {
    let error = #expect(throws: ImportError.self) { try facts([path: text]) }
    #expect(error?.kind == .malformed && error?.message.contains(path) == true)
  }
}
