import Testing

@testable import LarderFederation

@Suite("Identifiers of federation modules")
struct ModuleIdentifierTests {
  @Test("A consume's range may hold bars, and its path anything")
  func consume() throws {
    let text =
      "consume-shared-module|default|@scope/lib|^1.0.0 || ^2.0.0|true|/app/a|b.js|false|true"
    let consume = try #require(ModuleIdentifier.consume(text))
    #expect(consume.key == "@scope/lib")
    #expect(consume.range == "^1.0.0 || ^2.0.0")
    #expect(consume.strict && !consume.singleton && consume.eager)
    #expect(consume.path == "/app/a|b.js")
  }

  @Test("A consume without range or copy has neither")
  func bareConsume() throws {
    let text = "consume-shared-module|s|lib|undefined|false|undefined|true|undefined"
    let consume = try #require(ModuleIdentifier.consume(text))
    #expect(consume.range == nil && consume.path == nil)
    #expect(!consume.strict && consume.singleton && !consume.eager)
  }

  @Test("A provide cuts at the last at-sign before the path")
  func provide() throws {
    let provide = try #require(
      ModuleIdentifier.provide("provide module (default) @scope/lib@1.0.0-b = /app/x@2/i.js"))
    #expect(
      provide.key == "@scope/lib" && provide.version == "1.0.0-b" && provide.path == "/app/x@2/i.js"
    )
    #expect(ModuleIdentifier.provide("provide module (default) lib@false = /a")?.version == "0")
  }

  @Test("A remote names its references and the expose, the bare one too")
  func remote() throws {
    let one = try #require(
      ModuleIdentifier.remote("remote (default) webpack/container/reference/b ./B x"))
    #expect(one.references == ["webpack/container/reference/b"] && one.expose == "./B x")
    #expect(ModuleIdentifier.remote("remote (default) r/b r/b/fallback-1 .")?.expose == ".")
  }

  @Test("An external's location may be text or a path into an object")
  func external() {
    let script = ModuleIdentifier.external("external script \"nav@https://a.example/r.js\"")
    #expect(script?.remoteName == "nav")
    #expect(ModuleIdentifier.external("external var [\"nav\",\"x\"]")?.remoteName == "nav")
    #expect(
      ModuleIdentifier.external("external promise \"new Promise(r => r())\"")?.remoteName == nil)
  }

  @Test(
    "A script location is cut at its first at-sign, which neither begins nor ends it",
    arguments: ["@u", "n@", "n", ""])
  func scripts(_ location: String) {
    #expect(RemoteLocation(type: "script", location: location).remoteName == nil)
  }

  @Test(
    "What is no identifier of its kind is not read",
    arguments: [
      "", "remote", "remote (default) x", "provide module (a) b", "external x",
      "consume-shared-module|a|b",
    ])
  func others(_ text: String) {
    #expect(ModuleIdentifier.remote(text) == nil)
    #expect(ModuleIdentifier.provide(text) == nil)
    #expect(ModuleIdentifier.consume(text) == nil)
    #expect(ModuleIdentifier.external(text) == nil)
    #expect(ModuleIdentifier.containerEntry(text) == nil)
  }
}
