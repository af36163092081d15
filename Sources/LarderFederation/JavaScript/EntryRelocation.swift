/// Makes a build's runtime load its chunks from beside the script that it stands in, wherever that
/// is served from.
///
/// A build with `publicPath: "auto"` does so already. One with a path or URL written into it asks
/// there, however it was loaded itself. Texts are replaced in the code; nothing is evaluated.
package enum EntryRelocation {
  /// The text of a file with every fixed public path replaced.
  ///
  /// - Parameters:
  ///   - path: of the file, below the root of its build.
  ///   - isModule: whether it runs as an ECMAScript module.
  /// - Returns: nil where there is nothing to replace: the path is found at run time, or the file has
  ///   no runtime in it.
  package static func relocated(_ text: String, path: String, isModule: Bool) -> String? {
    guard let code = JavaScriptCode(text) else { return nil }
    var fixed: [Range<Int>] = []
    for place in EntryShapes(code).assignments["p"] ?? [] {
      let value = (place + 2)..<code.endOfExpression(place + 2)
      var expression = ConstantExpression(value, of: code, variables: [:])
      guard !value.isEmpty, expression.value().written != nil else { continue }
      fixed.append(
        Int(code.tokens[value.lowerBound].start)..<Int(code.tokens[value.upperBound - 1].end))
    }
    guard !fixed.isEmpty else { return nil }
    let root = Array(root(above: path, isModule: isModule).utf8)
    var bytes = code.bytes
    for range in fixed.reversed() { bytes.replaceSubrange(range, with: root) }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// An expression for the URL of the build's root, which ends in `/`, in a script that runs from
  /// `path` below it.
  private static func root(above path: String, isModule: Bool) -> String {
    let up = String(repeating: "../", count: path.split(separator: "/").count - 1)
    let script = isModule ? "import.meta.url" : "document.currentScript.src"
    return "new URL(\"./\(up)\",\(script)).href"
  }
}
