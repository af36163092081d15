import Foundation
import Testing

@testable import LarderFederation

@Suite("Several sources of one build")
struct BuildImportTests {
  /// Statistics of a container `shop`, with only what the importer asks for.
  private static func stats(entry: String = "remoteEntry.js", expose: String = "./Cart") -> String {
    let module = "container entry (default) [[\\\"\(expose)\\\",{\\\"import\\\":[\\\"a\\\"]}]]"
    return """
      {"version":"5.75.0","publicPath":"auto","assets":[{"name":"\(entry)","size":1}],"modules":[{"identifier":\
      "\(module)","moduleType":"javascript/dynamic","chunks":[77],"reasons":[{"type":"container entry","loc":"shop"}]}],\
      "chunks":[{"id":77,"files":["\(entry)"],"runtime":["shop"],"initial":true,"origins":[]}]}
      """
  }

  private func container(_ files: [String: String], at path: String? = nil) throws -> ContainerFacts
  {
    try #require(BuildImport(BuildFiles(files)).containers(at: path).first).facts
  }

  @Test("the best one is believed, and what it leaves open comes from the code")
  func completion() throws {
    let facts = try container([
      "stats.json": Self.stats(), "remoteEntry.js": EntrySnippets.minified,
    ])
    #expect(facts.reading?.source == .stats && facts.reading?.others == [.code])
    #expect(facts.reading?.file == "stats.json")
    #expect(facts.uniqueName == "unique-shop" && facts.uniqueNameSource == .entry)
    #expect(facts.libraryType == "var" && facts.chunkGlobal == "webpackChunkunique_shop")
    #expect(facts.exposes.map(\.name) == ["./Cart"])
    #expect(facts.reading?.leavesOpen(.uniqueName) == false)
  }

  @Test("the place in a page is the library's, whatever the container is called")
  func place() throws {
    let code = EntrySnippets.minified.replacing("var shop;", with: "var market;")
      .replacing(";shop=a})();", with: ";market=a})();")
    let renamed = try container(["stats.json": Self.stats(), "remoteEntry.js": code])
    #expect(renamed.name == "shop" && renamed.global == ["market"])
    let usual = try container([
      "stats.json": Self.stats(), "remoteEntry.js": EntrySnippets.minified,
    ])
    #expect(usual.global == ["shop"] && usual.libraryPath == nil)
  }

  @Test("where two differ both are told")
  func disagreement() throws {
    let facts = try container([
      "stats.json": Self.stats(), "remoteEntry.js": EntrySnippets.minified,
    ])
    let about = try #require(
      facts.reading?.disagreements?.first { $0.fact == .exposes && $0.subject == "./Total" })
    #expect(about.better == .init(.stats, "nothing"))
    #expect(about.description == "exposes ./Total: nothing (stats), chunks [\"35\"] (code)")
  }

  @Test("statistics alone say what they leave open")
  func alone() throws {
    let facts = try container(["stats.json": Self.stats()])
    #expect(facts.uniqueName == "shop" && facts.uniqueNameSource == .assumed)
    #expect(facts.reading?.others == nil && facts.reading?.disagreements == nil)
    #expect(facts.reading?.unknown.map(\.fact) == [.uniqueName, .target, .library])
  }

  @Test("a file that is named is believed, whatever lies beside it")
  func named() throws {
    let files = ["stats.json": Self.stats(), "remoteEntry.js": EntrySnippets.minified]
    #expect(try container(files, at: "remoteEntry.js").reading?.source == .code)
    #expect(try container(files, at: "stats.json").reading?.source == .stats)
  }

  @Test("a build without any is refused with what to do")
  func none() {
    let empty = BuildImport(BuildFiles([:]))
    #expect(throws: ImportError.noSource) { try empty.containers() }
    #expect(throws: ImportError.noFile("a.js")) { try empty.containers(at: "a.js") }
    let page = BuildImport(BuildFiles(["stats.json": "<html>404", "a.json": "[1]"]))
    #expect(throws: ImportError.noSource) { try page.containers() }
    #expect(throws: ImportError.unknownForm("a.json")) { try page.containers(at: "a.json") }
  }

  @Test("readings of one build are compared, but for what either leaves open")
  func comparison() throws {
    let stats = try #require(StatsImporter().containers(in: StatsFixture.data("nav-5.97")).first)
    #expect(FactsComparison(stats, stats).disagreements.isEmpty)
    var other = stats
    other.exposes[0].chunks.append("x")
    other.uniqueName = "y"
    #expect(FactsComparison(stats, other).disagreements.map(\.fact) == [.exposes])
    other.reading?.unknown = [UnknownFact(.exposes, "")]
    #expect(FactsComparison(stats, other).disagreements.isEmpty)
  }

  @Test(
    "the members of JSON are told without what they hold",
    arguments: [
      ("{\"a\":1,\"b\":{\"c\":[{\"d\":2}]}}", ["a", "b"]),
      (" {\n\"a\" : \"}\\\"\",\"e\":[]}", ["a", "e"]),
      ("[{\"a\":1}]", []), ("\"a\":1", []), ("{\"a\"", []), ("{\"a", []), ("", []),
      ("{}{\"a\":1}", []),
      ("\u{feff}{\"a\":1}", ["a"]),
    ])
  func members(_ text: String, _ names: [String]) {
    #expect(JSONMembers.names(in: Array(text.utf8)) == Set(names))
  }

  @Test(
    "an entry is found wherever it lies, if none lies where it usually does",
    arguments: [
      "remoteEntry.13b0.js", "js/remote-entry-1f.js", "static/js/shop.2d18.js", "shop.mjs",
    ])
  func search(_ path: String) throws {
    let facts = try container([
      // A host of rspack has all of a container's code, and exposes nothing.
      path: EntrySnippets.minified, "main.js": "throw Error('does not exist in container.')",
      "a.css": "",
    ])
    #expect(facts.entry == path && facts.reading?.file == path && facts.name == "shop")
  }

  @Test("of several entries each tells of its container, unless two are of one")
  func severalEntries() throws {
    let other = EntrySnippets.inlined
    let files = ["a/remoteEntry.1.js": EntrySnippets.minified, "b/remoteEntry.2.js": other]
    let found = try BuildImport(BuildFiles(files)).containers().map(\.facts)
    #expect(found.map(\.name) == ["shop", "basket"])
    #expect(found.map(\.entry) == files.keys.sorted())
    let stale = ["remoteEntry.1.js": other, "remoteEntry.2.js": other]
    let error = #expect(throws: ImportError.self) {
      try BuildImport(BuildFiles(stale)).containers()
    }
    #expect(error?.message.contains("'remoteEntry.1.js' and 'remoteEntry.2.js'") == true)
  }

  @Test("statistics name files without what is behind them for caches")
  func queries() throws {
    let text = Self.stats(entry: "remoteEntry.js?v=1.2")
    let facts = try container(["stats.json": text])
    #expect(facts.entry == "remoteEntry.js" && facts.assets.map(\.name) == ["remoteEntry.js"])
  }
}
