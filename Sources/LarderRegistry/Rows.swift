import LarderCore

// The tables' rows, but for those of ContentRows. Keys of other tables are SQLite's `id`, not names: a
// name may be given again.

struct RealmRow: StoredRow {
  static let table = "realms"
  static let columns = ["name", "created_at"]
  let name: RealmName
  let createdAt: Int64

  var fields: [Field] { [.text(name.description), .integer(createdAt)] }
}

extension RealmRow {
  init(_ reader: inout FieldReader) throws(RowDamage) {
    name = try reader.text(as: RealmName.init)
    createdAt = try reader.integer()
  }
}

struct RemoteRow: StoredRow {
  static let table = "remotes"
  static let columns = ["realm", "name", "urls", "added_at"]
  let realm: RealmID
  let name: RemoteName
  /// One a line: a URL has no white space.
  let urls: [String]
  let addedAt: Int64

  var fields: [Field] {
    [
      .integer(realm.databaseID), .text(name.description), .text(urls.joined(separator: "\n")),
      .integer(addedAt),
    ]
  }
}

extension RemoteRow {
  init(_ reader: inout FieldReader) throws(RowDamage) {
    realm = try reader.realm()
    name = try reader.text(as: RemoteName.init)
    urls = try reader.text().split(separator: "\n").map(String.init)
    addedAt = try reader.integer()
  }
}

struct ReleaseRow: StoredRow {
  static let table = "releases"
  static let columns = ["remote", "release", "completeness", "created_at", "ordinal", "contents"]
  let remote: Int64
  let id: ReleaseID
  let completeness: ReleaseCompleteness
  let createdAt: Int64
  let ordinal: Int64
  /// The checksum over the checksums of all its variants and assets in order: a row that is gone is
  /// damage too.
  let contents: Int64

  var fields: [Field] {
    [
      .integer(remote), .text(id.description), .text(completeness.rawValue), .integer(createdAt),
      .integer(ordinal), .integer(contents),
    ]
  }
}

extension ReleaseRow {
  init(_ reader: inout FieldReader) throws(RowDamage) {
    remote = try reader.integer()
    id = try reader.text(as: ReleaseID.init)
    completeness = try reader.text(as: ReleaseCompleteness.init(rawValue:))
    createdAt = try reader.integer()
    ordinal = try reader.integer()
    contents = try reader.integer()
  }
}

struct VariantRow: StoredRow {
  static let table = "variants"
  static let columns = [
    "release", "position", "target", "rule_set", "webpack", "entry", "facts", "stats",
  ]
  let release: Int64
  let position: Int64
  let target: String
  let ruleSet: String
  let webpack: String
  let entry: String
  let facts: String
  let stats: Digest?

  var fields: [Field] {
    [
      .integer(release), .integer(position), .text(target), .text(ruleSet), .text(webpack),
      .text(entry), .text(facts), stats.map { .bytes($0.bytes) } ?? .null,
    ]
  }
}

extension VariantRow {
  init(_ reader: inout FieldReader) throws(RowDamage) {
    release = try reader.integer()
    position = try reader.integer()
    target = try reader.text()
    ruleSet = try reader.text()
    webpack = try reader.text()
    entry = try reader.text()
    facts = try reader.text()
    stats = try reader.optionalDigest()
  }
}

struct AssetRow: StoredRow {
  static let table = "assets"
  static let columns = ["variant", "path", "digest", "size", "type"]
  let variant: Int64
  let asset: ReleaseAsset

  var fields: [Field] {
    [
      .integer(variant), .text(asset.path), .bytes(asset.blob.digest.bytes),
      .integer(asset.blob.size.value), .text(asset.type),
    ]
  }
}

extension AssetRow {
  init(_ reader: inout FieldReader) throws(RowDamage) {
    variant = try reader.integer()
    let path = try reader.text()
    let blob = try reader.blobStat()
    asset = ReleaseAsset(path: path, blob: blob, type: try reader.text())
  }
}

struct ChannelRow: StoredRow {
  static let table = "channels"
  static let columns = ["remote", "name", "release", "moved_at"]
  let remote: Int64
  let name: ChannelName
  let release: Int64
  let movedAt: Int64

  var fields: [Field] {
    [.integer(remote), .text(name.description), .integer(release), .integer(movedAt)]
  }
}

extension ChannelRow {
  init(_ reader: inout FieldReader) throws(RowDamage) {
    remote = try reader.integer()
    name = try reader.text(as: ChannelName.init)
    release = try reader.integer()
    movedAt = try reader.integer()
  }
}

/// A release that a channel has left: the newest is where a roll-back goes.
struct ChannelMoveRow: StoredRow {
  static let table = "channel_moves"
  static let columns = ["channel", "left_release", "moved_at"]
  let channel: Int64
  let leftRelease: Int64
  let movedAt: Int64

  var fields: [Field] { [.integer(channel), .integer(leftRelease), .integer(movedAt)] }
}

extension ChannelMoveRow {
  init(_ reader: inout FieldReader) throws(RowDamage) {
    channel = try reader.integer()
    leftRelease = try reader.integer()
    movedAt = try reader.integer()
  }
}

/// A release that is kept however many come after it.
struct PinRow: StoredRow {
  static let table = "pins"
  static let columns = ["release", "pinned_at"]
  let release: Int64
  let pinnedAt: Int64

  var fields: [Field] { [.integer(release), .integer(pinnedAt)] }
}

extension PinRow {
  /// The pins of a remote.
  ///
  /// The columns are qualified: in a schema whose text was damaged, a bare `id` would be found in
  /// `pins` instead, and hide every pin.
  static let ofRemote =
    "release IN (SELECT releases.id FROM releases WHERE releases.remote = ?)"

  init(_ reader: inout FieldReader) throws(RowDamage) {
    release = try reader.integer()
    pinnedAt = try reader.integer()
  }
}

extension FieldReader {
  mutating func realm() throws(RowDamage) -> RealmID {
    guard let realm = RealmID(databaseID: try integer()) else { throw RowDamage() }
    return realm
  }

  /// Digests, one behind the other.
  mutating func digests() throws(RowDamage) -> [Digest] {
    guard let bytes = try optionalBytes(), bytes.count % Digest.byteCount == 0 else {
      throw RowDamage()
    }
    return stride(from: 0, to: bytes.count, by: Digest.byteCount).compactMap {
      Digest(Array(bytes[$0..<$0 + Digest.byteCount]))
    }
  }

  mutating func optionalDigest() throws(RowDamage) -> Digest? {
    guard let bytes = try optionalBytes() else { return nil }
    guard let digest = Digest(bytes) else { throw RowDamage() }
    return digest
  }

  mutating func digest() throws(RowDamage) -> Digest {
    guard let digest = try optionalDigest() else { throw RowDamage() }
    return digest
  }

  /// Two fields: a digest and a size.
  mutating func blobStat() throws(RowDamage) -> BlobStat {
    let digest = try digest()
    let size = try integer()
    guard size >= 0 else { throw RowDamage() }
    return BlobStat(digest: digest, size: ByteCount(size))
  }
}

extension RealmID {
  /// Nil for a key that no realm has.
  init?(databaseID: Int64) {
    guard let number = UInt32(exactly: databaseID), number != 0 else { return nil }
    self.init(number)
  }

  /// The key of the row in `realms`.
  var databaseID: Int64 { Int64(rawValue) }
}
