import LarderCore
import LarderFederation
import LarderOrigin
import LarderRegistry
import Logging

extension Service {
  /// Whose packages may serve whom in a plan; nil where the peer's realm allows all.
  ///
  /// A remote is from the origins of its URLs, whichever of them the variant came from.
  func permits(
    among uses: PlanUses, for peer: RealmCapability
  ) async -> Planner.Permits? {
    let rules = realms.rules(of: peer.realm).sharing
    if rules.isUnlimited { return nil }
    var places: [String: Set<SharingRules.Place>] = [:]
    for (name, release) in uses.releases {
      do throws(ServiceError) {
        places[name] = try await self.places(of: name, in: release.realm)
      } catch {
        // Nothing is known of it: it serves nobody, and is served by the host alone.
        log.warning(
          "the origin of a remote is not known",
          metadata: ["remote": "\(name)", "reason": "\(error)"])
      }
    }
    return { [places] provider, consumer in
      rules.permits(
        places[provider] ?? [], consumer.map { places[$0] ?? [] } ?? [SharingRules.Place.host])
    }
  }

  private func places(
    of name: String, in realm: RealmID
  ) async throws(ServiceError) -> Set<SharingRules.Place> {
    guard let remote = RemoteName(name) else { throw ServiceError.unknownRemote(name) }
    let row = try await row(of: remote, in: realm)
    if row.urls.isEmpty { return [.published] }
    do {
      return try Set(row.urls.map { .origin(try OriginURL($0).origin) })
    } catch {
      throw ServiceError(.internal, "a URL of '\(name)' cannot be read: \(error)")
    }
  }
}
