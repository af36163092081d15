package import LarderCore

/// What tells one fetch from another: nobody is given what was fetched with rights of somebody
/// else.
package struct FetchKey: Hashable, Sendable {
  package let realm: RealmID
  /// Names the authorization with which it was fetched, without containing it; empty for none.
  package let credential: String
  package let url: String
  /// What a request header chose among; empty for one representation.
  package let variant: String

  package init(realm: RealmID, credential: String, url: String, variant: String) {
    self.realm = realm
    self.credential = credential
    self.url = url
    self.variant = variant
  }
}

/// What an origin gave for a URL, last time.
package struct Fetch: Hashable, Sendable {
  package let key: FetchKey
  package let blob: BlobStat
  /// The `Content-Type`; empty if there was none.
  package let type: String
  /// For `If-None-Match`, as the origin wrote it.
  package let etag: String?
  /// For `If-Modified-Since`, as the origin wrote it.
  package let lastModified: String?
  /// Integrity values that these bytes were checked against, such as `sha384-…`; none contains a
  /// space.
  package let integrity: [String]
  /// Seconds since 1970 when the origin last gave or confirmed it.
  package let fetchedAt: Int64

  package init(
    key: FetchKey, blob: BlobStat, type: String, etag: String?, lastModified: String?,
    integrity: [String], fetchedAt: Int64
  ) {
    self.key = key
    self.blob = blob
    self.type = type
    self.etag = etag
    self.lastModified = lastModified
    self.integrity = integrity
    self.fetchedAt = fetchedAt
  }
}
