/// What a file of a Vite build asks hosts for by the plugin's `importShared`: the table
/// `{"react": {get: () => …, import: true, requiredVersion: "^18"}}`, which lies in a file of the
/// plugin's own.
struct ViteShares {
  /// Without chunks: any exposed module may need any of them.
  private(set) var consumes: [ConsumeFacts] = []
  /// One for the build's own copy of each package.
  private(set) var chunks: [ChunkFacts] = []

  /// - Parameter folder: of the file, beside which the copies lie.
  init(_ code: JavaScriptCode, folder: String) {
    for place in code.all where code.is(place, "{") {
      guard let table = code.members(place), !table.isEmpty else { continue }
      let rows = table.compactMap { row in code.members(row.value).map { (row.key, $0) } }
      guard rows.count == table.count,
        rows.allSatisfy({ _, members in
          code.value(of: "get", in: members) != nil && code.value(of: "import", in: members) != nil
        })
      else { continue }
      for (key, members) in rows { take(key, members, in: code, folder: folder) }
    }
  }

  private mutating func take(
    _ key: String, _ members: [JavaScriptMember], in code: JavaScriptCode, folder: String
  ) {
    func text(_ name: String) -> String? {
      code.value(of: name, in: members).flatMap { code.string($0) }
    }
    let isOwn = code.value(of: "import", in: members).flatMap { code.boolean($0) } ?? false
    let id = "shared \(key)"
    if isOwn {
      let getter = code.value(of: "get", in: members) ?? 0..<0
      let name = getter.lazy.compactMap { code.string($0) }
        .first { AssetKind(path: $0) == .script && BuildPath.isRelative($0) }
      chunks.append(ChunkFacts(id: id, files: name.map { [BuildPath.joined(folder, $0)] } ?? []))
    }
    // The plugin takes a version out of range for none, and its own copy then.
    let range = text("requiredVersion")
    consumes.append(
      ConsumeFacts(
        module: id, scope: text("shareScope") ?? "default", key: key, range: range,
        strict: range != nil,
        fallback: isOwn ? FallbackFacts(version: text("version"), chunks: [id]) : nil, chunks: []))
  }
}
