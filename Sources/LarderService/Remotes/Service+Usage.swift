import LarderCore
package import LarderMessages
import LarderRegistry

extension Service {
  /// What the realm's releases take, and why each is kept. Reads every release's list of files.
  package func usage(for peer: RealmCapability) async throws(ServiceError) -> UsageMessage {
    let pins = try await pin(PinMessage.Request(), for: peer)
    let pinned = Set(pins.pins.map { "\($0.name)@\($0.release)" })
    var uses: [Digest: Int] = [:]
    var kept: [KeptRelease] = []
    for row in try await ServiceError.mapping(await registry.remotes(in: peer.realm)) {
      do throws(ServiceError) {
        kept += try await keptReleases(of: row.name, pinned, for: peer)
      } catch {
        // Removed since the names were read.
        guard error.code == .notFound else { throw error }
      }
    }
    for release in kept { for digest in release.files.keys { uses[digest, default: 0] += 1 } }
    var all: [Digest: Int64] = [:]
    var remotes: [UsageMessage.Remote] = []
    let byRemote = Dictionary(grouping: kept, by: \.remote).sorted { $0.key < $1.key }
    for (name, releases) in byRemote {
      let files = releases.reduce(into: [Digest: Int64]()) {
        $0.merge($1.files) { size, _ in size }
      }
      all.merge(files) { size, _ in size }
      remotes.append(
        UsageMessage.Remote(
          name: name.description, bytes: files.values.reduce(0, +),
          releases: releases.map { release in
            UsageMessage.Release(
              release: release.id.description, bytes: release.files.values.reduce(0, +),
              ownBytes: release.files.reduce(0) { $0 + (uses[$1.key] == 1 ? $1.value : 0) },
              reasons: release.reasons)
          }))
    }
    return UsageMessage(
      remotes: remotes, releaseBytes: all.values.reduce(0, +), pinnedBytesMax: pins.bytesMax,
      pinnedBytes: pins.bytes)
  }

  private struct KeptRelease {
    let remote: RemoteName
    let id: ReleaseID
    let files: [Digest: Int64]
    let reasons: [String]
  }

  private func keptReleases(
    of remote: RemoteName, _ pinned: Set<String>, for peer: RealmCapability
  ) async throws(ServiceError) -> [KeptRelease] {
    let channels = try await ServiceError.mapping(
      await registry.channels(of: remote, in: peer.realm))
    let inUse = sessions.releases(of: remote, in: peer.realm)
    let newest = registry.retention(in: peer.realm).count
    let releases = try await ServiceError.mapping(
      await registry.releases(of: remote, in: peer.realm))
    return releases.enumerated().map { place, release in
      var reasons = channels.filter { $0.value == release.id }.map { "channel \($0.key)" }.sorted()
      if pinned.contains("\(remote)@\(release.id)") { reasons.append("pinned") }
      if inUse.contains(release.id) { reasons.append("in use") }
      if place < newest { reasons.append("newest \(newest)") }
      if reasons.isEmpty { reasons.append("not old enough to go") }
      let files = release.variants.flatMap(\.assets).map(\.blob)
      return KeptRelease(
        remote: remote, id: release.id,
        files: Dictionary(files.map { ($0.digest, $0.size.value) }) { size, _ in size },
        reasons: reasons)
    }
  }
}
