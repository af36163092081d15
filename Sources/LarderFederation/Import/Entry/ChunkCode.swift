/// What a chunk's own text tells of it: the identifiers under which it registers.
///
/// Looks for the two shapes in which webpack's chunk files begin, minified or not; evaluates
/// nothing and reads no further than the list. What has another shape tells nothing.
package struct ChunkCode {
  /// Bytes from the start of a file that hold the list: banners and licences come before it.
  package static let headSize = 16 << 10

  private let text: Substring

  /// - Parameter text: the file, or its first `headSize` bytes.
  package init(_ text: String) { self.text = Self.code(of: text[...]) }

  /// The identifiers that the chunk gives itself; nil where that cannot be told.
  package var declaredIDs: [String]? {
    guard let list = exportedList ?? pushedList else { return nil }
    return Self.literals(list)
  }

  /// `exports.id = 1, exports.ids = [1]`: chunks for Node.
  private var exportedList: Substring? {
    var rest = text
    guard Self.skip("exports.id", &rest), Self.skip("=", &rest),
      let end = rest.firstIndex(where: { $0 == ";" || $0 == "," })
    else { return nil }
    rest = rest[rest.index(after: end)...].drop(while: \.isWhitespace)
    guard Self.skip("exports.ids", &rest), Self.skip("=", &rest), Self.skip("[", &rest) else {
      return nil
    }
    return rest
  }

  /// `(self.webpackChunkX = self.webpackChunkX || []).push([[1], {…`: chunks for browsers.
  private var pushedList: Substring? {
    var rest = text
    guard Self.skip("(", &rest) else { return nil }
    let name = String(rest.prefix { !$0.isWhitespace && !"=|()".contains($0) })
    // The same global twice: an expression of a module's own would hardly read so.
    for word in [name, "=", name, "||", "[", "]", ")", ".", "push", "(", "[", "["] {
      guard Self.skip(word, &rest) else { return nil }
    }
    return name.isEmpty ? nil : rest
  }

  /// The code behind comments and directives, which may stand before it.
  private static func code(of text: Substring) -> Substring {
    var rest = text
    while true {
      rest = rest.drop { $0.isWhitespace || $0 == ";" || $0 == "\u{feff}" }
      if rest.hasPrefix("/*"), let end = rest.dropFirst(2).firstRange(of: "*/") {
        rest = rest[end.upperBound...]
      } else if rest.hasPrefix("//"), let end = rest.firstIndex(where: \.isNewline) {
        rest = rest[end...]
      } else if let directive = ["\"use strict\"", "'use strict'"].first(where: rest.hasPrefix) {
        rest = rest.dropFirst(directive.count)
      } else {
        return rest
      }
    }
  }

  private static func skip(_ word: String, _ rest: inout Substring) -> Bool {
    guard rest.hasPrefix(word) else { return false }
    rest = rest.dropFirst(word.count).drop(while: \.isWhitespace)
    return true
  }

  /// The plain strings and numbers up to `]`; nil where there is anything else.
  private static func literals(_ list: Substring) -> [String]? {
    guard let end = list.firstIndex(of: "]"), end != list.startIndex else { return nil }
    var found: [String] = []
    for item in list[..<end].split(separator: ",", omittingEmptySubsequences: false) {
      let word = item.drop(while: \.isWhitespace).prefix { !$0.isWhitespace }
      guard item.drop(while: \.isWhitespace).dropFirst(word.count).allSatisfy(\.isWhitespace),
        let literal = string(word) ?? number(word)
      else { return nil }
      found.append(literal)
    }
    return found
  }

  private static func string(_ word: Substring) -> String? {
    guard word.count >= 2, let quote = word.first, quote == "\"" || quote == "'",
      word.last == quote
    else { return nil }
    let content = word.dropFirst().dropLast()
    return content.contains { $0 == "\\" || $0 == quote } ? nil : String(content)
  }

  /// Minifiers write 2000 as `2e3`.
  private static func number(_ word: Substring) -> String? {
    guard word.allSatisfy({ ("0"..."9").contains($0) || $0 == "e" }), let value = Double(word),
      let whole = Int(exactly: value)
    else { return nil }
    return String(whole)
  }
}

extension ContainerFacts {
  /// The identifiers of the chunks that were emitted into `path`; empty for any other file.
  package func chunkIDs(in path: String) -> Set<String> {
    Set(chunks.filter { $0.files.contains(path) }.map(\.id))
  }
}
