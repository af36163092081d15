import LarderCore

/// Where a file's bytes are, and what it took to have them.
struct LocatedFile: Sendable {
  let stat: BlobStat
  /// Whether this very request made the daemon ask the origin.
  let fetched: Bool
}
