/// The files and chunks that a piece of generated code names.
struct ScriptReferences {
  /// In `require.e("a")`.
  private(set) var chunks: [String] = []
  /// In `require.u("a")`: chunks that something else than the runtime loads.
  private(set) var workers: [String] = []
  /// In `require.p + "a.svg"`: below the public path.
  private(set) var assets: [String] = []
  /// In `new URL("./a.svg", import.meta.url)`: beside this file.
  private(set) var neighbours: [String] = []
  /// In `import "./a.js"` and `export … from "./a.js"`: beside this file, and loaded with it.
  private(set) var imports: [String] = []
  /// In `import("./a.js")`: beside this file, and loaded later.
  private(set) var lazyImports: [String] = []
  /// In the list with which Vite loads ahead what an `import()` needs.
  private(set) var preloads: [String] = []
  /// `import(…)` of what is put together when it runs.
  private(set) var computedImports: [String] = []
  /// What else is.
  private(set) var openEnds: [String] = []

  private let code: JavaScriptCode
  /// Whether the file has a runtime, whose own functions put URLs together.
  let isRuntime: Bool

  init(_ code: JavaScriptCode) {
    self.init(code, isRuntime: code.all.contains { code.begins($0, ".", "u", "=") }, isText: false)
  }

  /// - Parameter isText: a module of an `eval` build: those hold no texts that are evaluated in turn,
  ///   and import through the runtime alone.
  private init(_ code: JavaScriptCode, isRuntime: Bool, isText: Bool) {
    self.code = code
    self.isRuntime = isRuntime
    var texts: [JavaScriptCode] = []
    for place in code.all {
      if code.is(place - 1, "."), code.kind(place - 2) == .name {
        readMember(place)
        if !isText, code.is(place, "v"), code.is(place + 1, "("), !isRuntime, isModuleCall(place) {
          openEnds.append("WebAssembly that the runtime names: \(shown(place - 2))")
        }
      } else if isText {
        continue
      } else if code.kind(place) == .string {
        if code.isEvaluated(place), let text = code.string(place), let inner = JavaScriptCode(text)
        {
          texts.append(inner)
        }
        readNeighbour(place)
      } else if code.begins(place, "import", "("), code.kind(place + 2) != .string {
        if !isRuntime, code.kind(place + 2) != .template {
          computedImports.append("import of what is computed: \(shown(place))")
        }
      }
    }
    for text in texts { take(ScriptReferences(text, isRuntime: isRuntime, isText: true)) }
  }

  /// `require.e(…)` and the like.
  private mutating func readMember(_ place: Int) {
    if code.is(place, "e"), code.is(place + 1, "(") { readEnsure(place) }
    if code.is(place, "e"), code.begins(place - 4, "map", "(") { readList(place) }
    if code.is(place, "u"), code.is(place + 1, "("), let id = code.key(place + 2) {
      workers.append(id)
    }
    if code.is(place, "p"), code.is(place + 1, "+") { readAsset(place) }
    // `m.f = ["assets/a.js", "assets/a.css"]` in `__vite__mapDeps`, or `viteFileDeps` before.
    if code.is(place, "f") || code.is(place, "viteFileDeps"), code.begins(place + 1, "=", "["),
      code.is(place, "viteFileDeps") || code.has(name: "__vite__mapDeps"),
      let names = code.keys((place + 2)..<code.endOfExpression(place + 2))
    {
      preloads += names
    }
  }

  private mutating func take(_ other: ScriptReferences) {
    chunks += other.chunks
    workers += other.workers
    assets += other.assets
    neighbours += other.neighbours
    imports += other.imports
    lazyImports += other.lazyImports
    computedImports += other.computedImports
    openEnds += other.openEnds
  }

  // MARK: - Chunks

  private mutating func readEnsure(_ place: Int) {
    guard let closer = code.partner(place + 1) else { return }
    let argument = code.inside(place + 1)
    let isAwaited = code.is(closer + 1, ".") || code.parent(place).map { code.is($0, "[") } == true
    if let id = code.key(place + 2), argument.count == 1 || code.is(place + 3, ",") {
      if isAwaited || code.is(closer + 1, ")") || code.is(closer + 1, ";") { chunks.append(id) }
    } else if argument.count == 4, code.is(place + 3, "["), let index = code.number(place + 4) {
      readTables(from: Int(index), to: Int(index) + 1, place)
    } else if isAwaited, !isRuntime {
      openEnds.append("a chunk that is computed: \(shown(place - 2))")
    }
  }

  /// `ids.slice(1).map(require.e)`.
  private mutating func readList(_ place: Int) {
    guard code.begins(place - 5, "."), code.is(place - 6, ")"), let number = code.number(place - 7)
    else { return }
    readTables(from: Int(number), to: .max, place)
  }

  /// The chunks in `{"./a.js": [module, chunk]}` of modules that choose at run time.
  private mutating func readTables(from start: Int, to end: Int, _ place: Int) {
    var isFound = false
    for opener in code.all where code.is(opener, "{") {
      guard let members = code.members(opener), let first = members.first,
        first.key.hasPrefix("./") || first.key.hasPrefix("../")
      else { continue }
      for member in members {
        guard let ids = code.keys(member.value), ids.count > start else { continue }
        chunks += ids[start..<min(end, ids.count)]
        isFound = true
      }
    }
    if !isFound, !isRuntime { openEnds.append("a chunk that is computed: \(shown(place - 2))") }
  }

  // MARK: - Files

  private mutating func readAsset(_ place: Int) {
    if let name = code.string(place + 2), !code.is(place + 3, "+") {
      if BuildPath.isRelative(name) { assets.append(name) }
    } else if !isRuntime, !code.begins(place + 3, ".", "u", "(") {
      openEnds.append("a file that is computed: \(shown(place - 2))")
    }
  }

  /// A name in `import`, `from` or `new URL(…, import.meta.url)`.
  private mutating func readNeighbour(_ place: Int) {
    guard let name = code.string(place), BuildPath.isRelative(name) else { return }
    if code.is(place - 1, "from") || code.is(place - 1, "import") {
      if name.hasPrefix(".") { imports.append(name) }
    } else if code.begins(place - 2, "import", "(") {
      if name.hasPrefix(".") { lazyImports.append(name) }
    } else if code.begins(place - 3, "new", "URL", "("),
      code.begins(place + 1, ",", "import", ".", "meta")
    {
      neighbours.append(name)
    }
  }

  private func isModuleCall(_ place: Int) -> Bool {
    code.split(code.inside(place + 1)).count >= 3
  }

  private func shown(_ place: Int) -> String {
    String(code.text(max(0, place)..<min(code.count, place + 12)).prefix(60))
  }
}
