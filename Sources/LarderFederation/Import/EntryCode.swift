/// What the text of a container's entry tells that statistics do not.
///
/// Looks for the few shapes that webpack's own runtime modules have, minified or not; evaluates
/// nothing. Linear in the length of the text.
struct EntryCode {
  private let text: Substring

  init(_ text: String) { self.text = text[...] }

  /// The build's `output.uniqueName`, from the object that the runtime registers: `{get: …, from:
  /// X, …}`, where X is the name or a variable that holds it.
  var uniqueName: String? {
    var rest = text
    while let found = rest.firstRange(of: "from:") {
      let value = rest[found.upperBound...].drop { $0 == " " }
      if let literal = Self.literal(value) { return literal }
      let variable = value.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "$" }
      if !variable.isEmpty, let literal = lastAssignment(to: variable, before: found.lowerBound) {
        return literal
      }
      rest = rest[found.upperBound...]
    }
    return nil
  }

  /// How the runtime loads chunks, for statistics without runtime modules.
  var target: ContainerTarget? {
    if text.contains(".runInThisContext(") || text.contains(".readFileVm") { return .asyncNode }
    if text.contains("webpackChunk") {
      return text.contains("importScripts(") && !text.contains("createElement(")
        ? .webworker : .web
    }
    if text.contains("require(\"./\"") || text.contains("require('./'") { return .node }
    return nil
  }

  /// The `library.type` that the end of the file shows; nil for the less common ones.
  var libraryType: String? {
    let tail = text.suffix(4096)
    if tail.contains("module.exports = ") || tail.contains("module.exports=") {
      return "commonjs-module"
    }
    if tail.contains("export {") || tail.contains("export{") { return "module" }
    return firstStatement.hasPrefix("var ") ? "var" : nil
  }

  /// The code without the comments before it that say how it was built.
  private var firstStatement: Substring {
    var rest = text.drop(while: \.isWhitespace)
    while rest.hasPrefix("/*"), let end = rest.dropFirst(2).firstRange(of: "*/") {
      rest = rest[end.upperBound...].drop(while: \.isWhitespace)
    }
    return rest
  }

  private func lastAssignment(to variable: Substring, before end: Substring.Index) -> String? {
    // The runtime declares the name a few hundred characters before it uses it.
    var scope = text[..<end].suffix(4096)
    for operation in ["=", " = "] {
      scope = text[..<end].suffix(4096)
      while let found = scope.ranges(of: variable + operation).last {
        let isWhole =
          scope[..<found.lowerBound].last.map { !$0.isLetter && !$0.isNumber && $0 != "." } ?? true
        if isWhole, let literal = Self.literal(text[found.upperBound...]) { return literal }
        scope = scope[..<found.lowerBound]
      }
    }
    return nil
  }

  /// The plain string literal that `text` begins with; nil where it has escapes.
  private static func literal(_ text: Substring) -> String? {
    guard let quote = text.first, quote == "\"" || quote == "'" else { return nil }
    let content = text.dropFirst().prefix { $0 != quote && $0 != "\n" }
    guard content.endIndex < text.endIndex, text[content.endIndex] == quote,
      !content.contains("\\"), !content.isEmpty
    else { return nil }
    return String(content)
  }
}
