import LarderCore
package import LarderMessages
import LarderRegistry
import LarderStore
import Logging

/// ADMIN: each operation is decided here by the capability, not by the face.
extension Service {
  /// Takes how far a check is; suspends while its reader is slow.
  package typealias CheckDelivery =
    @Sendable (AdminMessage.Progress) async throws(ServiceError) -> Void

  /// Checks or scrubs the store, and tells how far it is; ends early when the task is cancelled.
  ///
  /// - Throws: `notPermitted`, `busy` while another check runs, and what the disk refuses.
  package func check(
    _ request: AdminMessage.Request, for peer: RealmCapability, telling: CheckDelivery
  ) async throws(ServiceError) -> AdminMessage.Checked {
    try requireAdmin(peer)
    var options = CheckOptions()
    if request.op == .scrub {
      options = .scrub
    } else {
      options.readsData = request.readData ?? (request.subset != nil)
      if let subset = request.subset {
        options.subset = subset.count == 2 ? .init(part: subset[0], of: subset[1]) : nil
        guard options.subset != nil else {
          throw ServiceError(.badRequest, "'subset' is [n, t] with n from 1 to t")
        }
      }
    }
    let names = try await realmNames()
    let report = try await checks.run(options, of: content, telling: telling)
    if request.op == .scrub, report.isWhole { try await noteScrub() }
    return AdminMessage.Checked(report, realms: names)
  }

  /// Brings the use down, or frees bytes.
  package func collect(
    _ request: AdminMessage.Request, for peer: RealmCapability
  ) async throws(ServiceError) -> AdminMessage.Collected {
    try requireAdmin(peer)
    guard request.freeBytes ?? 0 >= 0 else {
      throw ServiceError(.badRequest, "'freeBytes' is not negative")
    }
    try await keepReleases()
    let report = try await collect(freeing: request.freeBytes.map { ByteCount($0) })
    return AdminMessage.Collected(
      segments: report.segments, evictedRecords: report.evictedRecords,
      movedBytes: report.movedBytes, freedBytes: report.freedBytes, enough: report.isEnough)
  }

  /// Makes a blob a miss in one realm.
  ///
  /// - Throws: `notFound`, `busy` where it is held.
  package func evict(
    _ request: AdminMessage.Request, for peer: RealmCapability
  ) async throws(ServiceError) -> AdminMessage.Removed {
    let (realm, name) = try await realm(of: request, for: peer)
    let digest = try digest(of: request)
    // What was released since the last collection holds nothing any more.
    try await keepReleases()
    let bytes = try await content.run { (store) throws(StoreError) -> Int64? in
      let stored = store.describe(digest, in: realm)?.storedBytes.value
      return try store.evict(digest, in: realm) ? stored ?? 0 : nil
    }
    guard let bytes else {
      throw ServiceError(
        .notFound, "blob \(digest) is not in realm '\(name)'", subject: digest.hex)
    }
    try await ServiceError.mapping(await registry.forgetFetches(of: [digest], in: realm))
    log.notice("blob evicted", metadata: ["digest": "\(digest)", "realm": "\(name)"])
    return AdminMessage.Removed(records: 1, bytes: bytes)
  }

  /// Removes a blob for good, in one realm or in all.
  ///
  /// Succeeds where there is nothing to remove: afterwards it is gone in any case.
  package func purge(
    _ request: AdminMessage.Request, for peer: RealmCapability
  ) async throws(ServiceError) -> AdminMessage.Removed {
    try requireAdmin(peer)
    let one = request.realm == nil ? nil : try await realm(of: request, for: peer).id
    let digest = try digest(of: request)
    var removed = AdminMessage.Removed(records: 0, bytes: 0)
    let all = try await content.store.realms.union(realmNames().keys)
    for realm in one.map({ [$0] }) ?? all.sorted() {
      // First, so that a crash between the two brings nothing back.
      try await ServiceError.mapping(await registry.recordPurge(of: digest, in: realm))
      let report = try await content.run { (store) throws(StoreError) in
        try store.purge(digest, in: realm)
      }
      removed.records += report.records
      removed.bytes += report.byteCount
    }
    log.notice(
      "blob purged",
      metadata: ["digest": "\(digest)", "realm": "\(request.realm ?? "all")"])
    return removed
  }

  /// A page of a realm's blobs, by digest.
  package func listBlobs(
    _ request: AdminMessage.Request, for peer: RealmCapability
  ) async throws(ServiceError) -> AdminMessage.Listed {
    let (realm, name) = try await realm(of: request, for: peer)
    let blobs = try await content.run { (store) throws(StoreError) in
      try store.list(in: realm, after: request.after)
    }
    return AdminMessage.Listed(realm: name, blobs: blobs.map { AdminMessage.Blob($0) })
  }

  /// Where a blob lies, what names it, and what of it proved damaged.
  package func explain(
    _ request: AdminMessage.Request, for peer: RealmCapability
  ) async throws(ServiceError) -> AdminMessage.Reasons {
    let (realm, name) = try await realm(of: request, for: peer)
    let digest = try digest(of: request)
    let blob = try await content.run { (store) throws(StoreError) in
      store.describe(digest, in: realm)
    }
    let purges = try await ServiceError.mapping(await registry.purges(in: realm))
    let references = try await ServiceError.mapping(
      await registry.references(to: digest, in: realm))
    return AdminMessage.Reasons(
      realm: name, blob: blob.map { AdminMessage.Blob($0) },
      releases: references.releases.map {
        AdminMessage.Use(
          remote: $0.remote.name.description, release: $0.release.description,
          path: $0.path ?? Description.fileName)
      },
      fetches: references.fetches.map(\.key.url), purgedAt: purges[digest],
      quarantined: content.store.quarantine.filter { $0.digest == digest && $0.realm == realm }
        .map {
          AdminMessage.Quarantined(
            $0, at: registry.now() - ($0.at.duration(to: .now)).components.seconds)
        })
  }

  private func requireAdmin(_ peer: RealmCapability) throws(ServiceError) {
    guard peer.rights.contains(.administer) else {
      throw ServiceError(
        .notPermitted, "this socket does not administer the store",
        remedy: "use the daemon's admin socket")
    }
  }

  private func digest(of request: AdminMessage.Request) throws(ServiceError) -> Digest {
    guard let digest = request.digest else {
      throw ServiceError(.badRequest, "ADMIN: '\(request.op.rawValue)' needs 'digest'")
    }
    return digest
  }

  /// The realm that a request names, or the peer's own.
  private func realm(
    of request: AdminMessage.Request, for peer: RealmCapability
  ) async throws(ServiceError) -> (id: RealmID, name: String) {
    try requireAdmin(peer)
    guard let name = request.realm else { return (peer.realm, peer.name) }
    guard let id = try await realmNames().first(where: { $0.value == name })?.key else {
      throw ServiceError(.notFound, "no realm is named '\(name.prefix(80))'", subject: name)
    }
    return (id, name)
  }

  private func realmNames() async throws(ServiceError) -> [RealmID: String] {
    let realms = try await ServiceError.mapping(await registry.realms())
    return Dictionary(realms.map { ($0.id, $0.name.description) }) { first, _ in first }
  }
}

extension AdminMessage.Checked {
  fileprivate init(_ report: CheckReport, realms: [RealmID: String]) {
    self.init(
      progress: AdminMessage.Progress(report.progress),
      findings: report.findings.map { finding in
        AdminMessage.Finding(
          kind: finding.kind.rawValue, segment: finding.segment, offset: finding.offset,
          realm: finding.realm.map { realms[$0] ?? "\($0.rawValue)" }, digest: finding.digest,
          repaired: finding.isRepaired, detail: finding.detail)
      },
      repaired: report.repaired, whole: report.isWhole)
  }
}

extension AdminMessage.Progress {
  init(_ progress: CheckProgress) {
    self.init(
      segments: progress.segments, segmentsTotal: progress.segmentsTotal,
      records: progress.records, readBytes: progress.readBytes, findings: progress.findings)
  }
}

extension AdminMessage.Blob {
  fileprivate init(_ blob: ListedBlob) {
    self.init(
      digest: blob.digest, size: blob.size.value, storedBytes: blob.storedBytes.value,
      chunks: blob.chunks, used: blob.isUsed, kept: blob.isKept, leases: blob.leases,
      segment: blob.segment, offset: blob.offset)
  }
}

extension AdminMessage.Quarantined {
  fileprivate init(_ blob: QuarantinedBlob, at time: Int64) {
    self.init(at: time, segment: blob.segment, offset: blob.offset, reason: blob.reason)
  }
}
