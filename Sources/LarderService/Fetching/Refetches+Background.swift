import LarderCore
import LarderRegistry
import LarderStore
import Logging

extension Refetches {
  /// Fetches what the registry names and the store lacks, then what proves damaged, until the task
  /// is cancelled. For one caller.
  ///
  /// - Parameter sleep: waits between attempts.
  func run(sleep: @escaping @Sendable (Duration) async throws -> Void) async {
    do throws(ServiceError) { for damage in try await missing() { found.yield(damage) } } catch {
      log.warning("what is missing is not known", metadata: ["reason": "\(error)"])
    }
    await forEach(in: damaged) { damage in await self.mend(damage, sleep: sleep) }
  }

  /// Blobs of releases that are not here: their segments were lost, or the attempts of another day
  /// given up.
  func missing() async throws(ServiceError) -> [Damage] {
    var missing: [Damage] = []
    for realm in try await ServiceError.mapping(await registry.realms()).map(\.id) {
      let digests = try await ServiceError.mapping(await registry.referencedDigests(in: realm))
        .subtracting(try await ServiceError.mapping(await registry.purges(in: realm)).keys)
      missing += try await content.run { (store) throws(StoreError) in
        digests.filter { !store.contains($0, in: realm) }
          .map { Damage(digest: $0, realm: realm) }
      }
    }
    return missing
  }

  /// Tries to make a blob present as often as `pauses` allow, and writes to the log what came of
  /// it.
  func mend(
    _ damage: Damage, sleep: @Sendable (Duration) async throws -> Void
  ) async {
    let metadata: Logger.Metadata = ["digest": "\(damage.digest)", "realm": "\(damage.realm)"]
    var pauses = Self.pauses[...]
    while true {
      do throws(Loss) {
        try await refetch(damage.digest, in: [damage.realm])
        return log.info("damaged content is whole again", metadata: metadata)
      } catch {
        guard error.mayPass, let pause = pauses.popFirst() else {
          return log.warning(
            "damaged content is lost",
            metadata: metadata.merging(["reason": "\(error.error)"]) { $1 })
        }
        // Cancelled when the daemon ends; the next start finds what is missing.
        do { try await sleep(pause) } catch { return }
      }
    }
  }
}
