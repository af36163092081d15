import Testing

@testable import LarderFederation

@Suite("A graph in Graphviz's language")
struct DOTTextTests {
  static let hostile = [
    #"a"b"#, #"a\"b"#, #"a\"#, "a\nb", "a\u{0}b\u{1b}[2J", "</script><x>&amp;", "]];}digraph{",
    "\u{202e}gnp.exe\u{2066}", "\u{feff}\u{fffe}", "\r\n", "",
  ]

  static func graph(named name: String) -> DrawnGraph {
    var graph = DrawnGraph(title: name)
    graph.boxes = [
      .init(heading: name, detail: name, title: name, tone: .plain, isSingle: true),
      .init(
        heading: name, detail: name, title: name, tone: .warning, isSingle: false,
        rows: [.init(label: name, title: name, tone: .error)]),
    ]
    graph.edges = [
      .init(
        from: .init(box: 0, row: nil), to: .init(box: 1, row: 0), label: name, title: name,
        tone: .cycle, isLazy: true)
    ]
    return graph
  }

  @Test("keeps every name within its quotes", arguments: hostile)
  func quotes(_ name: String) throws {
    let text = DOTText(Self.graph(named: name)).text
    #expect(
      !text.unicodeScalars.contains { $0 != "\n" && $0.properties.generalCategory == .control })
    #expect(!text.unicodeScalars.contains { $0.properties.generalCategory == .format })
    // Outside of strings nothing is left that came from a name.
    let bare = Self.withoutStrings(text)
    #expect(bare == Self.withoutStrings(DOTText(Self.graph(named: "name")).text))
    #expect(try #require(bare).contains("b0 -> b1r0"))
  }

  /// The text without its strings, each of which ends in the line where it begins; nil where one
  /// does not.
  private static func withoutStrings(_ text: String) -> String? {
    var bare = ""
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      var isInside = false
      var isEscaped = false
      for character in line.unicodeScalars {
        if isInside {
          if isEscaped {
            isEscaped = false
          } else if character == "\\" {
            isEscaped = true
          } else if character == "\"" {
            isInside = false
          }
        } else if character == "\"" {
          isInside = true
        } else {
          bare.unicodeScalars.append(character)
        }
      }
      if isInside { return nil }
      bare += "\n"
    }
    return bare
  }
}
