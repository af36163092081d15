extension ShareScope {
  /// Chooses for `consumer` as the runtime family `rules` would, and marks the chosen entry as
  /// loaded.
  ///
  /// The mark is set at the moment of choice, before any chunk loads, and changes what later
  /// consumers of a singleton get: call in the order in which the runtime would.
  package mutating func select(_ consumer: ShareConsumer, under rules: RuleSet) -> ShareDecision {
    let decision = decide(consumer, under: rules)
    if case .shared(let entry) = decision.outcome { markLoaded(entry.version, of: consumer.key) }
    return decision
  }

  /// What `select` would choose, leaving the scope as it is.
  package func decide(_ consumer: ShareConsumer, under rules: RuleSet) -> ShareDecision {
    guard let all = versions(of: consumer.key) else { return absent(consumer) }
    let eagerOnly = consumer.isEager && rules.selectsEagerOnly
    let candidates = eagerOnly ? all.filter(\.eager) : all
    let choice = Choice(
      scopeName: name, consumer: consumer, all: all, candidates: candidates, eagerOnly: eagerOnly)
    return consumer.isSingleton ? choice.singleton() : choice.version()
  }

  private func absent(_ consumer: ShareConsumer) -> ShareDecision {
    if consumer.hasFallback {
      return ShareDecision(
        .fallback, .absentFallback, "nobody provides \(consumer.key) in scope \(name)")
    }
    let message = "Shared module \(consumer.key) doesn't exist in shared scope \(name)"
    return ShareDecision(
      .failure(ShareFailure(kind: .absent, message: message)), .absent,
      "nobody provides \(consumer.key) in scope \(name), and the build carries no copy")
  }
}

/// One selection among the versions of a package that is in the scope.
private struct Choice {
  let scopeName: String
  let consumer: ShareConsumer
  /// In enumeration order.
  let all: [ShareEntry]
  /// `all`, or the eager ones of them.
  let candidates: [ShareEntry]
  let eagerOnly: Bool

  // MARK: - Any version

  func version() -> ShareDecision {
    guard let range = consumer.range else {
      guard let entry = Self.highest(candidates) else { return typeError() }
      return ShareDecision(
        .shared(entry), .highest, "the highest of \(candidates.count); no version is required")
    }
    let satisfying = candidates.filter { range.accepts(PackageVersion($0.version)) }
    if let entry = Self.highest(satisfying) {
      return ShareDecision(
        .shared(entry), .highestSatisfying,
        "the highest of \(satisfying.count) that satisfy \(range)")
    }
    let message = noneMessage(range)
    if !consumer.isStrict {
      guard let entry = Self.highest(candidates) else { return typeError(warnings: [message]) }
      return ShareDecision(
        .shared(entry), .highestUnsatisfying,
        "none satisfies \(range); the highest, since the version is not strict", warnings: [message]
      )
    }
    if consumer.hasFallback {
      return ShareDecision(.fallback, .strictFallback, "none satisfies \(range), which is strict")
    }
    return ShareDecision(
      .failure(ShareFailure(kind: .unsatisfied, message: message)), .strictUnsatisfied,
      "none satisfies \(range), which is strict, and the build carries no copy")
  }

  private static func highest(_ entries: [ShareEntry]) -> ShareEntry? {
    // A version whose text is empty counts as none to the runtime: whatever comes next replaces it.
    let found = entries.reduce(nil as ShareEntry?) { best, entry in
      guard let best, !best.version.isEmpty else { return entry }
      return PackageVersion(best.version).isLower(than: PackageVersion(entry.version))
        ? entry : best
    }
    return found?.version.isEmpty == true ? nil : found
  }

  private func noneMessage(_ range: VersionRange) -> String {
    let available = all.map { "\($0.version) from \($0.from)" }.joined(separator: ", ")
    return "No satisfying version (\(range))\(eagerOnly ? " for eager consumption" : "")"
      + " of shared module \(consumer.key) found in shared scope \(scopeName).\n"
      + "Available versions: \(available)"
  }

  // MARK: - One version for all

  func singleton() -> ShareDecision {
    let sticky = candidates.reduce(nil as ShareEntry?) { held, entry in
      guard let held, !held.version.isEmpty else { return entry }
      if held.isLoaded { return held }
      return PackageVersion(held.version).isLower(than: PackageVersion(entry.version))
        ? entry : held
    }
    // With no candidate the runtime goes on with the number 0, which may even name a version.
    let version = sticky?.version ?? "0"
    let entry = sticky ?? all.first { $0.version == "0" }

    guard let range = consumer.range else {
      guard let entry else { return typeError() }
      return ShareDecision(.shared(entry), .singleton, stickiness(entry))
    }
    if range.accepts(PackageVersion(version)) {
      guard let entry else { return typeError() }
      return ShareDecision(
        .shared(entry), .singleton, stickiness(entry) + "; it satisfies \(range)")
    }
    let from = sticky == nil ? "0" : entry?.from ?? ""
    let message =
      "Unsatisfied version \(version) from \(from) of shared singleton module \(consumer.key)"
      + " (required \(range))"
    if consumer.isStrict {
      return ShareDecision(
        .failure(ShareFailure(kind: .unsatisfied, message: message)), .singletonStrict,
        "the singleton does not satisfy \(range), which is strict")
    }
    guard let entry else { return typeError(warnings: [message]) }
    return ShareDecision(
      .shared(entry), .singletonUnsatisfying,
      stickiness(entry) + ", though it does not satisfy \(range)", warnings: [message])
  }

  private func stickiness(_ entry: ShareEntry) -> String {
    entry.isLoaded ? "the singleton that is loaded already" : "the highest of \(candidates.count)"
  }

  // MARK: - Where the runtime throws a TypeError

  private func typeError(warnings: [String] = []) -> ShareDecision {
    if all.isEmpty {
      let failure = ShareFailure(
        kind: .noVersion,
        message: "shared module \(consumer.key) is in scope \(scopeName) without any version")
      return ShareDecision(
        .failure(failure), .noVersion, "the scope lists the package without versions",
        warnings: warnings)
    }
    let failure = ShareFailure(
      kind: .noEagerProvider,
      message: "shared module \(consumer.key) is consumed eagerly, but no eager version is in scope"
        + " \(scopeName): import the consumer asynchronously, or provide the package eagerly")
    return ShareDecision(
      .failure(failure), .noEagerProvider, "the consumer is eager and no provider is",
      warnings: warnings)
  }
}
