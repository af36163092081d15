/// One scope object of a session, as each of its runtimes sees it.
///
/// Where every provider may serve every consumer, all see the same, as in the runtimes. Where a
/// policy withholds some providers from some consumers, each runtime has a scope of its own: what
/// it registers, and what those register that may serve it, in that order. What a runtime registers
/// contests what it sees, and goes on to the others only if it holds there.
struct SessionScope {
  typealias Runtime = PlanSession.Runtime
  typealias Provider = PlanSession.Provider

  /// Whether the packages of a provider may serve a consumer; asked of two different runtimes, of
  /// which the provider is no host.
  typealias Permits = (_ provider: String, _ consumer: String?) -> Bool

  /// Where an entry came from.
  private struct Offer: Hashable {
    let key: String
    let version: String
  }

  private struct View {
    var scope: ShareScope
    /// Nil for what the host brought.
    var providers: [Offer: Provider?] = [:]

    mutating func put(_ entry: ShareEntry, _ offer: Offer) {
      scope.put(entry, under: offer.key)
      providers[offer] = .some(nil)
    }

    mutating func register(_ one: Registration) -> Bool {
      let isTaken =
        scope.register(
          key: one.offer.key, version: one.offer.version, from: one.from, eager: one.eager,
          under: one.rules
        ).isTaken
      if isTaken { providers[one.offer] = one.provider }
      return isTaken
    }
  }

  private struct Registration {
    let offer: Offer
    let provider: Provider
    let from: String
    let eager: Bool
    let rules: RuleSet
    var isLoaded = false
  }

  /// What it would be if everybody saw everything: with no policy, what it is.
  private var all: View
  private var views: [Runtime: View] = [:]
  private var brought: [(entry: ShareEntry, offer: Offer)] = []
  private var registrations: [Registration] = []
  private let permits: Permits?

  /// - Parameter permits: nil where everybody may serve everybody.
  init(name: String, permits: Permits?) {
    all = View(scope: ShareScope(name: name))
    self.permits = permits
  }

  /// Puts what the host brings in place; before any container registers.
  mutating func put(_ entry: ShareEntry, under key: String) {
    let offer = Offer(key: key, version: entry.version)
    all.put(entry, offer)
    if permits != nil { brought.append((entry, offer)) }
  }

  /// A container registers what it provides.
  mutating func register(
    _ provide: ProvideFacts, of provider: Provider, from uniqueName: String, under rules: RuleSet
  ) {
    let registration = Registration(
      offer: Offer(key: provide.key, version: provide.version), provider: provider,
      from: uniqueName, eager: provide.eager, rules: rules)
    _ = all.register(registration)
    guard let permits else { return }
    let own = Runtime.container(provider.container)
    var view = self.view(of: own)
    let holds = view.register(registration)
    views[own] = view
    guard holds else { return }
    registrations.append(registration)
    for (viewer, var other) in views where viewer != own {
      guard Self.may(provider, serve: viewer, permits) else { continue }
      _ = other.register(registration)
      views[viewer] = other
    }
  }

  /// What `consumer` would get, and from which container: none for what the host brought.
  mutating func decide(
    _ consumer: ShareConsumer, under rules: RuleSet, for runtime: Runtime
  ) -> (decision: ShareDecision, provider: Provider?) {
    let full = all.scope.decide(consumer, under: rules)
    guard permits != nil else { return (full, provider(of: full, consumer.key, in: all)) }
    let view = self.view(of: runtime)
    views[runtime] = view
    let decision = view.scope.decide(consumer, under: rules)
    let provider = provider(of: decision, consumer.key, in: view)
    let fullProvider = self.provider(of: full, consumer.key, in: all)
    return (explained(decision, provider, full, fullProvider, consumer.key, in: view), provider)
  }

  /// Notes that `runtime` selected `version` of `key` (rule W15), wherever that entry is seen.
  mutating func markLoaded(_ version: String, of key: String, for runtime: Runtime) {
    guard permits != nil else { return all.scope.markLoaded(version, of: key) }
    let offer = Offer(key: key, version: version)
    guard let chosen = view(of: runtime).providers[offer] else { return }
    if all.providers[offer] == chosen { all.scope.markLoaded(version, of: key) }
    for (viewer, var view) in views where view.providers[offer] == chosen {
      view.scope.markLoaded(version, of: key)
      views[viewer] = view
    }
    // For those whose view is made later.
    for index in brought.indices where chosen == nil && brought[index].offer == offer {
      brought[index].entry.isLoaded = true
    }
    for index in registrations.indices
    where registrations[index].offer == offer && registrations[index].provider == chosen {
      registrations[index].isLoaded = true
    }
  }

  // MARK: - Views

  private func view(of runtime: Runtime) -> View {
    if let view = views[runtime] { return view }
    var view = View(scope: ShareScope(name: all.scope.name))
    for (entry, offer) in brought { view.put(entry, offer) }
    guard let permits else { return view }
    for one in registrations where Self.may(one.provider, serve: runtime, permits) {
      if view.register(one), one.isLoaded {
        view.scope.markLoaded(one.offer.version, of: one.offer.key)
      }
    }
    return view
  }

  private static func may(
    _ provider: Provider, serve runtime: Runtime, _ permits: Permits
  ) -> Bool {
    switch runtime {
    case .host: permits(provider.container, nil)
    case .container(let name):
      name == provider.container || permits(provider.container, name)
    }
  }

  private func provider(
    of decision: ShareDecision, _ key: String, in view: View
  ) -> Provider? {
    guard case .shared(let entry) = decision.outcome else { return nil }
    return view.providers[Offer(key: key, version: entry.version)] ?? nil
  }

  /// The decision with what the policy has to do with it.
  private func explained(
    _ decision: ShareDecision, _ provider: Provider?, _ full: ShareDecision,
    _ fullProvider: Provider?, _ key: String, in view: View
  ) -> ShareDecision {
    let withheld = (all.scope.versions(of: key) ?? []).filter { entry in
      let offer = Offer(key: key, version: entry.version)
      return view.providers[offer] != all.providers[offer]
    }
    if withheld.isEmpty { return decision }
    let list = withheld.map { "\($0.version) of \($0.from)" }.joined(separator: ", ")
    let reason = "\(decision.reason); withheld by the realm's policy: \(list)"
    let isSame = Self.isSame(decision.outcome, full.outcome) && provider == fullProvider
    guard !isSame else {
      return ShareDecision(
        decision.outcome, decision.rule, reason, warnings: decision.warnings)
    }
    return ShareDecision(
      decision.outcome, .withheld, "\(decision.rule.rawValue) among what is left: \(reason)",
      warnings: decision.warnings)
  }

  private static func isSame(
    _ first: ShareDecision.Outcome, _ second: ShareDecision.Outcome
  ) -> Bool {
    switch (first, second) {
    case (.shared(let one), .shared(let other)): one.version == other.version
    case (.fallback, .fallback), (.failure, .failure): true
    default: false
    }
  }
}
