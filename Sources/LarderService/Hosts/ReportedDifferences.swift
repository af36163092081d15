import LarderCore
import LarderFederation
import LarderRegistry

/// What hosts reported of executions that departed from their plans, since the daemon's start.
///
/// In memory: nothing depends on it but what people are told, the next host that departs says it
/// again, and a host that reports has no write to the disk to cause. One difference of one release
/// and one exposed module is one entry, with the last report and a count.
final class ReportedDifferences: Sendable {
  /// What tells one difference from another.
  private struct Key: Hashable {
    let request: PlanRequest?
    let container: String
    let release: String?
    let kind: String
    let planned: String?
    let seen: String?

    init(_ difference: ReportedDifference) {
      request = difference.request
      container = difference.container
      release = difference.release
      kind = difference.kind
      planned = difference.planned
      seen = difference.seen
    }
  }

  private struct Entry {
    var difference: ReportedDifference
    /// Grows with each report: those of one second have an order too.
    var ordinal: UInt64
  }

  private struct State {
    var realms: [RealmID: [Key: Entry]] = [:]
    var ordinal: UInt64 = 0

    mutating func add(_ difference: ReportedDifference, in realm: RealmID) {
      ordinal += 1
      var entries = realms[realm] ?? [:]
      // Taken out meanwhile, so that the table is changed in place.
      realms[realm] = nil
      defer { realms[realm] = entries }
      let key = Key(difference)
      if let entry = entries[key] {
        var difference = difference
        difference.count = entry.difference.count + 1
        difference.firstAt = entry.difference.firstAt
        entries[key] = Entry(difference: difference, ordinal: ordinal)
        return
      }
      if entries.count >= keptMax,
        let oldest = entries.min(by: { $0.value.ordinal < $1.value.ordinal })?.key
      {
        entries[oldest] = nil
      }
      entries[key] = Entry(difference: difference, ordinal: ordinal)
    }
  }

  /// Entries of a realm: sixteen for each of 64 modules that depart. With `textMax` some 3 MiB;
  /// those that were seen longest ago go first.
  static let keptMax = 1_024

  /// Bytes of each text in a report: a package, its version and who provides it, ten times over.
  static let textMax = 512

  /// Differences of one REPORT that are taken in, and modules that it names: a host reports what is
  /// new after each load.
  static let reportMax = 256

  private let state = Locked(State())

  /// Takes in a difference, seen for the first time or once more.
  func add(_ difference: ReportedDifference, in realm: RealmID) {
    state.withLock { $0.add(difference, in: realm) }
  }

  /// Those of the realms for which `isWanted` holds, the last seen first.
  func all(
    in realms: [RealmID], where isWanted: (ReportedDifference) -> Bool
  ) -> [ReportedDifference] {
    state.withLock { state in
      realms.flatMap { Array((state.realms[$0] ?? [:]).values) }
    }
    .filter { isWanted($0.difference) }.sorted { $0.ordinal > $1.ordinal }.map(\.difference)
  }
}
