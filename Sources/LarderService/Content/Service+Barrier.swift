import LarderCore
package import LarderPlatform
package import LarderRegistry
package import LarderStore

extension Service {
  /// What the registry runs before a commit that names blobs: returns once they survive a power cut
  /// and are held; once the commit is over they are kept, until the registry no longer names them.
  ///
  /// - Parameter workers: threads for the sync.
  package static func barrier(
    over store: Store, on workers: WorkerPool
  ) -> Registry.Barrier {
    { realm, digests in
      let result = await workers.run { () -> Result<Lease, StoreError> in
        do throws(StoreError) {
          let lease = try store.hold(digests, in: realm)
          try store.makeDurable(digests, in: realm)
          return .success(lease)
        } catch { return .failure(error) }
      }
      guard let result else { throw ServiceError(.shuttingDown, "the daemon is about to end") }
      let lease = try result.get()
      return { lease.becomeKept() }
    }
  }
}
