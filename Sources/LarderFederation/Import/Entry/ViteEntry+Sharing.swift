extension ViteEntry {
  /// What Module Federation 2 is given to share: `{version, scope, get, shareConfig}` under each
  /// package's name, beside a table of the functions that import the build's own copies. Nothing
  /// for a plugin that shares by code of its own.
  func shared(
    _ exposes: [String]
  ) -> (provides: [ProvideFacts], consumes: [ConsumeFacts], chunks: [ChunkFacts]) {
    let shapes = files.sharing.shapes
    let code = shapes.code
    func text(_ name: String, of members: [JavaScriptMember]) -> String? {
      code.value(of: name, in: members).flatMap { code.string($0) }
    }
    var provides: [ProvideFacts] = []
    var consumes: [ConsumeFacts] = []
    var chunks: [ChunkFacts] = []
    for (key, members) in shapes.versionRecords where !key.isEmpty {
      guard let version = text("version", of: members) else { continue }
      let scope = code.value(of: "scope", in: members).flatMap { code.keys($0)?.first }
      let config = code.value(of: "shareConfig", in: members).flatMap { code.members($0) } ?? []
      func flag(_ name: String) -> Bool {
        code.value(of: name, in: config).flatMap { code.boolean($0) } ?? false
      }
      // `import: false` has a getter that only complains.
      let isOwn = code.value(of: "import", in: config).flatMap { code.boolean($0) } ?? true
      let id = "shared \(key)"
      if isOwn {
        let copy = shapes.module(key).map { scripts(in: $0, of: files.sharing) }
        chunks.append(ChunkFacts(id: id, files: copy ?? []))
        provides.append(
          ProvideFacts(
            scope: scope ?? "default", key: key, version: version, eager: flag("eager"),
            chunks: [id]))
      }
      consumes.append(
        ConsumeFacts(
          module: id, scope: scope ?? "default", key: key,
          range: text("requiredVersion", of: config), strict: flag("strictVersion"),
          singleton: flag("singleton"), eager: flag("eager"),
          fallback: isOwn ? FallbackFacts(version: version, chunks: [id]) : nil, chunks: exposes))
    }
    return (provides, consumes, chunks)
  }

  /// The remotes that the runtime is given, `name@url`: which of their modules are imported is in
  /// other files.
  var remotePlaces: [String] {
    let code = files.sharing.code
    return files.sharing.shapes.remoteRecords.compactMap { _, members in
      let texts = ["name", "entry"].map { name in
        code.value(of: name, in: members).flatMap { code.string($0) }
      }
      guard let name = texts[0], let entry = texts[1] else { return nil }
      return "\(name)@\(entry)"
    }
  }
}
