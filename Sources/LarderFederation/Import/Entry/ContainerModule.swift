/// The module of an entry that has the container's `get` and `init`.
struct ContainerModule {
  private(set) var exposes: [ExposeFacts] = []
  /// The scope that `init` fills; nil where that cannot be seen.
  private(set) var shareScope: String?

  /// Whether it takes `override` in place of `init`, as those of webpack's first test releases do.
  private(set) var isOverridden = false

  /// Whether what it exposes is loaded by `import("./a.js")`, as Vite does.
  private(set) var isOfFiles = false

  /// What every bundler's `get` says of a name that it does not have.
  private static let refusal = Array("does not exist in container".utf8)

  /// - Returns: nil where no module is a container.
  init?(_ shapes: EntryShapes) {
    guard let anchor = Self.anchor(in: shapes.code) else { return nil }
    // In an `eval` build the module is a text within the text.
    if let text = shapes.code.string(anchor), shapes.code.isEvaluated(anchor),
      let code = JavaScriptCode(text), let inner = Self.anchor(in: code)
    {
      read(EntryShapes(code), anchor: inner)
    } else {
      read(shapes, anchor: anchor)
    }
  }

  private static func anchor(in code: JavaScriptCode) -> Int? {
    code.all.first { place in
      switch code.kind(place) {
      case .string, .template, .templateTail: code.contains(refusal, at: place)
      default: false
      }
    }
  }

  private mutating func read(_ shapes: EntryShapes, anchor: Int) {
    let code = shapes.code
    let map =
      Self.askedMap(code, before: anchor) ?? Self.namedMap(code) ?? shapes.exposeMaps.first ?? []
    exposes = map.map { ExposeFacts(name: $0.key, chunks: shapes.chunks(in: $0.value)) }
    isOfFiles = map.contains { $0.value.contains { code.begins($0, "import", "(") } }
    shareScope = Self.shareScope(shapes)
    isOverridden = code.all.contains { place in
      guard code.is(place, "{"), let members = code.members(place) else { return false }
      let keys = Set(members.map(\.key))
      return keys.isSuperset(of: ["get", "override"]) && !keys.contains("init")
    }
  }

  /// The object in which `get` looks: `o(map, name) ? map[name]() : …`.
  private static func askedMap(_ code: JavaScriptCode, before anchor: Int) -> [JavaScriptMember]? {
    // A few dozen words of a condition lie between the two.
    let start = max(0, anchor - 200)
    for place in (start..<anchor).reversed()
    where code.is(place, "(") && (code.is(place - 1, "o") || code.is(place - 1, "call")) {
      guard code.is(place - 2, "."), code.kind(place + 1) == .name, code.is(place + 2, ",") else {
        continue
      }
      if let map = code.definition(of: place + 1).flatMap({ code.members($0) }) {
        return map
      }
    }
    return nil
  }

  /// Rspack's tables have names.
  private static func namedMap(_ code: JavaScriptCode) -> [JavaScriptMember]? {
    code.all.lazy.filter { code.begins($0, "moduleMap", ":", "{") }
      .compactMap { code.members($0 + 2) }.first
  }

  /// `S[name]` with a text, or a variable that holds one; or rspack's `shareScope: "default"`
  /// beside the map.
  private static func shareScope(_ shapes: EntryShapes) -> String? {
    let code = shapes.code
    if let data = shapes.assigned("initializeExposesData").flatMap({ code.members($0) }) {
      return code.value(of: "shareScope", in: data).flatMap { code.string($0) }
    }
    for place in code.all where code.is(place, "S") && code.is(place - 1, ".") {
      if code.is(place + 1, "[") {
        if let name = code.string(place + 2), code.is(place + 3, "]") { return name }
        if code.kind(place + 2) == .name, code.is(place + 3, "]"),
          let value = code.definition(of: place + 2), let name = code.string(value)
        {
          return name
        }
      } else if code.is(place + 1, "."), code.kind(place + 2) == .name {
        return code.text(place + 2)
      }
    }
    return nil
  }
}
