import LarderCore

/// What one build of a container has otherwise than another.
package struct ContainerDifference: Codable, Hashable, Sendable {
  /// Something that both have, and not alike; nil on one side where only the other has it.
  package struct Change: Codable, Hashable, Sendable {
    package var name: String
    package var before: String?
    package var after: String?
  }

  /// The builds' target; nil where they do not tell.
  package var target: ContainerTarget?
  /// Modules that others may import.
  package var exposes: [Change]
  /// Versions of packages that the container offers.
  package var provides: [Change]
  /// Ranges of packages that it asks for.
  package var consumes: [Change]
  /// Modules of other containers that it imports, and where it looks for these.
  package var remotes: [Change]
  /// The bundler, the rules, the unique name, the public path and the entry.
  package var build: [Change]
  /// Files, by the digests of their bytes.
  package var files: [Change]
  package var bytesBefore: Int64
  package var bytesAfter: Int64
  /// Bytes of files that the newer build has and the older one had not, under whatever name.
  package var newBytes: Int64

  /// Whether all but files is alike.
  package var isOfBytesAlone: Bool {
    exposes.isEmpty && provides.isEmpty && consumes.isEmpty && remotes.isEmpty && build.isEmpty
  }

  /// What became of one build; of one that is new or gone the other side is nil.
  package init(from old: CheckedContainer?, to new: CheckedContainer?) {
    target = (new ?? old)?.facts.target
    func changes(_ items: (CheckedContainer) -> [(name: String, value: String)]) -> [Change] {
      Self.changes(from: old.map(items) ?? [], to: new.map(items) ?? [])
    }
    exposes = changes { $0.facts.exposes.map { ($0.name, "exposed") } }
    provides = changes { container in
      container.facts.provides.map { (Self.name($0.key, in: $0.scope), Self.text(of: $0)) }
    }
    consumes = changes { container in
      container.facts.consumes.map { (Self.name($0.key, in: $0.scope), Self.text(of: $0)) }
    }
    remotes = changes { container in
      container.facts.remotes.map { remote in
        let places = remote.locations.map(\.location).joined(separator: " or ")
        return ("\(remote.locations.first?.remoteName ?? "?") \(remote.expose)", places)
      }
    }
    build = changes { container in
      let facts = container.facts
      return [
        ("webpack", facts.webpackVersion), ("rules", facts.ruleSet.rawValue),
        ("uniqueName", facts.uniqueName), ("publicPath", facts.publicPath), ("entry", facts.entry),
      ]
    }
    files = changes { $0.files.map { ($0.path, $0.digest.hex) } }
    let known = Set((old?.files ?? []).map(\.digest))
    bytesBefore = (old?.files ?? []).reduce(0) { $0 + $1.size }
    bytesAfter = (new?.files ?? []).reduce(0) { $0 + $1.size }
    newBytes = (new?.files ?? []).filter { !known.contains($0.digest) }.reduce(0) { $0 + $1.size }
  }

  /// Sorted by name; several values of one name count as one, in their order.
  private static func changes(
    from old: [(name: String, value: String)], to new: [(name: String, value: String)]
  ) -> [Change] {
    func joined(_ items: [(name: String, value: String)]) -> [String: String] {
      Dictionary(grouping: items, by: \.name).mapValues { items in
        items.map(\.value).reduce(into: [String]()) { values, value in
          if !values.contains(value) { values.append(value) }
        }.joined(separator: ", ")
      }
    }
    let (before, after) = (joined(old), joined(new))
    return Set(before.keys).union(after.keys).sorted().compactMap { name in
      let change = Change(name: name, before: before[name], after: after[name])
      return change.before == change.after ? nil : change
    }
  }

  private static func name(_ key: String, in scope: String) -> String {
    scope == "default" ? key : "\(key) (\(scope))"
  }

  private static func text(of provide: ProvideFacts) -> String {
    provide.eager ? "\(provide.version) eager" : provide.version
  }

  private static func text(of consume: ConsumeFacts) -> String {
    [
      consume.range ?? "*", consume.singleton ? "singleton" : nil, consume.strict ? "strict" : nil,
      consume.eager ? "eager" : nil, consume.fallback == nil ? "no copy" : nil,
    ].compactMap { $0 }.joined(separator: " ")
  }
}

extension [ContainerDifference] {
  /// Of each target that either release has a build for, in the newer one's order.
  package static func between(
    _ old: [CheckedContainer], _ new: [CheckedContainer]
  ) -> [ContainerDifference] {
    let gone = old.filter { build in !new.contains { $0.facts.target == build.facts.target } }
    return new.map { build in
      ContainerDifference(
        from: old.first { $0.facts.target == build.facts.target }, to: build)
    } + gone.map { ContainerDifference(from: $0, to: nil) }
  }
}
