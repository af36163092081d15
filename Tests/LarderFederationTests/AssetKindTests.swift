import Testing

@testable import LarderFederation

@Suite("Kinds of assets")
struct AssetKindTests {
  @Test(
    "A file's ending tells its kind",
    arguments: [
      ("a/b.min.js", AssetKind.script), ("x.mjs", .script), ("x.CSS", .style),
      ("x.js.map", .sourceMap),
      ("i.svg", .image), ("f.woff2", .font), ("m.wasm", .wasm), ("locales/de.json", .other),
      ("js", .other), ("a.js/README", .other), ("", .other),
    ])
  func kinds(_ path: String, _ kind: AssetKind) {
    #expect(AssetKind(path: path) == kind)
  }
}
