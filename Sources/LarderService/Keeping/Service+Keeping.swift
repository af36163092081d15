package import LarderCore

extension Service {
  /// Does what nobody asks for, until the task is cancelled: makes room, looks for damage, fetches
  /// again what is damaged or lost, updates remotes, and drops releases that have become too old.
  ///
  /// - Parameter scrubInterval: from the end of one scrub to the next; nil for none.
  package func keep(scrubbingEvery scrubInterval: Duration?) async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.keepSpace() }
      group.addTask { await self.refetches.run { try await Task.sleep(for: $0) } }
      group.addTask { await self.keepRemotes { try await Task.sleep(for: $0) } }
      group.addTask {
        await self.keepScrubbed(every: scrubInterval) { try await Task.sleep(for: $0) }
      }
    }
  }

  /// Fetches a blob again that proved damaged or gone when it was read.
  ///
  /// - Throws: as `Refetches.restore`.
  package func restore(
    _ digest: Digest, for peer: RealmCapability
  ) async throws(ServiceError) {
    try await refetches.restore(digest, in: peer.readable)
  }
}
