/// Reads the entry that a federation plugin of Vite writes: an ECMAScript module whose exposes
/// import files by their names.
///
/// Chunks have no identifiers there: each file is a chunk of its own, named by its path.
struct ViteEntry {
  private let code: JavaScriptCode
  private let path: String
  private let exposes: [JavaScriptMember]
  private let exposesCode: JavaScriptCode
  private let exposesPath: String
  private let versions: [(owner: String, members: [JavaScriptMember])]

  /// - Parameter file: gives the text of another file of the build; the exposes may be in one.
  /// - Returns: nil for a text of another form.
  init?(_ text: String, path: String, file: (String) -> String?) {
    guard let code = JavaScriptCode(text), Self.isContainer(code) else { return nil }
    let shapes = EntryShapes(code)
    self.code = code
    self.path = path
    versions = shapes.versionRecords
    if let map = shapes.exposeMaps.first {
      (exposes, exposesCode, exposesPath) = (map, code, path)
      return
    }
    let folder = Self.folder(of: path)
    for place in code.all where code.is(place, "from") || code.is(place, "import") {
      guard let name = code.string(place + 1), name.hasPrefix("."),
        name.lowercased().contains("exposes")
      else { continue }
      let other = Self.joined(folder, name)
      guard let inner = file(other).flatMap({ JavaScriptCode($0) }) else { continue }
      (exposes, exposesCode, exposesPath) = (
        EntryShapes(inner).exposeMaps.first ?? [], inner, other
      )
      return
    }
    (exposes, exposesCode, exposesPath) = ([], code, path)
  }

  /// Exports `get` and `init`, and says what Vite's plugins say.
  private static func isContainer(_ code: JavaScriptCode) -> Bool {
    let words = [
      Array("Can not find remote module".utf8), Array("does not exist in container".utf8),
    ]
    guard code.all.contains(where: { code.is($0, "export") && code.parent($0) == nil }) else {
      return false
    }
    return code.all.contains { place in
      switch code.kind(place) {
      case .string, .template, .templateTail: words.contains { code.contains($0, at: place) }
      default: false
      }
    }
  }

  func facts() -> ContainerFacts {
    let isSecond = code.has(name: "initShareScopeMap") || !versions.isEmpty
    var unknown: [UnknownFact] = []
    var facts = ContainerFacts(name: name ?? "", entry: path)
    if name == nil { unknown.append(UnknownFact(.name, "the entry does not say it")) }
    facts.bundler = isSecond ? .viteFederation2 : .vite
    facts.ruleSet = isSecond ? (isLoadedFirst ? .mf2LoadedFirst : .mf2VersionFirst) : .webpack
    facts.target = .module
    facts.libraryType = "module"
    facts.publicPath = base ?? "auto"
    var chunks = [ChunkFacts(id: path, files: [path])]
    for expose in exposes {
      let files = files(in: expose.value)
      if !files.contains(where: { AssetKind(path: $0) == .script }) {
        unknown.append(UnknownFact(.files, "the plugin left '\(expose.key)' without a file"))
      }
      facts.exposes.append(ExposeFacts(name: expose.key, chunks: [expose.key]))
      chunks.append(ChunkFacts(id: expose.key, files: files))
    }
    if exposes.isEmpty { unknown.append(UnknownFact(.exposes, "they are in another file")) }
    facts.provides = provides
    facts.chunks = chunks
    for name in chunks.flatMap(\.files) where !facts.assets.contains(where: { $0.name == name }) {
      facts.assets.append(AssetFacts(name: name, size: nil))
    }
    if !isSecond {
      let reason = "Vite's plugin shares by code of its own, in other files"
      unknown.append(UnknownFact(.ruleSet, reason))
      unknown.append(UnknownFact(.provides, reason))
    }
    for fact in [Fact.consumes, .remotes, .locations, .needs] {
      unknown.append(UnknownFact(fact, "they are in the files of the exposed modules"))
    }
    for fact in [Fact.opens, .order] {
      unknown.append(UnknownFact(fact, "the code of the chunks was not read"))
    }
    facts.reading = Reading(source: .code, unknown: unknown)
    return facts
  }

  // MARK: - What the code says

  /// In the key of the styles that a host asks for, `css__shop__`, or as `from` of what is shared.
  private var name: String? {
    for place in code.all {
      if let text = code.string(place), text.hasPrefix("css__"), text.hasSuffix("__"),
        text.utf8.count > 7
      {
        return String(text.dropFirst(5).dropLast(2))
      }
    }
    for place in code.all where code.begins(place, "from", ":") || code.begins(place, "name", ":") {
      if code.is(place, "from"), let text = code.string(place + 2) { return text }
      // What the runtime is given: `init({name: shop, remotes: …})`, the name in a variable or not.
      guard let opener = code.parent(place), code.is(opener - 1, "("),
        let members = code.members(opener), code.value(of: "remotes", in: members) != nil
      else { continue }
      if let text = code.string(place + 2) { return text }
      if let value = code.definition(of: place + 2), let text = code.string(value) { return text }
    }
    return nil
  }

  /// `const base = "/shop/"`.
  private var base: String? {
    code.all.lazy.filter { code.begins($0, "base", "=") }.compactMap { code.string($0 + 2) }.first
  }

  private var isLoadedFirst: Bool { code.all.contains { code.string($0) == "loaded-first" } }

  private var provides: [ProvideFacts] {
    versions.compactMap { owner, members in
      guard !owner.isEmpty,
        let version = code.value(of: "version", in: members).flatMap({ code.string($0) })
      else { return nil }
      let scope = code.value(of: "scope", in: members).flatMap { code.keys($0)?.first }
      return ProvideFacts(
        scope: scope ?? "default", key: owner, version: version, chunks: [])
    }
  }

  /// Code and styles that an expose names: beside the entry, or below the base.
  private func files(in places: Range<Int>) -> [String] {
    var found: [String] = []
    for place in places {
      guard let text = exposesCode.string(place), !text.contains("{") else { continue }
      let kind = AssetKind(path: text)
      guard kind == .script || kind == .style else { continue }
      let file: String
      if let base, base.utf8.count > 1, text.hasPrefix(base) {
        file = String(text.dropFirst(base.count))
      } else if text.hasPrefix("/") {
        file = String(text.drop { $0 == "/" })
      } else if text.contains("://") {
        continue
      } else {
        file = Self.joined(Self.folder(of: exposesPath), text)
      }
      if !found.contains(file) { found.append(file) }
    }
    // The code first, as a chunk's files are listed everywhere.
    return found.filter { AssetKind(path: $0) == .script }
      + found.filter { AssetKind(path: $0) == .style }
  }

  /// With its slash; empty for a file at the root.
  private static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
  }

  /// `name` beside the files of `folder`, `./` and `../` worked out; never above the root.
  static func joined(_ folder: String, _ name: String) -> String {
    var parts = folder.split(separator: "/")
    for part in name.split(separator: "/") {
      switch part {
      case ".": continue
      case "..": _ = parts.popLast()
      default: parts.append(part)
      }
    }
    return parts.joined(separator: "/")
  }
}
