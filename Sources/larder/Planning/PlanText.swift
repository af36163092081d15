import LarderCore
import LarderFederation

/// A load plan for people.
struct PlanText {
  private let plan: Plan

  init(_ plan: Plan) { self.plan = plan }

  /// Sections in the order in which a host goes through them; empty ones are left out.
  var lines: String {
    let requests = plan.requests.map { "\($0.remote) \($0.expose)" }.joined(separator: ", ")
    return "plan for \(requests)\n" + section("containers", containers)
      + section("entries, in order", entries) + section("initialisation, in order", initialisation)
      + section("required files", files(.required)) + section("reachable files", files(.reachable))
      + section("shared packages", shares) + section("execution order", executionOrder)
      + remarks + "\nfetched for this plan: \(plan.cost.originRequests) files, "
      + "\(ByteCount(max(plan.cost.networkBytes, 0)))\n"
  }

  /// Cycles, warnings, errors with their remedies, and what hosts did otherwise.
  var remarks: String {
    section("cycles", cycles) + section("warnings", warnings) + section("errors", errors)
      + section("departures that hosts reported, the last first", differences)
  }

  private func section(_ title: String, _ table: Table) -> String {
    table.lines.isEmpty ? "" : "\n\(title)\n\(table.lines)"
  }

  private var containers: Table {
    var table = Table(indentation: 2)
    for container in plan.containers {
      table.add(
        container.name, container.release ?? "(not yet a release)",
        container.target?.rawValue ?? "unknown target", "rules \(container.ruleSet.rawValue)")
    }
    return table
  }

  private var entries: Table {
    var table = Table(indentation: 2)
    for entry in plan.entries {
      let file = plan.containers.first { $0.name == entry.container }?.entry
      table.add(entry.container, file ?? "(unknown)", "asked by \(entry.askedBy)")
    }
    return table
  }

  private var initialisation: Table {
    var table = Table(indentation: 2)
    for call in plan.initialisation {
      table.add(
        call.container, "scope \(call.scope)", call.repeated ? "again, returns at once" : "")
    }
    return table
  }

  private func files(_ phase: PlanPhase) -> Table {
    var table = Table(rightAligned: [3], indentation: 2)
    var total = ByteCount.zero
    let files = plan.files.filter { $0.phase == phase }
    for file in files {
      let size = file.size.map { ByteCount(max($0, 0)) }
      total += size ?? .zero
      table.add(
        file.container, file.kind.rawValue, file.path, size?.description ?? "?",
        file.digest.map { String($0.hex.prefix(12)) } ?? "not fetched yet")
    }
    if files.count > 1 { table.add("total", "", "\(files.count) files", total.description) }
    return table
  }

  private var shares: Table {
    var table = Table(indentation: 2)
    for share in plan.shared {
      let range = share.requiredVersion.map { "\(share.key) \($0)" } ?? share.key
      table.add(
        share.consumer, range, ShareSentence(share, warnings: []).choice, share.phase.rawValue,
        "\(share.rule.rawValue): \(share.reason)")
    }
    return table
  }

  private var executionOrder: Table {
    var table = Table(rightAligned: [0], indentation: 2)
    for (place, module) in plan.executionOrder.enumerated() { table.add("\(place + 1)", module) }
    return table
  }

  private var cycles: Table {
    var table = Table(indentation: 2)
    for cycle in plan.cycles { table.add(cycle.joined(separator: " <-> ")) }
    return table
  }

  private var warnings: Table {
    var table = Table(indentation: 2)
    for warning in plan.warnings { table.add(warning.container, warning.message) }
    return table
  }

  private var errors: Table {
    var table = Table(indentation: 2)
    for error in plan.errors {
      table.add(
        error.kind.rawValue, error.container + (error.expose.map { " \($0)" } ?? ""),
        error.phase.rawValue, error.message)
      if !error.remedy.isEmpty { table.add("", "", "", error.remedy) }
    }
    return table
  }

  private var differences: Table {
    var table = Table(indentation: 2)
    for difference in plan.differences ?? [] {
      let times = difference.count == 1 ? "once" : "\(difference.count) times"
      table.add(
        difference.request.map { "\($0.remote) \($0.expose)" } ?? difference.container,
        difference.kind, difference.container,
        "planned \(difference.planned ?? "nothing"), seen \(difference.seen ?? "nothing")",
        "\(times), last \(UTCTime.text(seconds: difference.lastAt)) by \(difference.host)")
    }
    return table
  }
}
