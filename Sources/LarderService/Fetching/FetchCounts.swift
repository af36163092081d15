import LarderCore
import LarderMessages

/// What each realm took from origins since the daemon started.
final class FetchCounts: Sendable {
  private let realms = Locked<[RealmID: StatisticsMessage.Origin]>([:])

  /// The counts of one realm.
  func message(for realm: RealmID) -> StatisticsMessage.Origin {
    realms.withLock { $0[realm] } ?? StatisticsMessage.Origin()
  }

  /// Counts a body that came whole.
  func add(bytes: Int64, _ purpose: FetchPurpose, for realm: RealmID) {
    change(realm) { counts in
      counts.requests += 1
      switch purpose {
      case .description: counts.descriptionBytes += bytes
      case .planned: counts.plannedBytes += bytes
      case .background: counts.backgroundBytes += bytes
      case .ensured: counts.ensuredBytes += bytes
      case .refetched: counts.refetchedBytes += bytes
      }
    }
  }

  /// Counts what carried no body.
  func add(
    revalidations: Int64 = 0, failures: Int64 = 0, coalesced: Int64 = 0, for realm: RealmID
  ) {
    change(realm) { counts in
      counts.revalidations += revalidations
      counts.failures += failures
      counts.coalesced += coalesced
    }
  }

  private func change(_ realm: RealmID, _ body: (inout StatisticsMessage.Origin) -> Void) {
    realms.withLock { body(&$0[realm, default: StatisticsMessage.Origin()]) }
  }
}
