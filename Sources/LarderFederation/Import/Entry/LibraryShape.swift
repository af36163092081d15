/// How an entry hands out what it exports: `library.type` and `library.name`, from the ends of the
/// file.
struct LibraryShape {
  /// webpack's name of the type; nil for a form that is not known.
  private(set) var type: String?
  /// The name under which it is handed out; nil where the type needs none.
  private(set) var name: String?
  /// Names from the global object on, the last being `name`; nil where it is not left there.
  private(set) var path: [String]?

  private let code: JavaScriptCode

  init(_ code: JavaScriptCode) {
    self.code = code
    if code.all.contains(where: { code.is($0, "export") && code.parent($0) == nil }) {
      type = "module"
    } else if let start = declaration {
      let root = code.text(start + 1)
      hand(out: "var", at: property(of: root) ?? [root])
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
      if code.is(place + 1, "exports"), !code.is(place + 2, "."), !code.is(place + 2, "[") {
        type = "commonjs"
        return
      }
      guard let path = path(before: place), let last = path.last, !isChunkList(place) else {
        continue
      }
      let types = [
        "exports": "commonjs", "window": "window", "self": "self", "global": "global",
        "globalThis": "global", "this": "this",
      ]
      if path.count > 1, let found = types[path[0]] {
        // An object of modules is nothing that a page has.
        if found == "commonjs" {
          (type, name) = (found, last)
        } else {
          hand(out: found, at: Array(path.dropFirst()))
        }
        return
      }
      // A variable, and nothing but brackets behind it.
      guard place + 12 >= code.count, code.parent(place) != nil, code.kind(place + 1) == .name,
        !code.is(place + 2, "("), !code.is(place + 2, ".")
      else { continue }
      hand(out: "assign", at: path)
      return
    }
  }

  private mutating func hand(out type: String, at path: [String]) {
    (self.type, name, self.path) = (type, path.last, path)
  }

  /// The name that a declared variable gets a property of: `(all = void 0 === all ? {} : all).shop =
  /// …`, where several containers share one global.
  private func property(of root: String) -> [String]? {
    for place in code.all.suffix(120).reversed()
    where code.is(place, "=") && !isChunkList(place) {
      guard let path = path(before: place), path.count > 1, path[0] == root else { continue }
      return path
    }
    return nil
  }

  /// The names in `a.b["c"] =`, those of `(a = …).b =` too; nil for any other target.
  private func path(before place: Int) -> [String]? {
    var names: [String] = []
    var place = place - 1
    while true {
      if code.is(place, "]"), code.partner(place) == place - 2, let name = code.string(place - 1) {
        names.insert(name, at: 0)
        place -= 3
      } else if code.is(place, ")"), let opener = code.partner(place), opener < place,
        !names.isEmpty
      {
        let inner = code.inside(opener).first { code.is($0, "=") && code.parent($0) == opener }
        return inner.flatMap { path(before: $0) }.map { $0 + names }
      } else if code.kind(place) == .name {
        names.insert(code.text(place), at: 0)
        if code.isVariable(place) { return names }
        place -= 2
      } else {
        return nil
      }
    }
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
