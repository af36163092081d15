import LarderCore
import LarderRegistry
import LarderService

/// How often remotes are updated, what is fetched of a deploy unasked, and which releases are kept,
/// as options and policies write it.
enum UpdateOptions {
  /// What is wrong, naming the option or member.
  struct Wrong: Error {
    let reason: String
  }

  /// `RegistryLimits.releasesMax`: more are never kept.
  static let releases = 1...RegistryLimits().releasesMax
  /// A decade.
  static let days: ClosedRange<Int64> = 0...3_650

  /// - Parameter text: such as `10m`; nil for none.
  static func interval(_ text: String?, _ name: String) throws(Wrong) -> Duration? {
    guard let text else { return nil }
    guard let interval = Duration(written: text), RealmPolicy.updateIntervals.contains(interval)
    else {
      throw Wrong(reason: "\(name) is 10s to 30d, such as 10m, not '\(text)'")
    }
    return interval
  }

  static func completion(_ word: String, _ name: String) throws(Wrong) -> ReleaseCompletion {
    guard let completion = ReleaseCompletion(rawValue: word) else {
      let words = ReleaseCompletion.allCases.map(\.rawValue).joined(separator: ", ")
      throw Wrong(reason: "\(name) is one of \(words), not '\(word)'")
    }
    return completion
  }

  /// Nil where nothing is said.
  static func retention(
    _ count: Int?, _ name: String, days: Int64?, _ daysName: String
  ) throws(Wrong) -> Retention? {
    if let count, !releases.contains(count) {
      throw Wrong(
        reason: "\(name) is \(releases.lowerBound) to \(releases.upperBound), not \(count)")
    }
    if let days, !Self.days.contains(days) {
      throw Wrong(reason: "\(daysName) is 0 to \(Self.days.upperBound), not \(days)")
    }
    if count == nil, days == nil { return nil }
    return Retention(
      count: count ?? RegistryLimits().releasesKeptMax, seconds: (days ?? 0) * 86_400)
  }
}
