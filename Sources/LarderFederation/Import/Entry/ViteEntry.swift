/// Reads the entry that a federation plugin of Vite writes: an ECMAScript module whose exposes
/// import files by their names.
///
/// Chunks have no identifiers there: each file is a chunk of its own, named by its path.
struct ViteEntry {
  let files: ViteFiles
  let path: String
  private var code: JavaScriptCode { files.core.code }

  /// - Parameter file: gives the text of another file of the build; tables may be in others.
  /// - Returns: nil for a text of another form.
  init?(_ text: String, path: String, file: (String) -> String?) {
    guard let files = ViteFiles(text, path: path, file: file) else { return nil }
    self.files = files
    self.path = path
  }

  func facts() -> ContainerFacts {
    let isSecond =
      code.has(name: "initShareScopeMap") || !files.sharing.shapes.versionRecords.isEmpty
    var unknown: [UnknownFact] = []
    let name = name
    var facts = ContainerFacts(
      name: name.map(Self.withoutPrefix) ?? "", uniqueName: isSecond ? name : nil, entry: path)
    if isSecond, name != nil { facts.uniqueNameSource = .entry }
    if name == nil { unknown.append(UnknownFact(.name, "the entry does not say it")) }
    facts.bundler = isSecond ? .viteFederation2 : .vite
    facts.ruleSet = isSecond ? (isLoadedFirst ? .mf2LoadedFirst : .mf2VersionFirst) : .webpack
    facts.target = .module
    facts.libraryType = "module"
    facts.publicPath = base ?? "auto"
    var chunks = [ChunkFacts(id: path, files: files.paths(from: path))]
    for expose in files.exposing?.table ?? [] {
      let file = files.exposing?.file ?? files.core
      let found = scripts(in: expose.value, of: file) + styles(of: expose.key, in: file)
      if !found.contains(where: { AssetKind(path: $0) == .script }) {
        unknown.append(UnknownFact(.files, "the plugin left '\(expose.key)' without a file"))
      }
      facts.exposes.append(ExposeFacts(name: expose.key, chunks: [expose.key]))
      chunks.append(ChunkFacts(id: expose.key, files: found))
    }
    if files.exposing == nil { unknown.append(UnknownFact(.exposes, "they are in another file")) }
    let shared = shared(facts.exposes.map(\.name))
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

  /// In the key of the styles that a host asks for, `css__shop__`; else what the runtime is given,
  /// `init({name: shop, remotes: …})`, the name in a variable or not; else as `from` of what is
  /// shared.
  private var name: String? {
    for place in code.all {
      if let text = code.string(place), text.hasPrefix("css__"), text.hasSuffix("__"),
        text.utf8.count > 7
      {
        return String(text.dropFirst(5).dropLast(2))
      }
    }
    for place in code.all where code.begins(place, "name", ":") {
      guard let opener = code.parent(place), code.is(opener - 1, "("),
        let members = code.members(opener), code.value(of: "remotes", in: members) != nil
      else { continue }
      if let text = code.string(place + 2) { return text }
      if let value = code.definition(of: place + 2), let text = code.string(value) { return text }
    }
    let other = files.sharing.code
    return other.all.lazy.filter { other.begins($0, "from", ":") }
      .compactMap { other.string($0 + 2) }.first
  }

  /// Some releases of a plugin give its runtime another name than the configuration does.
  private static func withoutPrefix(_ name: String) -> String {
    let prefix = "__mfe_internal__"
    return name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name
  }

  /// `const base = "/shop/"`.
  private var base: String? {
    code.all.lazy.filter { code.begins($0, "base", "=") }.compactMap { code.string($0 + 2) }.first
  }

  /// Releases that say `strategy: "loaded-first"` elsewhere mean single packages.
  private var isLoadedFirst: Bool {
    code.all.contains {
      code.begins($0, "shareStrategy", ":") && code.string($0 + 2) == "loaded-first"
    }
  }

  /// Styles that are loaded with an exposed module: `{"./Home": ["./home.css"]}` beside its table.
  private func styles(of expose: String, in file: ViteFiles.File) -> [String] {
    file.shapes.idTables.flatMap { $0 }.filter { $0.key == expose }.flatMap(\.ids)
      .filter { AssetKind(path: $0) == .style && BuildPath.isRelative($0) }
      .map { BuildPath.joined(BuildPath.folder(of: file.path), $0) }
  }

  /// Code and styles that a table names: beside its file, or below the base.
  func scripts(in places: Range<Int>, of file: ViteFiles.File) -> [String] {
    let folder = BuildPath.folder(of: file.path)
    var found: [String] = []
    for place in places {
      guard let text = file.code.string(place), !text.contains("{") else { continue }
      let kind = AssetKind(path: text)
      guard kind == .script || kind == .style else { continue }
      let last = String(text.split(separator: "/").last ?? "")
      let name: String
      if text.contains("://") {
        // Built for one place: the files of the entry's folder lie there, too.
        name = folder + last
      } else if text.hasPrefix("/") {
        // From the root of the build; or in the entry's own folder, if that is all that is known.
        let isBelow = base.map { $0.utf8.count > 1 && text.hasPrefix($0) } ?? false
        let below = isBelow ? text.dropFirst(base?.count ?? 0) : text.drop { $0 == "/" }
        name = folder.isEmpty ? last : String(below)
      } else {
        name = BuildPath.joined(folder, text)
      }
      if !found.contains(name) { found.append(name) }
    }
    // The code first, as a chunk's files are listed everywhere.
    return found.filter { AssetKind(path: $0) == .script }
      + found.filter { AssetKind(path: $0) == .style }
  }
}
