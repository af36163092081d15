/// Containers of webpack's test releases before share scopes: hosts hand them packages by name,
/// with `override`, and they have neither versions nor scopes.
extension EntryReader {
  /// The packages that such a runtime asks for, with its own copies: `f.overridables` looks into
  /// three tables, `given[names[id]] || copies[id]` for each `id` in `chunks[chunk]`.
  func overridables() -> [ConsumeFacts] {
    let code = shapes.code
    guard let handler = runtime.handler("overridables"),
      let place = handler.first(where: {
        code.begins($0, ".", "O", "[") && code.is($0 + 4, "[")
      }),
      let end = code.partner(place + 2), let names = table(place + 3)
    else { return [] }
    let copies = code.is(end + 1, "||") ? table(end + 2) ?? [] : []
    let chunks = handler.first { code.begins($0, ".", "o", "(") }.flatMap { table($0 + 3) } ?? []
    return names.compactMap { row in
      guard let key = code.string(row.value) else { return nil }
      let copy = code.value(of: row.key, in: copies)
      let needing = chunks.filter { code.keys($0.value)?.contains(row.key) ?? false }.map(\.key)
      // What needs no chunk is in the entry's own, and so is its copy.
      return ConsumeFacts(
        module: row.key, scope: "default", key: key, eager: copy == nil,
        fallback: FallbackFacts(version: nil, chunks: copy.map { shapes.chunks(in: $0) } ?? []),
        chunks: needing.isEmpty ? [entryChunk] : needing)
    }
  }

  private func table(_ place: Int) -> [JavaScriptMember]? {
    shapes.code.definition(of: place).flatMap { shapes.code.members($0) }
  }

  /// The modules of other containers in such a runtime: `{id: [wrapper, "name"]}`, where the
  /// wrapper hands packages over, or `{id: [wrapper, external, "name"]}`.
  func overriddenRemotes() -> [(id: String, expose: String, external: String)] {
    let code = shapes.code
    guard let handler = runtime.handler("remotes"),
      let place = handler.first(where: {
        code.begins($0, ".", "get", "(") && code.is($0 + 4, "[")
      }),
      let index = code.number(place + 5).flatMap({ Int(exactly: $0) }), index > 0,
      // `data = rows[id]`, then `require(data[0]).get(data[1])`.
      let row = code.definition(of: place + 3), let rows = table(row.lowerBound)
    else { return [] }
    return rows.compactMap { row in
      guard let cells = code.keys(row.value), cells.count == index + 1 else { return nil }
      return (id: row.key, expose: cells[index], external: cells[index - 1])
    }
  }
}
