/// What containers share, and ask of each other's shares.
struct SharingCheck {
  /// A package in a scope.
  private struct Package: Hashable {
    let scope: String
    let key: String
  }

  private let containers: [CheckedContainer]
  private var scopes: [String: ShareScope] = [:]
  /// In the order in which they are met.
  private var packages: [Package] = []

  init(_ containers: [CheckedContainer]) {
    self.containers = containers
    for container in containers {
      for provide in container.facts.provides {
        scopes[provide.scope, default: ShareScope(name: provide.scope)].register(
          key: provide.key, version: provide.version, from: container.facts.uniqueName,
          eager: provide.eager, under: container.facts.ruleSet)
        note(Package(scope: provide.scope, key: provide.key))
      }
      for consume in container.facts.consumes {
        note(Package(scope: consume.scope, key: consume.key))
      }
    }
  }

  private mutating func note(_ package: Package) {
    if !packages.contains(package) { packages.append(package) }
  }

  func findings() -> [Finding] {
    containers.flatMap(unknownVersions)
      + containers.flatMap { container in
        needs(of: container).flatMap { consume in
          consume.eager ? eager(consume, of: container) : chosen(consume, of: container)
        }
      } + packages.compactMap(differing) + packages.flatMap(unsharedSubpaths)
  }

  /// A container's consumes, each way of asking once: modules of several chunks repeat it.
  private func needs(of container: CheckedContainer) -> [ConsumeFacts] {
    var seen: [ConsumeFacts] = []
    for consume in container.facts.consumes {
      let isKnown = seen.contains {
        $0.scope == consume.scope && $0.key == consume.key && $0.range == consume.range
          && $0.strict == consume.strict && $0.singleton == consume.singleton
          && $0.eager == consume.eager
      }
      if !isKnown { seen.append(consume) }
    }
    return seen
  }

  // MARK: - Rules

  private func unknownVersions(_ container: CheckedContainer) -> [Finding] {
    container.facts.provides.filter { $0.version == "0" }.map { provide in
      Finding(
        rule: .unknownVersion, level: .warning, containers: [container.name], subject: provide.key,
        message:
          "'\(container.name)' provides '\(provide.key)' as version 0: its build knew no version",
        remedy: "give '\(provide.key)' a \"version\" in the build's \"shared\"")
    }
  }

  /// What a consumer gets when all are there and nothing is loaded.
  private func chosen(_ consume: ConsumeFacts, of container: CheckedContainer) -> [Finding] {
    let scope = scopes[consume.scope] ?? ShareScope(name: consume.scope)
    let decision = decide(consume, of: container, in: scope)
    let range = consume.range.map { " \($0)" } ?? ""
    func conflict(_ level: Finding.Level, _ message: String) -> Finding {
      Finding(
        rule: .conflict, level: level, containers: [container.name] + providers(of: consume),
        subject: consume.key, message: message,
        remedy: "agree on versions of '\(consume.key)', or widen \"requiredVersion\"")
    }
    switch decision.outcome {
    case .failure(let failure):
      return [conflict(.error, "'\(container.name)': \(failure.message)")]
    case .fallback where scope.versions(of: consume.key)?.isEmpty == false:
      return [
        conflict(
          .note,
          "'\(container.name)' runs its own copy of '\(consume.key)': no version that others "
            + "provide is in\(range)")
      ]
    case .fallback: return []
    case .shared:
      return decision.warnings.map { conflict(.warning, "'\(container.name)': \($0)") }
        + (decision.warnings.isEmpty ? otherwise(consume, of: container, in: scope) : [])
    }
  }

  /// What a singleton's consumer gets when another version is loaded before it asks.
  private func otherwise(
    _ consume: ConsumeFacts, of container: CheckedContainer, in scope: ShareScope
  ) -> [Finding] {
    guard consume.singleton else { return [] }
    return (scope.versions(of: consume.key) ?? []).compactMap { entry in
      var scope = scope
      scope.markLoaded(entry.version, of: consume.key)
      let decision = decide(consume, of: container, in: scope)
      let isFailure = if case .failure = decision.outcome { true } else { false }
      guard isFailure || !decision.warnings.isEmpty else { return nil }
      return Finding(
        rule: .singletonsDiffer, level: isFailure ? .error : .warning,
        containers: [container.name] + names(of: entry.from), subject: consume.key,
        message:
          "'\(container.name)' wants '\(consume.key)' \(consume.range ?? "*"), and gets "
          + "\(entry.version) of '\(entry.from)' if that is loaded first"
          + (isFailure ? ", which it refuses" : ""),
        remedy: "bring all to one version of '\(consume.key)', or widen \"requiredVersion\"")
    }
  }

  /// A consumer that cannot wait, and so sees what its own container registered.
  private func eager(_ consume: ConsumeFacts, of container: CheckedContainer) -> [Finding] {
    let isOwn = container.facts.provides.contains {
      $0.scope == consume.scope && $0.key == consume.key && $0.eager
    }
    if isOwn { return chosen(consume, of: container) }
    let others = containers.filter { other in
      other != container
        && other.facts.provides.contains {
          $0.scope == consume.scope && $0.key == consume.key && $0.eager
        }
    }.map(\.name)
    let who = others.map { "'\($0)'" }.joined(separator: ", ")
    return [
      Finding(
        rule: .eagerWithoutProvider, level: others.isEmpty ? .error : .warning,
        containers: [container.name] + others, subject: consume.key,
        message:
          "'\(container.name)' takes '\(consume.key)' eagerly and does not provide it so"
          + (others.isEmpty ? ", nor does anybody" : ": it works where \(who) came first"),
        remedy: "import the application's start asynchronously, or share '\(consume.key)' with "
          + "\"eager\": true in '\(container.name)'")
    ]
  }

  /// A singleton with several versions that all consumers would take: one runs, and others are
  /// downloaded for nothing or never.
  private func differing(_ package: Package) -> Finding? {
    let versions = scopes[package.scope]?.versions(of: package.key) ?? []
    let askers = containers.filter { container in
      container.facts.consumes.contains {
        $0.scope == package.scope && $0.key == package.key && $0.singleton
      }
    }
    guard versions.count > 1, !askers.isEmpty else { return nil }
    let list = versions.map { "\($0.version) of '\($0.from)'" }.joined(separator: ", ")
    return Finding(
      rule: .singletonsDiffer, level: .note,
      containers: askers.map(\.name), subject: package.key,
      message: "'\(package.key)' is a singleton and comes as \(list)",
      remedy: "bring all to one version, so that the order of loading does not matter")
  }

  /// `react-dom` does not cover `react-dom/client` (webpack#14273).
  private func unsharedSubpaths(_ package: Package) -> [Finding] {
    guard let base = SharingCheck.base(of: package.key) else { return [] }
    func shares(_ container: CheckedContainer, _ matches: (String) -> Bool) -> Bool {
      container.facts.provides.contains { $0.scope == package.scope && matches($0.key) }
        || container.facts.consumes.contains { $0.scope == package.scope && matches($0.key) }
    }
    let with = containers.filter { shares($0) { $0 == package.key } }.map(\.name)
    return containers.filter { container in
      shares(container) { $0 == base } && !shares(container) { $0 == package.key }
    }.map { container in
      Finding(
        rule: .unsharedSubpath, level: .note, containers: [container.name] + with,
        subject: package.key,
        message:
          "'\(container.name)' shares '\(base)' and not '\(package.key)', as '\(with[0])' does: where "
          + "it imports that, it has a copy of its own",
        remedy: "share '\(base)/' too, which covers all below it")
    }
  }

  /// The package that a key is a part of: `@a/b` of `@a/b/c`; nil for a whole package.
  static func base(of key: String) -> String? {
    let parts = key.split(separator: "/")
    let count = key.hasPrefix("@") ? 2 : 1
    return parts.count > count ? parts.prefix(count).joined(separator: "/") : nil
  }

  // MARK: - Asking

  private func decide(
    _ consume: ConsumeFacts, of container: CheckedContainer, in scope: ShareScope
  ) -> ShareDecision {
    let rules = container.facts.ruleSet
    return scope.decide(consume.consumer(named: container.name, under: rules), under: rules)
  }

  private func providers(of consume: ConsumeFacts) -> [String] {
    containers.filter { container in
      container.facts.provides.contains { $0.scope == consume.scope && $0.key == consume.key }
    }.map(\.name)
  }

  private func names(of uniqueName: String) -> [String] {
    containers.filter { $0.facts.uniqueName == uniqueName }.map(\.name)
  }
}
