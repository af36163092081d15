/// How an entry hands out what it exports: `library.type` and `library.name`, from the ends of the
/// file.
struct LibraryShape {
  /// webpack's name of the type; nil for a form that is not known.
  private(set) var type: String?
  /// The name under which it is handed out; nil where the type needs none.
  private(set) var name: String?

  private let code: JavaScriptCode

  init(_ code: JavaScriptCode) {
    self.code = code
    if code.all.contains(where: { code.is($0, "export") && code.parent($0) == nil }) {
      type = "module"
    } else if let start = declaration {
      (type, name) = ("var", code.text(start + 1))
    } else {
      readWrapper()
      if type == nil { readEnd() }
    }
  }

  /// `var shop;` at the start, behind directives.
  private var declaration: Int? {
    var place = 0
    while code.kind(place) == .string { place += code.is(place + 1, ";") ? 2 : 1 }
    guard code.is(place, "var") || code.is(place, "let"), code.kind(place + 1) == .name,
      code.is(place + 2, ";") || code.is(place + 2, ",") || code.is(place + 2, "=")
    else { return nil }
    return place
  }

  /// `define(…)`, `System.register(…)`, `shop(…)` around everything, and the head of UMD.
  private mutating func readWrapper() {
    if code.begins(0, "module", ".", "exports", "=") { type = "commonjs-module" }
    for place in code.all.prefix(120) where type == nil {
      if code.begins(place, "System", ".", "register", "(") {
        (type, name) = ("system", code.string(place + 4))
      } else if code.is(place, "define"), code.is(place + 1, "("), code.parent(place) == nil {
        (type, name) = ("amd", code.string(place + 2))
      } else if code.begins(place, "define", ".", "amd") {
        type = "umd"
        for next in place..<min(place + 60, code.count) where code.is(next, "exports") {
          name = name ?? member(next)
        }
      }
    }
  }

  /// The last assignments of the file.
  private mutating func readEnd() {
    // What hands out stands within the last few words; bundles with a banner have it there too.
    for place in code.all.suffix(120).reversed() where code.is(place, "=") {
      if code.begins(place - 3, "module", ".", "exports") {
        type = "commonjs-module"
        return
      }
      let globals: [(StaticString, String)] = [
        ("exports", "commonjs"), ("window", "window"), ("self", "self"), ("global", "global"),
        ("globalThis", "global"), ("this", "this"),
      ]
      for (word, found) in globals {
        for start in [place - 3, place - 4] where code.is(start, word) && !isChunkList(place) {
          guard let member = member(start) else { continue }
          (type, name) = (found, member)
          return
        }
      }
    }
    let last = code.all.suffix(12).first { code.is($0, "=") && code.isVariable($0 - 1) }
    if let last, code.parent(last) != nil { (type, name) = ("assign", code.text(last - 1)) }
  }

  /// `self.x = self.x || []` hands out nothing.
  private func isChunkList(_ place: Int) -> Bool {
    (place..<min(place + 7, code.count)).contains { code.is($0, "||") }
  }

  /// The name in `x.name` or `x["name"]`.
  private func member(_ place: Int) -> String? {
    if code.is(place + 1, "."), code.kind(place + 2) == .name { return code.text(place + 2) }
    return code.is(place + 1, "[") ? code.string(place + 2) : nil
  }
}
