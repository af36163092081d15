import LarderCore
import LarderFederation
import LarderRegistry

/// Which packages hosts have come to use, by the plans that they were given, since the daemon's
/// start.
///
/// In memory, as what hosts report is, and for the same reasons. One session counts once.
final class SharedUses: Sendable {
  /// What a container, or the host itself, of one host uses.
  struct Use: Hashable, Sendable {
    let host: String
    let consumer: String
    let key: String
    /// Nil for an own copy whose version nobody knows.
    let version: String?
    /// The unique name of the provider; likewise.
    let from: String?
    /// Whether it is the consumer's own copy, beside the scope.
    let isOwnCopy: Bool
  }

  /// How often, and when last.
  struct Record: Sendable {
    var count: Int64
    /// Seconds since 1970.
    var lastAt: Int64
    /// Grows with each use: those of one second have an order too.
    var ordinal: UInt64
  }

  private struct State {
    var realms: [RealmID: [Use: Record]] = [:]
    var ordinal: UInt64 = 0

    mutating func note(_ uses: Set<Use>, in realm: RealmID, at now: Int64) {
      var records = realms[realm] ?? [:]
      // Taken out meanwhile, so that the table is changed in place.
      realms[realm] = nil
      defer { realms[realm] = records }
      for use in uses {
        ordinal += 1
        let count = (records[use]?.count ?? 0) + 1
        records[use] = Record(count: count, lastAt: now, ordinal: ordinal)
      }
      let excess = records.count - keptMax
      guard excess > 0 else { return }
      // A tenth at a time: each goes through all of them.
      let oldest = records.sorted { $0.value.ordinal < $1.value.ordinal }
        .prefix(excess + keptMax / 10)
      for (use, _) in oldest { records[use] = nil }
    }
  }

  /// Uses of a realm: twenty hosts with ten containers that share twenty packages each. Some 2 MiB;
  /// those of longest ago go first.
  static let keptMax = 4_096

  private let state = Locked(State())

  func note(_ uses: Set<Use>, in realm: RealmID, at now: Int64) {
    if !uses.isEmpty { state.withLock { $0.note(uses, in: realm, at: now) } }
  }

  /// Those of the realms, of one package or of all.
  func all(in realms: [RealmID], of key: String?) -> [(use: Use, record: Record)] {
    state.withLock { state in
      realms.flatMap { realm in
        (state.realms[realm] ?? [:]).filter { key == nil || $0.key.key == key }
          .map { (use: $0.key, record: $0.value) }
      }
    }
  }
}
