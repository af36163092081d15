import LarderFederation
package import LarderMessages
import LarderRegistry

extension Service {
  /// Who imports whom, by the current releases of all remotes that the peer reads. Asks no origin.
  package func federation(
    for peer: RealmCapability
  ) async throws(ServiceError) -> FederationMessage {
    let releases = try await currentReleases(for: peer)
    return FederationMessage(
      containers: releases.map { current in
        FederationMessage.Container(current.release, of: current.remote)
      })
  }
}

extension FederationMessage.Container {
  fileprivate init(_ release: RecordedRelease, of remote: RemoteName) {
    let variants = release.variants
    self.init(
      name: remote.description, release: release.id.description,
      uniqueName: variants.first?.uniqueName ?? remote.description,
      exposes: variants.flatMap(\.exposes).map(\.name).withoutRepetition,
      imports: variants.flatMap(\.remotes).flatMap(\.locations).compactMap(\.remoteName)
        .withoutRepetition,
      provides: variants.flatMap(\.provides).map(FederationMessage.Provided.init)
        .withoutRepetition,
      consumes: variants.flatMap(\.consumes).map(FederationMessage.Consumed.init)
        .withoutRepetition)
  }
}

extension Sequence where Element: Hashable {
  /// Each once, where it comes first.
  fileprivate var withoutRepetition: [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
