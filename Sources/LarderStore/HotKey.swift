import LarderCore

/// What the hot tier keeps bytes under: the decoded payload of one record.
struct HotKey: Hashable, Sendable {
  let digest: Digest
  let realm: RealmID
  /// A list and a chunk may have one name, where `chunkedAbove` has grown in between.
  let kind: RecordHeader.Kind

  /// Part of the digest will do: it is a good hash itself, and the hasher's seed keeps others from
  /// aiming at a place.
  func hash(into hasher: inout Hasher) { hasher.combine(digest.leadingWord) }
}
