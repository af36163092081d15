/// One selection by webpack's runtime among the versions of a package that is in the scope (rules
/// W2 and W5 to W14).
///
/// What is thrown is rule V9: the runtime cannot go on where it cannot read a version.
struct WebpackChoice {
  let scopeName: String
  let consumer: ShareConsumer
  /// In enumeration order.
  let all: [ShareEntry]
  /// Whether entries that are not eager are left out (rule W12).
  let eagerOnly: Bool

  private var candidates: [ShareEntry] { eagerOnly ? all.filter(\.eager) : all }

  private var notEager: String {
    eagerOnly ? ShareReason.leftOut(all.filter { !$0.eager }, "not eager, the consumer is") : ""
  }

  // MARK: - Any version

  func version() throws(ShareFailure) -> ShareDecision {
    let candidates = candidates
    guard let requirement = consumer.range else {
      guard let entry = try highest(candidates) else { return typeError() }
      return ShareDecision(
        .shared(entry), .highest,
        "no version is required: the highest of \(ShareReason.list(candidates))" + notEager)
    }
    var satisfying: [ShareEntry] = []
    var others: [ShareEntry] = []
    for entry in candidates {
      if try isAccepted(entry.readVersion, by: requirement) {
        satisfying.append(entry)
      } else {
        others.append(entry)
      }
    }
    let range = requirement.description
    let outOfRange = ShareReason.leftOut(others, "not in \(range)") + notEager
    if let entry = try highest(satisfying) {
      return ShareDecision(
        .shared(entry), .highestSatisfying,
        "the highest of \(ShareReason.list(satisfying)) in \(range)" + outOfRange)
    }
    if consumer.isStrict, consumer.hasFallback {
      return ShareDecision(
        .fallback, .strictFallback,
        "no version is in \(range), which is strict: the consumer's own copy" + outOfRange)
    }
    let message = noneMessage(range)
    if consumer.isStrict {
      return ShareDecision(
        .failure(ShareFailure(kind: .unsatisfied, message: message)), .strictUnsatisfied,
        "no version is in \(range), which is strict, and the build carries no copy" + outOfRange)
    }
    let best: ShareEntry?
    do throws(ShareFailure) {
      best = try highest(candidates)
    } catch {
      // The warning is out before the comparison that fails.
      return ShareDecision(
        .failure(error), .malformedVersion, error.message, warnings: [message])
    }
    guard let entry = best else { return typeError(warnings: [message]) }
    return ShareDecision(
      .shared(entry), .highestUnsatisfying,
      "none of \(ShareReason.list(candidates)) is in \(range), which is not strict: the highest"
        + " all the same" + (consumer.hasFallback ? ", before the consumer's own copy" : "")
        + notEager,
      warnings: [message])
  }

  private func highest(_ entries: [ShareEntry]) throws(ShareFailure) -> ShareEntry? {
    var best: ShareEntry?
    for entry in entries {
      // A version whose text is empty counts as none to the runtime: what comes next replaces it.
      if let held = best, !held.version.isEmpty, !(try isLower(held, than: entry)) { continue }
      best = entry
    }
    return best?.version.isEmpty == true ? nil : best
  }

  private func noneMessage(_ range: String) -> String {
    let available = all.map { "\($0.version) from \($0.from)" }.joined(separator: ", ")
    return "No satisfying version (\(range))\(eagerOnly ? " for eager consumption" : "")"
      + " of shared module \(consumer.key) found in shared scope \(scopeName).\n"
      + "Available versions: \(available)"
  }

  // MARK: - One version for all

  func singleton() throws(ShareFailure) -> ShareDecision {
    var sticky: ShareEntry?
    for entry in candidates {
      if let held = sticky, !held.version.isEmpty,
        held.isLoaded ? true : !(try isLower(held, than: entry))
      {
        continue
      }
      sticky = entry
    }
    // With no candidate the runtime goes on with the number 0, which may even name a version.
    let version = sticky?.version ?? "0"
    let entry = sticky ?? all.first { $0.version == "0" }

    guard let requirement = consumer.range else {
      guard let entry else { return typeError() }
      return ShareDecision(.shared(entry), .singleton, stickiness(entry))
    }
    let range = requirement.description
    if try isAccepted(sticky?.readVersion ?? PackageVersion(version), by: requirement) {
      guard let entry else { return typeError() }
      return ShareDecision(.shared(entry), .singleton, stickiness(entry) + "; it is in \(range)")
    }
    let from = sticky == nil ? "0" : version.isEmpty ? "" : entry?.from ?? ""
    let message =
      "Unsatisfied version \(version) from \(from) of shared singleton module \(consumer.key)"
      + " (required \(range))"
    if consumer.isStrict {
      return ShareDecision(
        .failure(ShareFailure(kind: .unsatisfied, message: message)), .singletonStrict,
        (entry.map(stickiness) ?? "there is none") + "; it is not in \(range), which is strict"
          + (consumer.hasFallback ? ", and a singleton has no use for the consumer's own copy" : "")
      )
    }
    guard let entry else { return typeError(warnings: [message]) }
    return ShareDecision(
      .shared(entry), .singletonUnsatisfying,
      stickiness(entry) + "; it is not in \(range), which is not strict", warnings: [message])
  }

  private func stickiness(_ entry: ShareEntry) -> String {
    let others = candidates.filter { $0 != entry }
    let why =
      entry.isLoaded
      ? "the singleton that is loaded already"
      : "the singleton: the highest of \(ShareReason.list(candidates))"
    return why + (entry.isLoaded ? ShareReason.leftOut(others, "whatever their versions") : "")
      + notEager
  }

  // MARK: - Where the runtime throws a TypeError

  private func isLower(_ left: ShareEntry, than right: ShareEntry) throws(ShareFailure) -> Bool {
    for entry in [left, right] where entry.readVersion.isMalformed {
      throw malformed(entry.version)
    }
    return left.readVersion.isLower(than: right.readVersion)
  }

  private func isAccepted(
    _ version: PackageVersion, by range: VersionRequirement
  ) throws(ShareFailure) -> Bool {
    if range.throwsOn(version) { throw malformed(version.text) }
    return range.accepts(version)
  }

  private func malformed(_ version: String) -> ShareFailure {
    ShareFailure(
      kind: .malformedVersion,
      message: "the version '\(version)' of shared module \(consumer.key) in scope \(scopeName)"
        + " cannot be read: nothing follows its '-' or '+'")
  }

  private func typeError(warnings: [String] = []) -> ShareDecision {
    if all.contains(where: { !$0.version.isEmpty }), eagerOnly {
      let message =
        "shared module \(consumer.key) is consumed eagerly, but no eager version is in scope"
        + " \(scopeName): import the consumer asynchronously, or provide the package eagerly"
      return ShareDecision(
        .failure(ShareFailure(kind: .noEagerProvider, message: message)), .noEagerProvider,
        "the consumer is eager and no provider is" + notEager, warnings: warnings)
    }
    let message = "shared module \(consumer.key) is in scope \(scopeName) without any version"
    return ShareDecision(
      .failure(ShareFailure(kind: .noVersion, message: message)), .noVersion,
      "the scope lists the package without versions", warnings: warnings)
  }
}
