import Foundation
import Testing

@Suite("The documents")
struct DocumentTests {
  @Test("name only make targets that exist", arguments: ["README.md"])
  func commands(_ path: String) throws {
    let makefile = try SourceTree.text("Makefile")
    let named = try SourceTree.text(path).matches(of: #/`?make ([a-z-]+)/#).map { String($0.1) }
    #expect(!named.isEmpty)
    for target in named {
      #expect(makefile.contains("\n\(target):"), "\(path) names make \(target)")
    }
  }

  @Test("link only to files that exist")
  func links() throws {
    let root = SourceTree.root
    let folders = ["", "docs", "docs/decisions"]
    for folder in folders {
      let names = try FileManager.default.contentsOfDirectory(
        atPath: root.appending(path: folder).path)
      for name in names where name.hasSuffix(".md") {
        let text = try SourceTree.text("\(folder)/\(name)")
        for match in text.matches(of: #/\]\(([^)#:\s]+)(#[^)]*)?\)/#) {
          let target = root.appending(path: folder).appending(path: String(match.1))
          #expect(
            FileManager.default.fileExists(atPath: target.path),
            "\(folder)/\(name) links to \(match.1)")
        }
      }
    }
  }

  @Test("show the program that is built and run")
  func example() throws {
    let program = try SourceTree.text("Tests/ClientExample/Example.swift")
    #expect(try SourceTree.text("docs/swift.md").contains("```swift\n\(program)```\n"))
  }

  @Test("keep what is not released on top of the changelog")
  func changelog() throws {
    let headings = try SourceTree.text("CHANGELOG.md").components(separatedBy: "\n")
      .filter { $0.hasPrefix("## ") }
    #expect(headings.first == "## Unreleased")
  }

  @Test("number decisions without a gap")
  func decisions() throws {
    let names = try FileManager.default
      .contentsOfDirectory(atPath: SourceTree.root.appending(path: "docs/decisions").path)
      .filter { $0.hasSuffix(".md") }.sorted()
    #expect(!names.isEmpty)
    for (index, name) in names.enumerated() {
      #expect(
        name.hasPrefix(String(format: "%04d-", index + 1)), "\(name) should be number \(index + 1)")
    }
  }
}
