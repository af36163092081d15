/// A module that stands for a container elsewhere, and what its code says about where that is.
struct ExternalModule {
  /// The most of an expression that is kept where only running it would tell.
  private static let textMax = 400

  private let code: JavaScriptCode
  private let body: Range<Int>

  /// - Parameter module: the function; in an `eval` build its text is read instead.
  init(_ module: Range<Int>, in code: JavaScriptCode) {
    for place in module where code.kind(place) == .string && code.isEvaluated(place) {
      if let text = code.string(place), let inner = JavaScriptCode(text) {
        self.code = inner
        body = inner.all
        return
      }
    }
    self.code = code
    body = module
  }

  /// The modules of which the first that loads is taken; nil for a module of another form.
  func alternatives(where isModule: (String) -> Bool) -> [String]? {
    for place in body where code.is(place, "[") {
      guard let end = code.partner(place), let ids = code.keys(place..<(end + 1)), !ids.isEmpty,
        ids.allSatisfy(isModule)
      else { continue }
      return ids
    }
    return nil
  }

  /// The module that is handed on, `require(id)`; nil for a module of another form.
  func wrapped(where isModule: (String) -> Bool) -> String? {
    body.lazy.filter { code.is($0, "(") && code.isVariable($0 - 1) && code.is($0 + 2, ")") }
      .compactMap { code.key($0 + 1) }.first(where: isModule)
  }

  /// Nil for a module that exports nothing which could be a container.
  var location: RemoteLocation? { script ?? exported }

  /// `load("https://…/remoteEntry.js", callback, "shop")`.
  private var script: RemoteLocation? {
    for place in body where code.is(place, "l") && code.is(place - 1, ".") {
      guard code.is(place + 1, "(") else { continue }
      let arguments = code.split(code.inside(place + 1))
      guard arguments.count >= 3, let name = code.string(arguments[2]) else { continue }
      guard let url = code.string(arguments[0]) ?? address(arguments[0]) else {
        return RemoteLocation(type: "promise", location: code.text(arguments[0]))
      }
      return RemoteLocation(type: "script", location: "\(name)@\(url)")
    }
    return nil
  }

  /// The URL behind `place.href` where that is `new URL("https://…")`, as Next.js writes it: what is
  /// added to it is for caches.
  private func address(_ value: Range<Int>) -> String? {
    guard code.begins(value.lowerBound + 1, ".", "href"),
      let made = code.definition(of: value.lowerBound)?.lowerBound,
      code.begins(made, "new", "URL", "(")
    else { return nil }
    return code.string(made + 3)
  }

  private var exported: RemoteLocation? {
    for place in body where code.begins(place, ".", "exports", "=") {
      let value = code.unwrapped((place + 3)..<code.endOfExpression(place + 3))
      return location(of: value)
    }
    return nil
  }

  private func location(of value: Range<Int>) -> RemoteLocation? {
    let first = value.lowerBound
    if code.is(first, "require"), code.is(first + 1, "("), let request = code.string(first + 2) {
      return RemoteLocation(type: "commonjs-module", location: request)
    }
    if code.is(first, "import"), code.is(first + 1, "("), let request = code.string(first + 2) {
      return RemoteLocation(type: "import", location: request)
    }
    let text = String(code.text(value).prefix(Self.textMax))
    guard code.kind(first) == .name, let path = path(value) else {
      return RemoteLocation(type: "promise", location: text)
    }
    if path.count == 1, let url = namespaceImport(path[0]) {
      return RemoteLocation(type: "module", location: url)
    }
    let globals = ["window", "self", "global", "globalThis", "this"]
    if path.count > 1, globals.contains(path[0]) {
      let type = path[0] == "globalThis" ? "global" : path[0]
      return RemoteLocation(type: type, location: path.dropFirst().joined(separator: "."))
    }
    return RemoteLocation(type: "var", location: path.joined(separator: "."))
  }

  /// `a.b["c"]`; nil for anything else.
  private func path(_ value: Range<Int>) -> [String]? {
    var names = [code.text(value.lowerBound)]
    var place = value.lowerBound + 1
    while place < value.upperBound {
      if code.is(place, "."), code.kind(place + 1) == .name {
        names.append(code.text(place + 1))
        place += 2
      } else if code.is(place, "["), let name = code.string(place + 1) {
        names.append(name)
        place += 3
      } else {
        return nil
      }
    }
    return names
  }

  /// The request of `import * as name from "…"` at the top of the file.
  private func namespaceImport(_ name: String) -> String? {
    for place in code.all where code.begins(place, "import", "*", "as") {
      if code.text(place + 3) == name, code.is(place + 4, "from") { return code.string(place + 5) }
    }
    return nil
  }
}
