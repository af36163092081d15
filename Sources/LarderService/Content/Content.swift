import LarderCore
import LarderPlatform
import LarderStore

/// The store for callers that must not block: each call runs on the worker pool.
final class Content: Sendable {
  let store: Store
  private let workers: WorkerPool

  init(store: Store, workers: WorkerPool) {
    self.store = store
    self.workers = workers
  }

  /// Runs `body`, which may block, on a worker.
  func run<Value: Sendable>(
    _ body: @escaping @Sendable (Store) throws(StoreError) -> Value
  ) async throws(ServiceError) -> Value {
    let store = store
    let result = await workers.run { () -> Result<Value, StoreError> in
      do throws(StoreError) { return .success(try body(store)) } catch { return .failure(error) }
    }
    guard let result else { throw ServiceError(.shuttingDown, "the daemon is about to end") }
    do { return try result.get() } catch { throw ServiceError(error) }
  }

  /// Runs `body`, which takes long but does not touch the store, on a worker.
  func compute<Value: Sendable>(
    _ body: @escaping @Sendable () throws(ServiceError) -> Value
  ) async throws(ServiceError) -> Value {
    let result = await workers.run { () -> Result<Value, ServiceError> in
      do throws(ServiceError) { return .success(try body()) } catch { return .failure(error) }
    }
    guard let result else { throw ServiceError(.shuttingDown, "the daemon is about to end") }
    return try result.get()
  }

  /// A whole blob in memory; for what is small or about to be parsed.
  func read(_ digest: Digest, in realms: [RealmID]) async throws(ServiceError) -> [UInt8] {
    try await run { (store) throws(StoreError) in try store.read(digest, in: realms) }
  }

  /// A range of a blob; the pieces that the store verifies are joined.
  func read(
    _ digest: Digest, range: Range<Int64>, in realms: [RealmID]
  ) async throws(ServiceError) -> [UInt8] {
    try await run { (store) throws(StoreError) in
      var bytes: [UInt8] = []
      bytes.reserveCapacity(range.count)
      try store.read(digest, in: realms, range: range) { (piece) throws(StoreError) in
        bytes.append(contentsOf: piece)
      }
      return bytes
    }
  }
}
