extension EntryReader {
  /// Name, unique name and library.
  mutating func readNames(into facts: inout ContainerFacts) {
    let library = LibraryShape(entry)
    facts.libraryType = library.type
    facts.libraryPath = library.path.flatMap { $0.count > 1 ? $0 : nil }
    if library.type == nil { note(.library, "the ends of the entry have a form that is not known") }
    facts.chunkGlobal = runtime.chunkGlobal
    facts.target = runtime.target
    // Module Federation 2 registers packages under the container's name.
    let registered = facts.bundler?.hasFederation2 == true ? federationName : nil
    let uniqueName = registered ?? runtime.uniqueName ?? federationName
    let found = library.name ?? federationName ?? moduleName ?? uniqueName
    if let name = found ?? facts.chunkGlobal.map(Self.withoutPrefix) {
      facts.name = name
    } else {
      note(.name, "neither library nor runtime name the container")
    }
    if library.name == nil, federationName == nil, moduleName == nil, !facts.name.isEmpty {
      note(.name, "the library has none; assumed to be the unique name")
    }
    facts.runtime = facts.name
    if let uniqueName {
      (facts.uniqueName, facts.uniqueNameSource) = (uniqueName, .entry)
    } else {
      facts.uniqueName = facts.chunkGlobal.map(Self.withoutPrefix) ?? facts.name
      // Without sharing nobody compares it.
      if hasSharing { note(.uniqueName, "the runtime does not say it; assumed to be the name") }
    }
  }

  /// `initOptions` of Module Federation 2 has the container's name.
  private var federationName: String? {
    let code = shapes.code
    for place in code.all
    where code.begins(place, "initOptions", ":") || code.begins(place, "initOptions", "=") {
      guard let members = code.members(place + 2) else { continue }
      if let name = code.value(of: "name", in: members).flatMap({ code.string($0) }) {
        return name
      }
    }
    return rspackName
  }

  /// Rspack's runtime has it in a variable: `early(initOptions, "name", () => name)`.
  private var rspackName: String? {
    let code = shapes.code
    for place in code.all
    where code.is(place, "initOptions") && code.is(place + 1, ",")
      && code.string(place + 2) == "name"
    {
      guard let function = code.function((place + 4)..<code.endOfExpression(place + 4)),
        let result = code.result(of: function), result.count == 1
      else { continue }
      if let name = code.string(result) { return name }
      return code.definition(of: result.lowerBound).flatMap { code.string($0) }
    }
    return nil
  }

  /// The container's module in builds that name modules: `webpack/container/entry/shop`.
  private var moduleName: String? {
    let prefix = "webpack/container/entry/"
    return entry.all.lazy.compactMap { place in
      entry.string(place).flatMap {
        $0.hasPrefix(prefix) ? String($0.dropFirst(prefix.count)) : nil
      }
    }.first
  }

  private static func withoutPrefix(_ global: String) -> String {
    for prefix in ["webpackChunk_", "webpackChunk", "webpackJsonp", "rspackChunk", "chunk_"]
    where global.hasPrefix(prefix) {
      return String(global.dropFirst(prefix.count))
    }
    return global
  }

  // MARK: - Public path

  /// `auto`, or the text that the runtime was given; empty where it has none.
  mutating func publicPath() -> String {
    let code = shapes.code
    var found: String?
    for place in shapes.assignments["p"] ?? [] {
      let value = (place + 2)..<code.endOfExpression(place + 2)
      var expression = ConstantExpression(value, of: code, variables: [:])
      if let text = expression.value().written {
        found = found ?? text
      } else if isAutomatic(place) {
        found = found ?? "auto"
        noteDepth(value)
      } else {
        let text = code.text(value).prefix(80)
        note(.publicPath, "it is set at run time: \(text)")
      }
    }
    return found ?? ""
  }

  /// Where the entry has folders of its own the runtime goes up from them, `p = folder + "../../"`: a
  /// path without them is not below the root of the build.
  private mutating func noteDepth(_ value: Range<Int>) {
    let code = shapes.code
    let up = value.lazy.compactMap { code.string($0) }.first { $0.hasPrefix("../") } ?? ""
    let depth = up.split(separator: "/").count
    guard depth > path.split(separator: "/").count - 1 else { return }
    note(
      .files, "the entry lies \(depth) folders below the root of its build, which is to be named")
  }

  /// The runtime's own way of finding the folder of the script complains where it cannot.
  private func isAutomatic(_ place: Int) -> Bool {
    let code = shapes.code
    let complaint = Array("Automatic publicPath is not supported".utf8)
    let opener = code.parent(place)
    let around = opener.map { code.inside($0) } ?? max(0, place - 600)..<place
    return around.contains { code.kind($0) == .string && code.contains(complaint, at: $0) }
  }
}
