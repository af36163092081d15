import LarderCore
import LarderFederation

/// A container's facts for people.
enum FactsText {
  /// What it is, then what it exposes, provides, consumes and refers to.
  static func lines(of container: ContainerFacts) -> String {
    var head = Table()
    head.add("container", container.name)
    head.add(
      "unique name",
      container.uniqueName + (container.uniqueNameSource == .assumed ? " (assumed)" : ""))
    head.add("target", container.target?.rawValue ?? "unknown")
    head.add("library", container.libraryType ?? "unknown")
    let isWebpack = container.reading.map { $0.source == .stats } ?? true
    let bundler = [
      container.bundler?.rawValue ?? (isWebpack ? "webpack" : "unknown"), container.webpackVersion,
    ]
    head.add("built by", bundler.filter { !$0.isEmpty }.joined(separator: " "))
    head.add("rules", container.ruleSet.rawValue)
    head.add("public path", container.publicPath.isEmpty ? "none" : container.publicPath)
    head.add("entry", (container.entryPrerequisites + [container.entry]).joined(separator: ", "))
    head.add("files", files(of: container))
    if let reading = container.reading {
      let sources = [reading.source] + (reading.others ?? [])
      head.add("read from", sources.map(\.rawValue).joined(separator: ", "))
      if let completeness = reading.completeness { head.add("known files", completeness.rawValue) }
    }
    return head.lines + section("exposes", exposes(of: container))
      + section("provides", provides(of: container)) + section("consumes", consumes(of: container))
      + section("remotes", remotes(of: container))
      + section("disagreements", disagreements(in: container))
      + section("unknown", unknown(in: container))
  }

  private static func disagreements(in container: ContainerFacts) -> Table {
    var table = Table(indentation: 2)
    for item in container.reading?.disagreements ?? [] {
      table.add(
        item.fact.rawValue, item.subject, "\(item.better.value) (\(item.better.source.rawValue))",
        "\(item.other.value) (\(item.other.source.rawValue))")
    }
    return table
  }

  private static func files(of container: ContainerFacts) -> String {
    let sizes = container.assets.compactMap(\.size)
    let measured = sizes.isEmpty ? "" : ", \(ByteCount(sizes.reduce(0) { $0 + max($1, 0) }))"
    return "\(container.assets.count)\(measured), in \(container.chunks.count) chunks"
  }

  private static func unknown(in container: ContainerFacts) -> Table {
    var table = Table(indentation: 2)
    for item in container.reading?.unknown ?? [] { table.add(item.fact.rawValue, item.reason) }
    let said = Set((container.reading?.unknown ?? []).map { "\($0.fact.rawValue): \($0.reason)" })
    for end in container.reading?.openEnds ?? [] where !said.contains(end) {
      table.add("files", end)
    }
    return table
  }

  private static func section(_ title: String, _ table: Table) -> String {
    table.lines.isEmpty ? "" : "\(title)\n\(table.lines)"
  }

  private static func exposes(of container: ContainerFacts) -> Table {
    var table = Table(indentation: 2)
    for expose in container.exposes {
      let ids = expose.chunks.joined(separator: ", ")
      table.add(expose.name, ids.isEmpty ? "in the entry" : "chunks \(ids)")
    }
    return table
  }

  private static func provides(of container: ContainerFacts) -> Table {
    var table = Table(indentation: 2)
    for provide in container.provides {
      table.add(
        "\(provide.key)@\(provide.version)",
        marks([(provide.eager, "eager"), (provide.scope != "default", "scope \(provide.scope)")]))
    }
    return table
  }

  private static func consumes(of container: ContainerFacts) -> Table {
    var table = Table(indentation: 2)
    for consume in container.consumes {
      let copy = consume.fallback.map { "own copy \($0.version ?? "of unknown version")" }
      table.add(
        consume.key, consume.range ?? "any", copy ?? "no copy of its own",
        marks([
          (consume.singleton, "singleton"), (consume.strict, "strict"), (consume.eager, "eager"),
          (consume.scope != "default", "scope \(consume.scope)"),
        ]))
    }
    return table
  }

  private static func remotes(of container: ContainerFacts) -> Table {
    var table = Table(indentation: 2)
    for remote in container.remotes {
      let places = remote.locations.map { $0.remoteName ?? "\($0.type) \($0.location)" }
      table.add(places.joined(separator: " or "), remote.expose)
    }
    return table
  }

  private static func marks(_ all: [(Bool, String)]) -> String {
    all.filter(\.0).map(\.1).joined(separator: ", ")
  }
}
