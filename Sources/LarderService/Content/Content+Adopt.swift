import LarderCore
import LarderStore

extension Content {
  /// Copies a blob into a realm that does not have it, from one that it reads from: what the realm
  /// has itself, no other realm's eviction takes.
  ///
  /// - Throws: `notFound` where it is gone meanwhile, and what the store refuses.
  func adopt(
    _ digest: Digest, from realms: [RealmID], into realm: RealmID
  ) async throws(ServiceError) {
    guard store.stat(digest, in: [realm]) == nil else { return }
    try await run { (store) throws(StoreError) in
      let ingest = try store.beginPut(realm: realm)
      try store.read(digest, in: realms) { (piece) throws(StoreError) in try ingest.append(piece) }
      _ = try ingest.finish(expecting: digest, ack: .accepted)
    }
  }
}
