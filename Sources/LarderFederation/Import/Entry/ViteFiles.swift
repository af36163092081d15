/// The files of a Vite build that tell of its container: the entry, which may do no more than hand
/// on what another file has, and those with the tables of what is exposed and shared.
///
/// They are found along imports, by what is in them: releases of the plugins name them differently,
/// and builds may name them anything.
struct ViteFiles {
  /// Imports of one file that are looked into; entries have a dozen beside their tables.
  private static let followedMax = 32

  /// A file with its code.
  struct File {
    let path: String
    let shapes: EntryShapes
    var code: JavaScriptCode { shapes.code }
  }

  /// What has `get` and `init`: the entry, or the file that it hands on.
  let core: File
  /// What is exposed, and the file with that table; nil where no file at hand has it.
  let exposing: (file: File, table: [JavaScriptMember])?
  /// With what is shared; the core where no other file has it.
  let sharing: File

  /// - Parameter file: gives the text of another file of the build.
  /// - Returns: nil for an entry that is no module with `get` and `init`.
  init?(_ text: String, path: String, file: (String) -> String?) {
    guard let code = JavaScriptCode(text), Self.exports(of: code).isSuperset(of: ["get", "init"])
    else { return nil }
    var read: [String: File] = [:]
    func imports(of other: File, naming word: String) -> [File] {
      Self.imports(of: other, naming: word).prefix(Self.followedMax).compactMap { path in
        if let known = read[path] { return known }
        guard let code = file(path).flatMap({ JavaScriptCode($0) }) else { return nil }
        read[path] = File(path: path, shapes: EntryShapes(code))
        return read[path]
      }
    }
    let entry = File(path: path, shapes: EntryShapes(code))
    let isStub = !code.has(name: "function") && !code.all.contains { code.is($0, "=>") }
    let core = isStub ? imports(of: entry, naming: "entry").first ?? entry : entry
    self.core = core
    if let table = Self.table(in: core.shapes) {
      exposing = (core, table)
    } else {
      exposing =
        imports(of: core, naming: "exposes").lazy
        .compactMap { file in Self.table(in: file.shapes).map { (file, $0) } }.first
    }
    let isSharing = { (file: File) in file.shapes.versionRecords.contains { !$0.owner.isEmpty } }
    guard core.code.has(name: "initShareScopeMap"), !isSharing(core) else {
      sharing = core
      return
    }
    sharing = imports(of: core, naming: "shared").first(where: isSharing) ?? core
  }

  /// All of them, the entry first, each once.
  func paths(from entry: String) -> [String] {
    var found = [entry]
    for path in [core.path, exposing?.file.path ?? entry, sharing.path] where !found.contains(path)
    {
      found.append(path)
    }
    return found
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

  /// Scripts that a file imports, at once or later, those with `word` in their names first.
  private static func imports(of file: File, naming word: String) -> [String] {
    let code = file.code
    var found: [String] = []
    for place in code.all where code.is(place, "from") || code.is(place, "import") {
      let next = code.is(place + 1, "(") ? place + 2 : place + 1
      guard let name = code.string(next), name.hasPrefix("."), AssetKind(path: name) == .script
      else { continue }
      let path = BuildPath.joined(BuildPath.folder(of: file.path), name)
      if path != file.path, !found.contains(path) { found.append(path) }
    }
    let isNamed = { (path: String) in path.lowercased().contains(word) }
    return found.filter(isNamed) + found.filter { !isNamed($0) }
  }

  /// What is exposed: names that begin with a point, or functions that load files which the plugin
  /// named after exposed modules, whose own names may be any.
  private static func table(in shapes: EntryShapes) -> [JavaScriptMember]? {
    if let map = shapes.exposeMaps.first { return map }
    let code = shapes.code
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
}
