/// One selection by Module Federation 2's runtime (rules M1 to M3).
///
/// There is one candidate, also for packages that are no singletons; only where it does not satisfy
/// are others looked at, in the order in which they were registered.
struct MF2Choice {
  let consumer: ShareConsumer
  /// In enumeration order; nil where the scope lacks the package.
  let all: [ShareEntry]?
  let scopeName: String
  /// Whether what is loaded is preferred to what is higher, wherever it stands.
  let isLoadedFirst: Bool

  func decide() -> ShareDecision {
    guard let all else { return noMatch("nobody provides \(consumer.key) in scope \(scopeName)") }
    let candidate = candidate(among: all)
    guard let range = consumer.range else {
      return candidate.map { take($0, "no version is required") }
        ?? noMatch("scope \(scopeName) lists \(consumer.key) without any version")
    }
    if consumer.isSingleton { return singleton(candidate, range) }
    if range.description == "*" {
      return candidate.map { take($0, "any version will do") }
        ?? noMatch("scope \(scopeName) lists \(consumer.key) without any version")
    }
    if let candidate, range.accepts(candidate.version) {
      return take(candidate, "it is in \(range)")
    }
    guard let first = all.first(where: { range.accepts($0.version) }) else {
      return noMatch(
        "no version of \(consumer.key) is in \(range)"
          + ShareReason.leftOut(all, "not in \(range)"))
    }
    let later = all.filter { $0 != first && range.accepts($0.version) }
    return ShareDecision(
      .shared(first), .unsatisfyingCandidate,
      "the candidate \(candidate?.version ?? "") is not in \(range): the first that is, in the order"
        + " of registration" + ShareReason.leftOut(later, "registered later"))
  }

  // MARK: - The candidate

  private func candidate(among entries: [ShareEntry]) -> ShareEntry? {
    var held: ShareEntry?
    for entry in entries {
      // The version of a package that has none gives way to whatever comes next.
      if let held, !held.version.isEmpty, held.version != "0", !gives(held, wayTo: entry) {
        continue
      }
      held = entry
    }
    return held
  }

  private func gives(_ held: ShareEntry, wayTo entry: ShareEntry) -> Bool {
    if isLoadedFirst, held.isLoaded != entry.isLoaded { return entry.isLoaded }
    if !isLoadedFirst, held.isLoaded { return false }
    return MF2Range.isAtMost(held.version, entry.version)
  }

  private func take(_ entry: ShareEntry, _ why: String) -> ShareDecision {
    ShareDecision(.shared(entry), .candidate, describe(entry) + "; " + why)
  }

  private func describe(_ entry: ShareEntry) -> String {
    let others = (all ?? []).filter { $0 != entry }
    return entry.isLoaded
      ? "what is loaded already" + ShareReason.leftOut(others, "passed over")
      : "the highest of \(ShareReason.list(all ?? []))"
        + (others.contains(where: \.isLoaded) ? ", since what is loaded stands behind it" : "")
  }

  // MARK: - Out of range

  private func singleton(
    _ candidate: ShareEntry?, _ range: VersionRequirement
  ) -> ShareDecision {
    if let candidate, range.accepts(candidate.version) {
      return take(candidate, "it is in \(range)")
    }
    let message =
      "Version \(candidate?.version ?? "0") from \(from(candidate)) of shared singleton module"
      + " \(consumer.key) does not satisfy the requirement of \(consumer.name) which needs \(range))"
    if consumer.isStrict {
      return ShareDecision(
        .failure(
          ShareFailure(kind: .unsatisfied, message: "[ Federation Runtime ]: \(message)")),
        .unsatisfyingCandidate,
        (candidate.map(describe) ?? "there is none") + "; it is not in \(range), which is strict")
    }
    let warnings = ["[ Federation Runtime ] \(message)"]
    guard let candidate else {
      return noMatch(
        "scope \(scopeName) lists \(consumer.key) without any version", warnings: warnings)
    }
    return ShareDecision(
      .shared(candidate), .unsatisfyingCandidate,
      "the singleton: " + describe(candidate) + "; it is not in \(range), which is not strict",
      warnings: warnings)
  }

  private func from(_ candidate: ShareEntry?) -> String {
    guard let candidate else { return "0" }
    return candidate.version.isEmpty ? "" : candidate.from
  }

  // MARK: - Nothing

  private func noMatch(_ why: String, warnings: [String] = []) -> ShareDecision {
    if consumer.hasFallback {
      return ShareDecision(
        .fallback, .noMatch, why + ": the consumer's own copy", warnings: warnings)
    }
    return ShareDecision(
      .failure(
        ShareFailure(
          kind: .absent,
          message: "shared module \(consumer.key) is not to be had from scope \(scopeName)"
            + " (RUNTIME-012)")),
      .noMatch, why + ", and the build carries no copy (RUNTIME-012)", warnings: warnings)
  }
}
