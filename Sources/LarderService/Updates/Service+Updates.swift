import LarderCore
import LarderMessages
import LarderOrigin
import LarderRegistry
import Logging

extension Service {
  /// Updates remotes as they are scheduled and drops releases that have become too old, until the
  /// task is cancelled.
  ///
  /// - Parameter sleep: waits between looks at what is too old.
  func keepRemotes(sleep: @Sendable (Duration) async throws -> Void) async {
    do throws(ServiceError) { try await readSchedules() } catch {
      log.warning("updates of remotes are not scheduled", metadata: ["reason": "\(error)"])
    }
    await updates.begin { [weak self] subject in
      guard let self else { return .success(nil) }
      do throws(ServiceError) {
        return .success(try await self.updateUnasked(subject))
      } catch { return .failure(error) }
    }
    await keepRetention(sleep: sleep)
    await updates.end()
  }

  /// Has each remote of the realms that somebody is admitted to updated as the registry and the
  /// policy say.
  private func readSchedules() async throws(ServiceError) {
    for realm in realms.all {
      let intervals = try await ServiceError.mapping(await registry.updateIntervals(in: realm))
      for remote in try await ServiceError.mapping(await registry.remotes(in: realm)) {
        await schedule(remote, intervals[remote.name])
      }
    }
  }

  /// - Parameter seconds: what somebody said of this remote; 0 for never, nil for nothing.
  private func schedule(_ remote: Remote, _ seconds: Int64?) async {
    let subject = UpdateSchedule.Subject(realm: remote.realm, remote: remote.name)
    let every =
      seconds.map { $0 > 0 ? Duration.seconds($0) : nil }
      ?? realms.rules(of: remote.realm).updateInterval
    await updates.set(remote.urls.isEmpty ? nil : every, for: subject)
  }

  /// Writes down how often a remote is updated, and does so from now on.
  ///
  /// - Parameter seconds: 0 for never; nil leaves what was said before.
  /// - Throws: `badRequest` for an interval that is none.
  func schedule(
    _ remote: Remote, every seconds: Int64?
  ) async throws(ServiceError) {
    if let seconds {
      try Service.check(interval: seconds)
      try await ServiceError.mapping(
        await registry.setUpdateInterval(seconds, of: remote.name, in: remote.realm))
    }
    let said = try await ServiceError.mapping(
      await registry.updateIntervals(in: remote.realm))[remote.name]
    await schedule(remote, said)
  }

  /// - Throws: `badRequest`.
  static func check(interval seconds: Int64) throws(ServiceError) {
    guard seconds == 0 || UpdateSchedule.intervals.contains(.seconds(seconds)) else {
      let range = UpdateSchedule.intervals
      throw ServiceError(
        .badRequest,
        "a remote is updated every \(range.lowerBound.components.seconds) to "
          + "\(range.upperBound.components.seconds) s, or never, not every \(seconds) s",
        remedy: "give an interval such as 10m, or 'off'")
    }
  }

  /// Fetches what the origin has now, and makes it current if it is new here and no worse.
  ///
  /// A deploy of which the remote keeps the release already is left alone: somebody, or a better
  /// one, took `current` away from it.
  /// - Returns: why the deploy is not made current, where it is not.
  func updateUnasked(
    _ subject: UpdateSchedule.Subject
  ) async throws(ServiceError) -> String? {
    let (remote, realm) = (subject.remote, subject.realm)
    let row = try await row(of: remote, in: realm)
    guard !row.urls.isEmpty else { return nil }
    let left = Locked<ReleaseID?>(nil)
    try await candidates.update(remote, at: row.urls, in: realm, unasked: true) {
      (found) async throws(ServiceError) in
      if try await self.isCurrent(remote, in: realm, described: found) { return true }
      let kept = try await self.kept(of: remote, in: realm, described: found)
      left.withLock { $0 = kept }
      return kept != nil
    }
    let current = try await ServiceError.mapping(
      await registry.channels(of: remote, in: realm))[.current]
    let newest = try await ServiceError.mapping(
      await registry.releases(of: remote, in: realm)
    ).first?.id
    guard let other = left.withLock({ $0 }) ?? newest, other != current else { return nil }
    return "its origin has release \(other), which is not made current by itself; "
      + "'larder remote update \(remote)' does"
  }

  /// The release other than `current` that was made of these descriptions, if it is kept.
  private func kept(
    of remote: RemoteName, in realm: RealmID, described found: [Description]
  ) async throws(ServiceError) -> ReleaseID? {
    let current = try await ServiceError.mapping(
      await registry.channels(of: remote, in: realm))[.current]
    guard current != nil else { return nil }
    return try await ServiceError.mapping(await registry.releases(of: remote, in: realm))
      .first { $0.id != current && $0.isDescribed(by: found) }?.id
  }

  /// What REMOTE tells of a remote's updates.
  func updates(of row: Remote) async -> RemoteMessage.Updates? {
    let state = await updates.state(
      of: UpdateSchedule.Subject(realm: row.realm, remote: row.name))
    let message = RemoteMessage.Updates(
      everySeconds: state.every?.components.seconds, askedAt: state.askedAt, nextAt: state.nextAt,
      failingSince: state.failingSince, message: state.message)
    return message == RemoteMessage.Updates() ? nil : message
  }
}

extension Release {
  /// Whether it was made of these descriptions: the statistics of its builds or, without them, one
  /// of their files.
  func isDescribed(by found: [Description]) -> Bool {
    let isSame = { (variant: ReleaseVariant, description: Description) in
      (variant.stats
        ?? variant.assets.first { $0.path == description.path }?.blob.digest)
        == description.stat.digest
    }
    return variants.allSatisfy { variant in found.contains { isSame(variant, $0) } }
      && found.allSatisfy { one in variants.contains { isSame($0, one) } }
  }
}

extension RemoteMessage.Retention {
  init(_ retention: Retention) {
    self.init(
      newest: retention.count, seconds: retention.seconds > 0 ? retention.seconds : nil)
  }
}
