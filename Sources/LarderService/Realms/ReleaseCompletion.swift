/// What is fetched of a deploy besides what its hosts asked for, while nobody waits for it.
///
/// Only a deploy that is here whole becomes a release, which works offline. An update that somebody
/// asked for or that is scheduled fetches all of it, whatever this says.
package enum ReleaseCompletion: String, CaseIterable, Sendable {
  /// The rest, once what a plan names is here.
  case all
  /// As `all`, unless it is too much for the room there is.
  case fits
  /// Nothing: a machine that runs one job and is thrown away after it has no use for the rest.
  case none

  /// The part of a realm's quota that the rest of one deploy may take under `fits`: eight of them
  /// leave nothing else.
  static let fittingShare: Int64 = 8

  /// Whether the rest of a deploy is fetched.
  ///
  /// - Parameters:
  ///   - missingBytes: of its files that are not here, as far as its description knows sizes.
  ///   - quotaBytes: what the realm's content may take.
  func covers(missingBytes: Int64, of quotaBytes: Int64) -> Bool {
    switch self {
    case .all: true
    case .fits: missingBytes <= quotaBytes / Self.fittingShare
    case .none: false
    }
  }
}
