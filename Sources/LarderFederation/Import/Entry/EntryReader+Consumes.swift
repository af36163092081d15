extension EntryReader {
  /// What the runtime loads from share scopes, with the chunks that need it.
  func consumes(_ provides: [Registration]) -> [ConsumeFacts] {
    var kinds: [String: LoadKind] = [:]
    var found = shapes.consumeTables.flatMap { $0 }.map { row in
      consume(row.id, row.call, provides, kind(of: row.call.callee, known: &kinds))
    }
    found += shapes.shareRecords.compactMap { consume($0.owner, $0.members, provides) }
    if isOverridden { return overridables() }
    let needs = needs(of: Set(found.map(\.module)))
    let entryChunk = entryChunk
    for index in found.indices {
      let id = found[index].module
      found[index].chunks = needs.compactMap { $0.ids.contains(id) ? $0.chunk : nil }
      // What no table names is in the entry's own chunk.
      if found[index].chunks.isEmpty { found[index].chunks = [entryChunk] }
    }
    return inLoadOrder(found, needs)
  }

  /// As the tables list them: by chunk, then in the order within the chunk.
  private func inLoadOrder(
    _ found: [ConsumeFacts], _ needs: [(chunk: String, ids: [String])]
  ) -> [ConsumeFacts] {
    var places: [String: Int] = [:]
    for id in needs.flatMap(\.ids) where places[id] == nil { places[id] = places.count }
    return found.enumerated().sorted {
      (places[$0.element.module] ?? .max, $0.offset) < (
        places[$1.element.module] ?? .max, $1.offset
      )
    }.map(\.element)
  }

  /// The rows of the tables `{chunk: [module]}` that name one of `ids`.
  func needs(of ids: Set<String>) -> [(chunk: String, ids: [String])] {
    shapes.idTables.filter { table in
      table.contains { !$0.ids.isEmpty } && table.allSatisfy { ids.isSuperset(of: $0.ids) }
    }
    .flatMap { $0.map { (chunk: $0.key, ids: $0.ids) } }
  }

  // MARK: - webpack's own runtime

  private func consume(
    _ id: String, _ call: EntryShapes.Call, _ provides: [Registration], _ kind: LoadKind
  ) -> ConsumeFacts {
    let code = shapes.code
    var consume = ConsumeFacts(
      module: id, scope: code.string(call.arguments[0]) ?? "",
      key: code.string(call.arguments[1]) ?? "", chunks: [])
    for argument in call.arguments.dropFirst(2) {
      if let isEager = code.boolean(argument) {
        consume.eager = isEager
      } else if code.array(argument) != nil {
        consume.range = VersionRange(compiled: argument, in: code)?.description
      } else {
        consume.fallback = fallback(argument, consume, provides)
      }
    }
    // Before 5.93 only the getter shows it: it gives the package at once, and waits for no chunk.
    if !takesEager(call), let getter = call.arguments.last, isSynchronous(getter) {
      consume.eager = isInEntry(getter, provides)
    }
    consume.singleton = kind.isSingleton
    consume.strict = consume.range != nil && !kind.warns
    return consume
  }

  /// One for each function: a table calls one of twelve at most.
  private func kind(of callee: Range<Int>, known: inout [String: LoadKind]) -> LoadKind {
    let name = callee.count == 1 ? shapes.code.text(callee) : ""
    if let kind = known[name] { return kind }
    let kind = LoadKind(callee, in: shapes.code)
    if !name.isEmpty { known[name] = kind }
    return kind
  }

  /// The build's own copy; its version is that of the registration of the same module.
  private func fallback(
    _ getter: Range<Int>, _ consume: ConsumeFacts, _ provides: [Registration]
  ) -> FallbackFacts {
    let module = shapes.module(in: getter)
    let own = provides.first {
      $0.module == module && $0.facts.scope == consume.scope && $0.facts.key == consume.key
    }
    return FallbackFacts(version: own?.facts.version, chunks: shapes.chunks(in: getter))
  }

  /// Whether the functions that load take a truth value in the third place, as from 5.93 on; nil
  /// without such functions.
  var loadTakesEager: Bool? {
    let calls = shapes.consumeTables.flatMap { $0 }.map(\.call)
    guard !calls.isEmpty else { return nil }
    return calls.contains(where: takesEager)
  }

  private func takesEager(_ call: EntryShapes.Call) -> Bool {
    call.arguments.count > 2 && shapes.code.boolean(call.arguments[2]) != nil
  }

  /// A package that lies in the same chunk as what needs it waits for none, either.
  private func isInEntry(_ getter: Range<Int>, _ provides: [Registration]) -> Bool {
    guard let module = shapes.module(in: getter) else { return false }
    return entryShapes.module(module) != nil
      || provides.contains { $0.module == module && $0.facts.eager }
  }

  /// `() => () => require(id)`.
  private func isSynchronous(_ getter: Range<Int>) -> Bool {
    let code = shapes.code
    guard let function = code.function(getter), let result = code.result(of: function) else {
      return false
    }
    return code.function(result) != nil
  }

  // MARK: - Tables of Module Federation 2 and rspack

  /// `{shareKey, shareScope, requiredVersion, …, fallback}`, or with the same within `shareInfo`.
  private func consume(
    _ id: String, _ members: [JavaScriptMember], _ provides: [Registration]
  ) -> ConsumeFacts? {
    let code = shapes.code
    func value(_ name: String, _ members: [JavaScriptMember]) -> Range<Int>? {
      code.value(of: name, in: members)
    }
    guard !id.isEmpty, let key = value("shareKey", members).flatMap({ code.string($0) }) else {
      return nil
    }
    let info = value("shareInfo", members).flatMap { code.members($0) } ?? members
    let config = value("shareConfig", info).flatMap { code.members($0) } ?? info
    let place = value("scope", info) ?? value("shareScope", members)
    let scope = place.flatMap { code.keys($0)?.first ?? code.string($0) } ?? "default"
    func flag(_ name: String) -> Bool { value(name, config).flatMap { code.boolean($0) } ?? false }
    let getter = value("getter", members) ?? value("fallback", members)
    var consume = ConsumeFacts(
      module: id, scope: scope, key: key, range: value("requiredVersion", config).flatMap(range),
      strict: flag("strictVersion"), singleton: flag("singleton"), eager: flag("eager"), chunks: [])
    if let getter, code.function(getter) != nil {
      consume.fallback = fallback(getter, consume, provides)
    }
    return consume
  }

  /// A text, a compiled list, or a call that reads a text: `parseRange("^18")`.
  private func range(_ places: Range<Int>) -> String? {
    let code = shapes.code
    if let text = code.string(places) { return text }
    if code.array(places) != nil { return VersionRange(compiled: places, in: code)?.description }
    return shapes.call(places).flatMap {
      $0.arguments.count == 1 ? code.string($0.arguments[0]) : nil
    }
  }

  // MARK: - Rules

  /// The rules that the code carries.
  func ruleSet(_ facts: ContainerFacts) -> RuleSet {
    if facts.bundler?.hasFederation2 == true {
      return shareStrategy == "loaded-first" ? .mf2LoadedFirst : .mf2VersionFirst
    }
    if facts.consumes.isEmpty { return .webpack }
    // Rspack has tables in place of calls, and functions that know no eager packages.
    return loadTakesEager == true ? .webpack : .webpack575
  }

  private var shareStrategy: String? {
    let code = shapes.code
    for place in code.all
    where code.is(place, "shareStrategy") || code.string(place) == "shareStrategy" {
      if code.is(place + 1, ":"), let text = code.string(place + 2) { return text }
      // Rspack: `early(initOptions, "shareStrategy", () => variable)`.
      if code.is(place + 1, ","),
        let function = code.function((place + 2)..<code.endOfExpression(place + 2)),
        let result = code.result(of: function), result.count == 1
      {
        if let text = code.string(result) { return text }
        let value = code.definition(of: result.lowerBound)
        if let text = value.flatMap({ code.string($0) }) { return text }
      }
    }
    return nil
  }
}
