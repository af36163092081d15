import LarderCore
import LarderRegistry

/// Decoded releases, so that a plan does not read the registry's rows again.
///
/// A release never changes, so nothing here can be stale; what is dropped is decoded again.
final class RecordedReleases: Sendable {
  private struct Key: Hashable {
    let realm: RealmID
    let remote: RemoteName
    let id: ReleaseID
  }

  /// Twice what a host with a hundred remotes uses; facts take some 100 KiB each.
  static let keptMax = 256

  private let kept = Locked<[Key: RecordedRelease]>([:])

  /// The release, decoded now if it was not before; nil if the registry does not have it.
  func release(
    _ id: ReleaseID, of remote: RemoteName, in realm: RealmID, from registry: Registry
  ) async throws(ServiceError) -> RecordedRelease? {
    let key = Key(realm: realm, remote: remote, id: id)
    if let release = kept.withLock({ $0[key] }) { return release }
    let row: Release?
    do { row = try await registry.release(id, of: remote, in: realm) } catch {
      throw ServiceError(error)
    }
    return try row.map { (row) throws(ServiceError) in try decoded(row, in: realm) }
  }

  /// The row, decoded now if it was not before.
  func decoded(_ row: Release, in realm: RealmID) throws(ServiceError) -> RecordedRelease {
    let key = Key(realm: realm, remote: row.remote, id: row.id)
    if let release = kept.withLock({ $0[key] }) { return release }
    let release = try RecordedRelease(row, in: realm)
    kept.withLock { kept in
      if kept.count >= Self.keptMax { kept.removeAll(keepingCapacity: true) }
      kept[key] = release
    }
    return release
  }
}
