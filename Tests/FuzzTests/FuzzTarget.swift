/// One parser that bytes of others reach, and what has to hold for it whatever they are.
///
/// `make fuzz` looks for bytes for which it does not, and keeps in `Corpus/<name>` the fewest that
/// lead everywhere; the tests run those again.
enum FuzzTarget: String, CaseIterable {
  /// Frame headers and every binary body, either side's.
  case bodies
  /// The daemon's side of a connection: the same stream cut in two ways into reads.
  case requests
  /// The client's side, with descriptors that come along: likewise.
  case replies
  /// Every JSON body.
  case messages
  /// Records, their headers and lists of chunks.
  case records
  /// A segment's file: records, damage, a footer.
  case segments
  /// A store that is opened over such a file.
  case stores
  /// LZ4 blocks, as they are stored and as anybody may have written them.
  case blocks
  /// Ranges and versions of packages.
  case versions
  /// Build statistics, and plans from what they say.
  case stats
  /// Text of chunks.
  case code
  /// Entries of containers, by their code.
  case entries

  /// Holds the target to its claims; returns if they hold.
  func run(_ bytes: UnsafeRawBufferPointer) throws(FuzzFinding) {
    switch self {
    case .bodies: try fuzzBodies(bytes)
    case .requests: try fuzzRequests(bytes)
    case .replies: try fuzzReplies(bytes)
    case .messages: try fuzzMessages(bytes)
    case .records: try fuzzRecords(bytes)
    case .segments: try fuzzSegments(bytes)
    case .stores: try fuzzStores(bytes)
    case .blocks: try fuzzBlocks(bytes)
    case .versions: try fuzzVersions(bytes)
    case .stats: try fuzzStats(bytes)
    case .code: try fuzzCode(bytes)
    case .entries: try fuzzEntries(bytes)
    }
  }
}

/// A claim about a target that some bytes refute.
struct FuzzFinding: Error, CustomStringConvertible {
  let description: String
}

/// - Throws: a finding with the words of `claim` unless `condition` holds.
func hold(
  _ condition: Bool, _ claim: @autoclosure () -> String
) throws(FuzzFinding) {
  if !condition { throw FuzzFinding(description: "does not hold: \(claim())") }
}
