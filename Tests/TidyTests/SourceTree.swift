import Foundation

/// The repository's own Swift files, read as text.
struct SourceTree {
  struct File: CustomStringConvertible, Sendable {
    /// Relative to the repository: `Sources/LarderCore/Digest.swift`.
    let path: String
    let lines: [String]

    /// `LarderCore` of `Sources/LarderCore/Digest.swift`.
    var target: String { String(path.split(separator: "/")[1]) }
    var name: String { String(path.split(separator: "/").last ?? "") }
    var description: String { path }

    /// The modules that it imports.
    var imports: [String] {
      let word =
        #/^(?:@\w+(?:\(\w+\))? )?(?:(?:public|package|internal|private) )?import (?:\w+ )?(\w+)/#
      return code.compactMap { line in line.firstMatch(of: word).map { String($0.1) } }
    }

    /// Each line without string contents and comments, so that words in them do not count.
    var code: [String] { lines.map(SourceTree.strippingTextAndComments) }
  }

  /// The folder that holds Package.swift.
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static let sources = files(in: "Sources")
  static let tests = files(in: "Tests")

  static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  private static func files(in folder: String) -> [File] {
    let base = root.appending(path: folder)
    guard let walk = FileManager.default.enumerator(at: base, includingPropertiesForKeys: nil)
    else { return [] }
    var found: [File] = []
    for case let url as URL in walk where url.pathExtension == "swift" {
      guard let text = try? String(contentsOf: url, encoding: .utf8) else {
        // A file that is no text has no style; the compiler will say what is wrong with it.
        continue
      }
      let path = String(url.path.dropFirst(root.path.count)).drop { $0 == "/" }
      found.append(File(path: String(path), lines: text.components(separatedBy: "\n")))
    }
    return found.sorted { $0.path < $1.path }
  }

  private static func strippingTextAndComments(_ line: String) -> String {
    var code = ""
    var isText = false
    var previous: Character = " "
    for character in line {
      if character == "\"", previous != "\\" { isText.toggle() }
      if !isText, previous == "/", character == "/" {
        code.removeLast()
        break
      }
      if !isText || character == "\"" { code.append(character) }
      previous = character
    }
    return code
  }
}
