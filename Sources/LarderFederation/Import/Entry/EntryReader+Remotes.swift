extension EntryReader {
  /// The modules of other containers that this one imports, in the order of the tables.
  mutating func remotes() -> [RemoteFacts] {
    var found: [RemoteFacts] = []
    let code = shapes.code
    for (id, row) in shapes.remoteTables.flatMap({ $0 }) {
      guard let expose = code.string(row[1]), let external = code.key(row[2]) else { continue }
      let scope = code.key(row[0]) ?? code.keys(row[0])?.first ?? "default"
      add(id, expose, scope, external, to: &found)
    }
    for (id, members) in shapes.remoteModules {
      let values = ["name", "shareScope", "externalModuleId"].map { name in
        code.value(of: name, in: members).flatMap { code.key($0) ?? code.keys($0)?.first }
      }
      guard let expose = values[0], let external = values[2] else { continue }
      add(id, expose, values[1] ?? "default", external, to: &found)
    }
    if isOverridden {
      for row in overriddenRemotes() {
        add(row.id, row.expose, "default", row.external, to: &found)
      }
    }
    let needs = needs(of: Set(found.map(\.module)))
    for index in found.indices {
      let id = found[index].module
      found[index].chunks = needs.compactMap { $0.ids.contains(id) ? $0.chunk : nil }
    }
    var places: [String: Int] = [:]
    for id in needs.flatMap(\.ids) where places[id] == nil { places[id] = places.count }
    return found.sorted { (places[$0.module] ?? .max) < (places[$1.module] ?? .max) }
  }

  private mutating func add(
    _ id: String, _ expose: String, _ scope: String, _ external: String,
    to found: inout [RemoteFacts]
  ) {
    guard !found.contains(where: { $0.module == id }) else { return }
    let locations = locations(of: external, depth: 0)
    for location in locations where location.type == "promise" {
      note(
        .locations,
        "'\(expose)' comes from a container that code finds: \(location.location.prefix(80))")
    }
    let reason = "module '\(external)' is not in the entry"
    if locations.isEmpty, !notes(reason) { note(.locations, reason) }
    found.append(
      RemoteFacts(
        module: id, expose: expose, scope: scope, locations: locations, chunks: []))
  }

  /// Where the module `id` finds a container; several for a list of locations.
  private func locations(of id: String, depth: Int) -> [RemoteLocation] {
    let holder = entryShapes.module(id) == nil ? shapes : entryShapes
    guard let module = holder.module(id) else { return record(of: id).map { [$0] } ?? [] }
    let source = ExternalModule(module, in: holder.code)
    if depth == 0, let ids = source.alternatives(where: { holder.module($0) != nil }) {
      return ids.flatMap { locations(of: $0, depth: 1) }
    }
    if depth == 0, isOverridden, let id = source.wrapped(where: { holder.module($0) != nil }) {
      return locations(of: id, depth: 1)
    }
    return source.location.map { [$0] } ?? []
  }

  /// What the tables of Module Federation 2 say of a remote whose module is not in the entry.
  private func record(of id: String) -> RemoteLocation? {
    let code = shapes.code
    for (_, members) in shapes.remoteRecords {
      guard
        code.value(of: "externalModuleId", in: members).flatMap({ code.key($0) }) == id,
        let name = code.value(of: "name", in: members).flatMap({ code.string($0) })
      else { continue }
      let type = code.value(of: "externalType", in: members).flatMap { code.string($0) }
      let entry = shapes.remoteRecords.lazy.compactMap { _, other -> String? in
        guard code.value(of: "name", in: other).flatMap({ code.string($0) }) == name else {
          return nil
        }
        return code.value(of: "entry", in: other).flatMap { code.string($0) }
      }.first
      return RemoteLocation(type: type ?? "script", location: entry.map { "\(name)@\($0)" } ?? name)
    }
    return nil
  }
}
