/// Whether containers would get along in one host: what their builds say, held against each other.
///
/// Each consumer is asked what it would get from a scope in which all of them have registered, under
/// the rules of its own runtime; then, for singletons, what it would get if another version were
/// loaded first. Containers of different targets never meet and are held apart. Time is linear in the
/// consumers, times the versions of a package squared.
package struct FederationCheck {
  private let groups: [(target: ContainerTarget?, containers: [CheckedContainer])]

  /// - Parameter containers: in the order in which a host would initialise them; of a container with
  ///   several builds each.
  package init(_ containers: [CheckedContainer]) {
    var targets: [ContainerTarget?] = []
    for container in containers where !targets.contains(container.facts.target) {
      targets.append(container.facts.target)
    }
    groups = targets.map { target in (target, containers.filter { $0.facts.target == target }) }
  }

  /// The worst first, then in the order of the rules and of the containers.
  package func findings() -> [Finding] {
    let all = groups.flatMap { target, containers in
      let found =
        SharingCheck(containers).findings() + ReferenceCheck(containers).findings()
        + ByteCheck(containers).findings()
      return found.map { finding in
        var finding = finding
        finding.target = target
        return finding
      }
    }
    return Finding.Level.allCases.reversed().flatMap { level in
      Finding.Rule.allCases.flatMap { rule in
        all.filter { $0.level == level && $0.rule == rule }
      }
    }
  }
}
