import LarderCore
import LarderRegistry
import LarderStore

/// How the parts below the faces do, in sentences for an operator.
package struct Health: Hashable, Sendable {
  /// Why nothing, or next to nothing, can be answered.
  package var failures: [String] = []
  /// What is wrong though requests are answered: what comes may not last, or cannot be stored.
  package var flaws: [String] = []

  /// Starts without anything wrong.
  package init() {}
}

extension Service {
  /// How long the store's workers and the registry may take to say a word: beyond it they answer
  /// nobody in time.
  static let healthPatience = Duration.seconds(2)

  /// Asks the registry and the store's workers for a word, and looks at what went wrong before.
  ///
  /// Waits for `healthPatience` at most.
  package func health() async -> Health {
    async let registry = checkups.failure(of: .registry) {
      [registry] () async throws(ServiceError) in
      _ = try await ServiceError.mapping(await registry.realms())
    }
    let flaws = Locked<[String]>([])
    async let store = checkups.failure(of: .store) { [content] () async throws(ServiceError) in
      let found = try await content.run { (store) throws(StoreError) in try store.flaws() }
      flaws.withLock { $0 = found }
    }
    var health = Health()
    health.failures = [await registry, await store].compactMap { $0 }
    health.flaws = flaws.withLock { $0 }
    return health
  }
}
