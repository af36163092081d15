import LarderFederation
import Testing

@testable import LarderService

@Suite struct CodeEvidenceTests {
  @Test(
    "A page where a script was named is evidence",
    arguments: [
      ("a.js", "<!doctype html>"), ("a.mjs", "\u{feff} \r\n\t<html>"), ("a.cjs?v=1", "<"),
      ("a.js#x", "<h1>"),
    ])
  func page(path: String, text: String) {
    let finding = CodeEvidence.against(Array(text.utf8), path: path)
    #expect(finding?.code == .notJavaScript && finding?.subject == path)
  }

  @Test(
    "What may be what it is called is not",
    arguments: [
      ("a.js", "var a = '<html>'"), ("a.js", ""), ("a.js", "<!-- a comment, as scripts may have"),
      ("a.html", "<html>"), ("a.css", "<"), ("a.json", "<"), ("js", "<"), ("a?b.js", "<"),
    ])
  func innocent(path: String, text: String) {
    #expect(CodeEvidence.against(Array(text.utf8), path: path) == nil)
  }

  @Test("The media type is evidence for scripts alone")
  func mediaType() {
    #expect(CodeEvidence.against(contentType: "Text/HTML; charset=utf-8", path: "a.js") != nil)
    #expect(CodeEvidence.against(contentType: "text/plain", path: "a.js") == nil)
    #expect(CodeEvidence.against(contentType: "", path: "a.js") == nil)
    #expect(CodeEvidence.against(contentType: nil, path: "a.js") == nil)
    #expect(CodeEvidence.against(contentType: "text/html", path: "a.html") == nil)
  }

  @Test("A chunk of another identifier is evidence, where both are known")
  func chunks() {
    let facts = ContainerFacts(
      name: "nav",
      chunks: [ChunkFacts(id: "1", files: ["a.js"]), ChunkFacts(id: "2", files: ["a.js", "b.js"])])
    func finding(_ text: String, _ path: String) -> ServiceError.Code? {
      CodeEvidence.against(chunk: Array(text.utf8), path: path, of: facts)?.code
    }
    #expect(finding("exports.id=3,exports.ids=[3],exports.modules={}", "a.js") == .notJavaScript)
    #expect(finding("exports.id=2,exports.ids=[2],exports.modules={}", "a.js") == nil)
    #expect(finding("exports.id=1,exports.ids=[1],exports.modules={}", "b.js") == .notJavaScript)
    #expect(finding("exports.id=3,exports.ids=[3],exports.modules={}", "c.js") == nil)
    #expect(finding("something(else)", "a.js") == nil)
  }
}
