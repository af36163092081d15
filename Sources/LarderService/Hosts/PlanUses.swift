import LarderFederation

/// What a plan is made of: the releases of all remotes that the requested ones lead to.
struct PlanUses: Sendable {
  var releases: [String: RemoteRelease] = [:]
  var facts: [String: ContainerFacts] = [:]
  /// Why a remote has no release here.
  var failures: [String: ServiceError] = [:]
}
