import Foundation
import Testing

@testable import LarderFederation

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite("A graph as SVG")
struct SVGTextTests {
  /// What an XML parser finds.
  private final class Reader: NSObject, XMLParserDelegate {
    var elements: [String] = []
    var texts: [String] = []
    var attributes: [[String: String]] = []

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
      qualifiedName: String?, attributes: [String: String]
    ) {
      elements.append(name)
      self.attributes.append(attributes)
      texts.append("")
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) {
      texts[texts.count - 1] += string
    }
  }

  private func read(_ text: String) throws -> Reader {
    let reader = Reader()
    let parser = XMLParser(data: Data(text.utf8))
    parser.delegate = reader
    try #require(parser.parse(), "\(String(describing: parser.parserError)): \(text)")
    return reader
  }

  @Test(
    "is XML whatever the names are, and shows them",
    arguments: DOTTextTests.hostile.filter { !$0.isEmpty })
  func escaping(_ name: String) throws {
    let reader = try read(SVGText(DOTTextTests.graph(named: name)).text)
    let plain = try read(SVGText(DOTTextTests.graph(named: "name")).text)
    #expect(reader.elements == plain.elements)
    #expect(reader.texts.contains(VisibleText.line(name)))
    #expect(reader.texts.contains(VisibleText.lines(name)))
  }

  @Test("needs nothing else, and does nothing", arguments: VectorFile.all.graphVectors)
  func selfContained(_ vector: GraphVector) throws {
    let facts = GraphFacts(vector)
    let plan = Planner { facts.containers[$0] }
      .plan(facts.requests, for: facts.host, explained: true)
    let text = SVGText(try #require(PlanDrawing.graph(of: plan))).text
    let reader = try read(text)
    #expect(
      Set(reader.elements).isSubset(
        of: ["svg", "title", "style", "defs", "marker", "path", "rect", "g", "text"]))
    for attributes in reader.attributes {
      #expect(!attributes.keys.contains { $0.hasPrefix("on") || $0.contains("href") })
    }
    for word in ["@import", "url(h", "url(/", "@font-face"] { #expect(!text.contains(word)) }
    #expect(text.contains("prefers-color-scheme:dark"))
    // Each box, row and arrow says what it is.
    let shown = reader.elements.filter { $0 == "g" }.count
    #expect(reader.elements.filter { $0 == "title" }.count == shown + 1)
    for error in plan.errors {
      #expect(reader.texts.contains { $0.contains(error.remedy) }, "\(error)")
    }
  }

  @Test("cuts long names in their middle, and has them whole in the title")
  func longNames() throws {
    let name = "@scope/" + String(repeating: "long-", count: 30) + "end"
    let reader = try read(SVGText(DOTTextTests.graph(named: name)).text)
    let cut = try #require(reader.texts.first { $0.contains("…") })
    #expect(cut.count == BoxShape.lengthMax && cut.hasPrefix("@scope/") && cut.hasSuffix("end"))
    #expect(reader.texts.contains(name))
  }
}
