import LarderCore
import LarderFederation
package import LarderMessages
import LarderRegistry

extension Service {
  /// REMOTE shares: who provides a package, by the current releases of all remotes that the peer
  /// reads, and who uses it, by the plans that hosts were given since the daemon's start.
  ///
  /// - Parameter key: nil for all packages.
  package func shares(
    of key: String?, for peer: RealmCapability
  ) async throws(ServiceError) -> SharesMessage {
    var versions: [String: [String?: SharesMessage.Version]] = [:]
    func change(
      _ key: String, _ version: String?, _ body: (inout SharesMessage.Version) -> Void
    ) {
      let new = SharesMessage.Version(version: version, providers: [], uses: [])
      body(&versions[key, default: [:]][version, default: new])
    }
    for release in try await currentReleases(for: peer) {
      for (provide, provider) in try providers(of: release, for: peer) {
        guard key == nil || provide.key == key else { continue }
        change(provide.key, provide.version) { $0.providers.append(provider) }
      }
    }
    for (use, record) in uses.all(in: peer.readable, of: key) {
      change(use.key, use.version) {
        $0.uses.append(
          SharesMessage.Use(
            host: use.host, consumer: use.consumer, from: use.from, ownCopy: use.isOwnCopy,
            count: record.count, lastAt: record.lastAt))
      }
    }
    let packages = versions.sorted { $0.key < $1.key }.map { key, versions in
      SharesMessage.Package(
        key: key,
        versions: versions.values.sorted { ($0.version ?? "") < ($1.version ?? "") }
          .map { version in
            var version = version
            version.uses.sort {
              ($0.host, $0.consumer, $0.from ?? "") < ($1.host, $1.consumer, $1.from ?? "")
            }
            return version
          })
    }
    return SharesMessage(packages: packages)
  }

  typealias Current = (remote: RemoteName, release: RecordedRelease)

  /// By name; a realm's own remote hides those of its parents.
  func currentReleases(
    for peer: RealmCapability
  ) async throws(ServiceError) -> [Current] {
    var found: [RemoteName: RecordedRelease] = [:]
    var seen: Set<RemoteName> = []
    for realm in peer.readable {
      let rows = try await ServiceError.mapping(await registry.remotes(in: realm))
      let names = Set(rows.map(\.name)).subtracting(seen)
      seen.formUnion(names)
      let current = try await ServiceError.mapping(
        await registry.releases(at: .current, of: names, in: realm))
      for (name, id) in current {
        found[name] = try await recorded.release(id, of: name, in: realm, from: registry)
      }
    }
    return found.sorted { $0.key < $1.key }.map { (remote: $0.key, release: $0.value) }
  }

  private func providers(
    of current: Current, for peer: RealmCapability
  ) throws(ServiceError) -> [(ProvideFacts, SharesMessage.Provider)] {
    let release = current.release
    var found: [(ProvideFacts, SharesMessage.Provider)] = []
    for (place, facts) in release.variants.enumerated() {
      for provide in facts.provides {
        let paths = facts.chunks.filter { provide.chunks.contains($0.id) }.flatMap(\.files)
        var files: [PublishMessage.File] = []
        for path in Set(paths).sorted() {
          let stat = try release.file(path, variant: place).stat
          files.append(PublishMessage.File(path: path, digest: stat.digest, size: stat.size))
        }
        found.append(
          (
            provide,
            SharesMessage.Provider(
              remote: current.remote.description, release: release.id.description,
              target: facts.target?.rawValue ?? "", scope: provide.scope,
              uniqueName: facts.uniqueName, eager: provide.eager, files: files,
              realm: release.realm == peer.realm ? nil : peer.name(of: release.realm))
          ))
      }
    }
    return found
  }

  /// Notes which packages a session has come to use by a plan; one that was made for a single
  /// request uses nothing.
  func noteUses(_ plan: Plan, in session: HostSession, for peer: RealmCapability) {
    guard session.isLasting else { return }
    let host = session.host.name
    let all = plan.shared.compactMap { share -> SharedUses.Use? in
      guard share.outcome != .error else { return nil }
      return SharedUses.Use(
        host: host, consumer: share.consumer, key: share.key, version: share.version,
        from: share.from, isOwnCopy: share.outcome == .fallback)
    }
    uses.note(session.newUses(Set(all)), in: peer.realm, at: registry.now())
  }
}
