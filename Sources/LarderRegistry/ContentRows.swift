import LarderCore

// The rows that name content without owning it: what was purged, what keys name, what origins gave.

/// A blob that was purged while releases name it.
struct PurgeRow: BlobRow {
  static let table = "purges"
  static let columns = ["realm", "digest", "purged_at"]
  let realm: RealmID
  let digest: Digest
  let purgedAt: Int64

  var fields: [Field] {
    [.integer(realm.databaseID), .bytes(digest.bytes), .integer(purgedAt)]
  }
}

extension PurgeRow {
  init(_ reader: inout FieldReader) throws(RowDamage) {
    realm = try reader.realm()
    digest = try reader.digest()
    purgedAt = try reader.integer()
  }
}

struct KeyedEntryRow: StoredRow {
  static let table = "keyed_entries"
  static let columns = [
    "realm", "namespace", "key", "digest", "size", "needs", "written_at", "written_by", "used_at",
  ]
  let entry: KeyedEntry

  var fields: [Field] {
    [
      .integer(entry.key.realm.databaseID), .text(entry.key.namespace.description),
      .text(entry.key.key), .bytes(entry.blob.digest.bytes), .integer(entry.blob.size.value),
      .bytes(entry.needs.flatMap(\.bytes)), .integer(entry.writtenAt),
      entry.writtenBy.map { .integer(Int64($0)) } ?? .null, .integer(entry.usedAt),
    ]
  }
}

extension KeyedEntryRow {
  init(_ reader: inout FieldReader) throws(RowDamage) {
    let realm = try reader.realm()
    let namespace = try reader.text(as: NamespaceName.init)
    guard let key = EntryKey(realm: realm, namespace: namespace, key: try reader.text()) else {
      throw RowDamage()
    }
    let blob = try reader.blobStat()
    let needs = try reader.digests()
    let writtenAt = try reader.integer()
    let user = try reader.optionalInteger()
    let writtenBy = user.flatMap { UInt32(exactly: $0) }
    guard (user == nil) == (writtenBy == nil) else { throw RowDamage() }
    entry = KeyedEntry(
      key: key, blob: blob, needs: needs, writtenAt: writtenAt, writtenBy: writtenBy,
      usedAt: try reader.integer())
  }
}

struct FetchRow: BlobRow {
  static let table = "fetches"
  static let columns = [
    "realm", "credential", "url", "variant", "digest", "size", "type", "etag", "last_modified",
    "integrity", "fetched_at",
  ]
  let fetch: Fetch

  var fields: [Field] {
    [
      .integer(Int64(fetch.key.realm.rawValue)), .text(fetch.key.credential), .text(fetch.key.url),
      .text(fetch.key.variant), .bytes(fetch.blob.digest.bytes), .integer(fetch.blob.size.value),
      .text(fetch.type), fetch.etag.map { .text($0) } ?? .null,
      fetch.lastModified.map { .text($0) } ?? .null,
      .text(fetch.integrity.joined(separator: " ")), .integer(fetch.fetchedAt),
    ]
  }
}

extension FetchRow {
  init(_ reader: inout FieldReader) throws(RowDamage) {
    let realm = try reader.realm()
    let credential = try reader.text()
    let url = try reader.text()
    let key = FetchKey(
      realm: realm, credential: credential, url: url, variant: try reader.text())
    let blob = try reader.blobStat()
    let type = try reader.text()
    let etag = try reader.optionalText()
    let lastModified = try reader.optionalText()
    let integrity = try reader.text().split(separator: " ").map(String.init)
    fetch = Fetch(
      key: key, blob: blob, type: type, etag: etag, lastModified: lastModified,
      integrity: integrity, fetchedAt: try reader.integer())
  }
}
