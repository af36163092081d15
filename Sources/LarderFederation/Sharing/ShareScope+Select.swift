extension ShareScope {
  /// Chooses for `consumer` as the runtime family `rules` would, and marks the chosen entry as
  /// loaded.
  ///
  /// webpack sets the mark at the moment of choice, before any chunk loads (rule W15), and it
  /// changes what later consumers of a singleton get: call in the order in which the runtime would.
  /// Module Federation 2 sets it when the code has arrived; by then it is the same.
  package mutating func select(_ consumer: ShareConsumer, under rules: RuleSet) -> ShareDecision {
    let decision = decide(consumer, under: rules)
    if case .shared(let entry) = decision.outcome { markLoaded(entry.version, of: consumer.key) }
    return decision
  }

  /// What `select` would choose, leaving the scope as it is.
  package func decide(_ consumer: ShareConsumer, under rules: RuleSet) -> ShareDecision {
    if rules.isModuleFederation2 {
      return MF2Choice(
        consumer: consumer, all: versions(of: consumer.key), scopeName: name,
        isLoadedFirst: rules == .mf2LoadedFirst
      ).decide()
    }
    guard let all = versions(of: consumer.key) else { return absent(consumer) }
    let eagerOnly = consumer.isEager && rules.selectsEagerOnly
    let choice = WebpackChoice(
      scopeName: name, consumer: consumer, all: all, eagerOnly: eagerOnly)
    do throws(ShareFailure) {
      return consumer.isSingleton ? try choice.singleton() : try choice.version()
    } catch {
      return ShareDecision(.failure(error), .malformedVersion, error.message)
    }
  }

  private func absent(_ consumer: ShareConsumer) -> ShareDecision {
    if consumer.hasFallback {
      return ShareDecision(
        .fallback, .absentFallback,
        "nobody provides \(consumer.key) in scope \(name): the consumer's own copy")
    }
    let message = "Shared module \(consumer.key) doesn't exist in shared scope \(name)"
    return ShareDecision(
      .failure(ShareFailure(kind: .absent, message: message)), .absent,
      "nobody provides \(consumer.key) in scope \(name), and the build carries no copy")
  }
}
