import Crypto
import FoundationEssentials
import LarderCore
import LarderOrigin
import LarderRegistry

/// What is fetched from an origin on behalf of a realm; equal ones share one flight.
struct SharedFetch: Sendable {
  let realm: RealmID
  let url: String
  /// Tells apart representations of one URL.
  var variant = ""
  /// The value of an `Authorization` header; it is part of the identity, so that nobody is given what was fetched with
  /// another's rights.
  var authorization: String?
  var expectedSize: Int64?
  var sizeMax: ByteCount?

  /// The key under which the registry remembers what came; it holds a hash of the authorization, never the value.
  var key: FetchKey {
    let credential = authorization.map {
      Hex.encode(Array(SHA256.hash(data: Data($0.utf8))))
    }
    return FetchKey(realm: realm, credential: credential ?? "", url: url, variant: variant)
  }

  func request(validators: Validators?, integrity: Integrity?) -> FetchRequest {
    FetchRequest(
      url: url, etag: validators?.entityTag, lastModified: validators?.lastModified,
      authorization: authorization, expectedSize: expectedSize.map { ByteCount($0) },
      sizeMax: sizeMax, integrity: integrity)
  }
}

/// What an origin is asked with, to learn whether it has something newer (RFC 9110, section 13).
struct Validators: Hashable, Sendable {
  var entityTag: String?
  var lastModified: String?
}
