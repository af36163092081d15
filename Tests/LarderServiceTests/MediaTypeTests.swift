import Testing

@testable import LarderService

@Suite struct MediaTypeTests {
  @Test(
    "A file's type goes by its last ending",
    arguments: [
      ("remoteEntry.js", "text/javascript"), ("a/b.MJS", "text/javascript"),
      ("a.js.map", "application/json"), ("a.css", "text/css"), ("p.svg", "image/svg+xml"),
      ("f.woff2", "font/woff2"), ("m.wasm", "application/wasm"),
      ("LICENSE", "application/octet-stream"), ("a.unknown", "application/octet-stream"),
      ("", "application/octet-stream"), ("a.", "application/octet-stream"),
    ])
  func types(path: String, type: String) { #expect(MediaType.of(path) == type) }
}
