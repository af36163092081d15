import LarderCore
import LarderRegistry
import Logging

extension Service {
  /// Time between two looks at what has become too old.
  static let retentionInterval = Duration.seconds(3_600)

  /// Drops releases that have become too old, until the task is cancelled.
  func keepRetention(sleep: @Sendable (Duration) async throws -> Void) async {
    while true {
      for realm in realms.all {
        do throws(ServiceError) { try await dropOld(in: realm) } catch {
          log.warning("old releases were not dropped", metadata: ["reason": "\(error)"])
        }
      }
      // Cancelled when the daemon ends.
      do { try await sleep(Self.retentionInterval) } catch { return }
    }
  }

  private func dropOld(in realm: RealmID) async throws(ServiceError) {
    var inUse: [RemoteName: Set<ReleaseID>] = [:]
    for remote in try await ServiceError.mapping(await registry.remotes(in: realm)) {
      inUse[remote.name] = sessions.releases(of: remote.name, in: realm)
    }
    let count = try await ServiceError.mapping(await registry.prune(in: realm, inUse: inUse))
    if count > 0 { log.info("old releases dropped", metadata: ["releases": "\(count)"]) }
  }
}
