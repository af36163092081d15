/// Reads the entry that a federation plugin of Vite writes: an ECMAScript module whose exposes
/// import files by their names.
///
/// Chunks have no identifiers there: each file is a chunk of its own, named by its path.
struct ViteEntry {
  let shapes: EntryShapes
  let path: String
  private let exposes: [JavaScriptMember]
  private let exposesCode: JavaScriptCode
  private let exposesPath: String
  var code: JavaScriptCode { shapes.code }

  /// - Parameter file: gives the text of another file of the build; the exposes may be in one.
  /// - Returns: nil for a text of another form.
  init?(_ text: String, path: String, file: (String) -> String?) {
    guard let code = JavaScriptCode(text), Self.exports(of: code).isSuperset(of: ["get", "init"])
    else { return nil }
    shapes = EntryShapes(code)
    self.path = path
    if let map = shapes.exposeMaps.first ?? Self.namedMap(code) {
      (exposes, exposesCode, exposesPath) = (map, code, path)
      return
    }
    let folder = BuildPath.folder(of: path)
    for place in code.all where code.is(place, "from") || code.is(place, "import") {
      guard let name = code.string(place + 1), name.hasPrefix("."),
        name.lowercased().contains("exposes")
      else { continue }
      let other = BuildPath.joined(folder, name)
      guard let inner = file(other).flatMap({ JavaScriptCode($0) }) else { continue }
      (exposes, exposesCode, exposesPath) = (
        EntryShapes(inner).exposeMaps.first ?? [], inner, other
      )
      return
    }
    (exposes, exposesCode, exposesPath) = ([], code, path)
  }

  /// The names that `export {a as b, c}` and `export const d` give.
  private static func exports(of code: JavaScriptCode) -> Set<String> {
    var names: Set<String> = []
    for place in code.all where code.is(place, "export") && code.parent(place) == nil {
      if code.is(place + 1, "{") {
        for piece in code.split(code.inside(place + 1)) where !piece.isEmpty {
          names.insert(code.text(piece.upperBound - 1))
        }
      } else {
        let isAsync = code.is(place + 1, "async")
        names.insert(code.text(place + (isAsync ? 3 : 2)))
      }
    }
    return names
  }

  /// The object whose functions load files that the plugin named after exposed modules: their own
  /// names may be any.
  private static func namedMap(_ code: JavaScriptCode) -> [JavaScriptMember]? {
    let mark = Array("__federation_expose_".utf8)
    for place in code.all where code.is(place, "{") {
      guard let members = code.members(place), let first = members.first,
        code.function(first.value) != nil,
        first.value.contains(where: { code.kind($0) == .string && code.contains(mark, at: $0) })
      else { continue }
      return members
    }
    return nil
  }

  func facts() -> ContainerFacts {
    let isSecond = code.has(name: "initShareScopeMap") || !shapes.versionRecords.isEmpty
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
      let files = files(in: expose.value, of: exposesCode, at: exposesPath)
      if !files.contains(where: { AssetKind(path: $0) == .script }) {
        unknown.append(UnknownFact(.files, "the plugin left '\(expose.key)' without a file"))
      }
      facts.exposes.append(ExposeFacts(name: expose.key, chunks: [expose.key]))
      chunks.append(ChunkFacts(id: expose.key, files: files))
    }
    if exposes.isEmpty { unknown.append(UnknownFact(.exposes, "they are in another file")) }
    let shared = shared(exposes.map(\.key))
    facts.provides = shared.provides
    facts.consumes = shared.consumes
    facts.chunks = chunks + shared.chunks
    for name in facts.chunks.flatMap(\.files)
    where !facts.assets.contains(where: { $0.name == name }) {
      facts.assets.append(AssetFacts(name: name, size: nil))
    }
    if !isSecond {
      unknown.append(UnknownFact(.uniqueName, "there is none; taken to be the name"))
      unknown.append(UnknownFact(.ruleSet, "the plugin takes the first version that fits"))
      unknown.append(UnknownFact(.consumes, "they are in the plugin's own file"))
    }
    let places = remotePlaces
    let from = places.isEmpty ? "" : ", of \(places.joined(separator: ", "))"
    unknown.append(UnknownFact(.remotes, "the files of the exposed modules ask for them\(from)"))
    unknown.append(UnknownFact(.locations, "the files of the exposed modules have them\(from)"))
    unknown.append(UnknownFact(.needs, "which exposed module needs which package is in its files"))
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

  /// Code and styles that an expose names: beside the entry, or below the base.
  func files(in places: Range<Int>, of code: JavaScriptCode, at path: String) -> [String] {
    var found: [String] = []
    for place in places {
      guard let text = code.string(place), !text.contains("{") else { continue }
      let kind = AssetKind(path: text)
      guard kind == .script || kind == .style else { continue }
      let file: String
      if let base, base.utf8.count > 1, text.hasPrefix(base) {
        file = String(text.dropFirst(base.count))
      } else if text.hasPrefix("/") {
        file = String(text.drop { $0 == "/" })
      } else if text.contains("://") {
        // Built for one place: the files of the entry's folder lie there, too.
        file = BuildPath.folder(of: path) + (text.split(separator: "/").last ?? "")
      } else {
        file = BuildPath.joined(BuildPath.folder(of: path), text)
      }
      if !found.contains(file) { found.append(file) }
    }
    // The code first, as a chunk's files are listed everywhere.
    return found.filter { AssetKind(path: $0) == .script }
      + found.filter { AssetKind(path: $0) == .style }
  }
}
