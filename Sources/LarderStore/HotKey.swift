import LarderCore

/// What the hot tier keeps bytes under.
struct HotKey: Hashable, Sendable {
  /// Which bytes of that name.
  enum Kind: Hashable, Sendable, CaseIterable {
    /// The decoded payload of a record. A list and a chunk may have one name, where `chunkedAbove`
    /// has grown in between.
    case chunk, list
    /// A blob of many chunks that happen to lie one behind the other.
    case joined
    /// A blob in one piece, in a slab that has nothing else.
    case whole

    init(_ kind: RecordHeader.Kind) { self = kind == .list ? .list : .chunk }
  }

  let digest: Digest
  let realm: RealmID
  let kind: Kind

  /// Part of the digest will do: it is a good hash itself, and the hasher's seed keeps others from
  /// aiming at a place.
  func hash(into hasher: inout Hasher) { hasher.combine(digest.leadingWord) }
}
