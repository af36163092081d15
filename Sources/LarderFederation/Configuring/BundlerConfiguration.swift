/// A configuration of webpack or rspack as a text: what its federation plugin is told, and how
/// Larder's goes beside it. Nothing is run.
package struct BundlerConfiguration {
  /// Names under which bundlers look for one.
  package static let fileNames = [
    "webpack.config.js", "webpack.config.cjs", "webpack.config.mjs", "rspack.config.js",
  ]

  /// The longest text that is read: a configuration written by hand has some kilobytes.
  package static let bytesMax = 1 << 20

  /// A remote that the build refers to.
  package struct Remote: Codable, Hashable, Sendable {
    /// What modules of the build import it by.
    package var alias: String
    /// Under which the daemon has it.
    package var name: String
    /// Of its entry at its origin; nil for a place that is not written as a literal URL.
    package var url: String?
    /// The location as it is written.
    package var written: String
  }

  /// One `new ModuleFederationPlugin({…})`.
  package struct Federation: Hashable, Sendable {
    /// Of the container; nil where it is not a literal.
    package var name: String?
    /// Whether others may import something.
    package var exposes: Bool
    package var remotes: [Remote]
    /// The place of `new`, and that of the last bracket.
    let words: Range<Int>
  }

  /// In the order of the text.
  package let federations: [Federation]
  /// Whether Larder's plugin is in it already.
  package let hasLarder: Bool
  let code: JavaScriptCode

  /// - Returns: nil for a text that is too long.
  package init?(_ text: String) {
    guard text.utf8.count <= Self.bytesMax, let code = JavaScriptCode(text) else { return nil }
    self.code = code
    hasLarder = code.has(name: "LarderPlugin")
    federations = code.all.compactMap { Self.federation(at: $0, in: code) }
  }

  private static func federation(at place: Int, in code: JavaScriptCode) -> Federation? {
    guard code.is(place, "ModuleFederationPlugin"), code.is(place + 1, "("),
      let end = code.partner(place + 1)
    else { return nil }
    var start = place
    while code.is(start - 1, ".") { start -= 2 }
    guard code.is(start - 1, "new") else { return nil }
    let options = members(code.inside(place + 1), in: code)
    return Federation(
      name: options["name"].flatMap { code.string($0) }, exposes: options["exposes"] != nil,
      remotes: options["remotes"].map { remotes($0, in: code) } ?? [],
      words: (start - 1)..<(end + 1))
  }

  /// The members of an object literal, or of the one that a variable is set to; what is spread into
  /// it is left out.
  private static func members(
    _ places: Range<Int>, in code: JavaScriptCode
  ) -> [String: Range<Int>] {
    guard let first = places.first else { return [:] }
    var opener = first
    if code.isVariable(first), code.next(first) == places.upperBound {
      let name = code.text(first)
      let set = code.all.first {
        code.isVariable($0) && code.text($0) == name && code.begins($0 + 1, "=", "{")
      }
      guard let set else { return [:] }
      opener = set + 2
    }
    guard code.is(opener, "{") else { return [:] }
    var found: [String: Range<Int>] = [:]
    for piece in code.split(code.inside(opener)) where code.is(piece.lowerBound + 1, ":") {
      let place = piece.lowerBound
      let key = code.kind(place) == .name ? code.text(place) : code.key(place)
      if let key, piece.count > 2 { found[key] = (place + 2)..<piece.upperBound }
    }
    return found
  }

  private static func remotes(_ places: Range<Int>, in code: JavaScriptCode) -> [Remote] {
    if let elements = code.array(places) {
      return elements.flatMap { element in
        code.string(element).map { [remote($0, at: element, in: code)] }
          ?? remotes(element, in: code)
      }
    }
    return members(places, in: code).sorted { $0.value.lowerBound < $1.value.lowerBound }
      .map { alias, value in
        var value = value
        if code.is(value.lowerBound, "{"), let external = members(value, in: code)["external"] {
          value = external
        }
        // Of several locations the last one is the origin, after others that may be nearer.
        if let last = code.array(value)?.last { value = last }
        return remote(alias, at: value, in: code)
      }
  }

  private static func remote(
    _ alias: String, at value: Range<Int>, in code: JavaScriptCode
  ) -> Remote {
    let written = code.text(value)
    guard let text = code.string(value) else {
      return Remote(alias: alias, name: alias, written: written)
    }
    guard let at = text.dropFirst().firstIndex(of: "@"), !text.contains(" ") else {
      return Remote(alias: alias, name: alias, written: text)
    }
    let url = String(text[text.index(after: at)...])
    let isAbsolute = url.hasPrefix("http://") || url.hasPrefix("https://")
    return Remote(
      alias: alias, name: String(text[..<at]), url: isAbsolute ? url : nil, written: text)
  }
}
