/// Computes load plans from facts alone: the same input gives the same plan.
///
/// Follows the containers' own runtimes, each by its rule set: first one wave of initialisation
/// over every remote that a runtime refers to, which registers all provided packages; then, per
/// requested module, its chunks, the packages that these need, the chunks of whoever provides them,
/// and the remote modules that these need, in the order of the runtime's tables. What `import()`
/// can load later comes last and is marked so. Under `mf2-loaded-first` a remote is initialised
/// when a module of it is asked for, not in the wave. Time is linear in the chunks, consumes and
/// remotes of the containers involved, times the versions of a package.
package struct Planner {
  /// Whether the packages of a container may serve another one, or the host where that is nil. What
  /// the host brings serves everybody, and everybody is served by itself.
  package typealias Permits = (_ provider: String, _ consumer: String?) -> Bool

  private let resolve: (String) -> ContainerFacts?
  private let permits: Permits?

  /// - Parameters:
  ///   - permits: nil where everybody may serve everybody, as in the runtimes.
  ///   - resolve: gives the facts of a container by its registered name, nil for an unknown one;
  ///     asked once per name and plan.
  package init(permits: Permits? = nil, resolve: @escaping (String) -> ContainerFacts?) {
    self.permits = permits
    self.resolve = resolve
  }

  /// The plan for `requests` in a session of `host` that has loaded nothing yet.
  ///
  /// - Parameter explained: whether to tell which modules import which.
  package func plan(
    _ requests: [PlanRequest], for host: HostFacts, explained: Bool = false
  ) -> Plan {
    var session = PlanSession(host: host, permits: permits, resolve: resolve)
    session.begin(requests)
    session.load(requests)
    session.reach()
    var walk = ExecutionWalk(session)
    walk.run(requests)
    var plan = Plan(
      protocol: 1, requests: requests, containers: session.containers, entries: session.entries,
      initialisation: session.initialisation, files: session.files, shared: session.shared,
      executionOrder: walk.order, cycles: walk.cycles, warnings: session.warnings,
      errors: session.errors + walk.errors)
    plan.withheld = permits.map { permits in
      let names = session.containers.map(\.name)
      return ([nil] + names.map(Optional.some)).compactMap { consumer in
        let providers = names.filter { $0 != consumer && !permits($0, consumer) }
        return providers.isEmpty
          ? nil : PlannedWithholding(consumer: consumer, providers: providers)
      }
    }
    if explained {
      var imports = ImportWalk(session)
      if imports.run(requests) { (plan.modules, plan.imports) = (imports.modules, imports.imports) }
    }
    return plan
  }
}
